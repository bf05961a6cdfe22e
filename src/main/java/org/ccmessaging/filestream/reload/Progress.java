package org.ccmessaging.filestream.reload;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.Folder.Reading;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.check.Finding.Level;
import org.ccmessaging.filestream.routes.check.Finding;
import org.ccmessaging.filestream.routes.check.Report;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes what the worker does: state, log, audit, metrics and the results of attempts. */
final class Progress {

    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);

    private static final int LONGEST = 300;
    private static final int MOST = 1_000;

    private final Seams seams;
    private final ActiveRoutes routes;
    private final Map<String, Instant> stages = new LinkedHashMap<>();
    private volatile Status published = Status.NONE;
    private Stage stage;
    private Attempt rejected;
    private Attempt untried;
    private String waits;

    Progress(Seams seams, ActiveRoutes routes) {
        this.seams = seams;
        this.routes = routes;
    }

    Status published() {
        return published;
    }

    /** Begins an attempt. The list of stages is new, unless one in progress or a canary is in it. */
    void begin() {
        if (stage == null && routes.canary() == null) {
            stages.clear();
        }
    }

    void stage(Stage next) {
        stage = next;
        note(next.progress());
        publish();
        LOG.debug("Edit of the routes: {}", next.progress());
    }

    /** Ends the attempt in progress. */
    void end() {
        stage = null;
        publish();
    }

    private void note(String stageOrOutcome) {
        stages.remove(stageOrOutcome);
        stages.put(stageOrOutcome, seams.now());
    }

    /** @param reason what the canary waits for; {@code null} while its time is not over */
    void waits(String reason) {
        waits = reason;
    }

    void publish() {
        Reading now = seams.folder().latest();
        Served active = routes.active();
        Served canary = routes.canary() == null ? null : routes.canary().served();
        boolean differ = differ(now, active);
        String reason = untried != null && untried.sha256().equals(now.sha256()) ? untried.messages().get(0) : null;
        String note = RoutesTexts.note(active.number(), seams.live(), canary == null ? differ : differ(now, canary),
                stage != null, now.unreadable(), reason);
        published = new Status(active, canary, canary == null ? null : routes.canary().secondsLeft(),
                canary == null ? null : waits, seams.generations().draining(), seams.live(), now.sha256(), differ,
                canary == null ? note : note == null ? routes.canary().state() : routes.canary().state() + " " + note,
                rejected, seams.history().newestFirst(),
                stage != null ? stage.progress() : canary != null ? Stage.CANARY.progress() : null,
                new LinkedHashMap<>(stages));
        seams.observer().show(published);
    }

    private static boolean differ(Reading now, Served generation) {
        return now.sha256() == null || !generation.isOf(now.sha256(), now.files());
    }

    /** Returns whether files wait for another attempt. */
    boolean isUntried() {
        return untried != null;
    }

    /** Notes that other files than those that waited are tried. */
    void forgetUntried() {
        untried = null;
    }

    Attempt result(Outcome outcome, Stage at, List<String> messages, Edit edit) {
        return result(outcome, at, messages, List.of(), edit.by(), sha256(edit), edit.start());
    }

    Attempt result(Outcome outcome, List<String> messages, String by, long start) {
        return result(outcome, null, messages, List.of(), by, null, start);
    }

    private Attempt result(Outcome outcome, Stage at, List<String> messages, List<String> sources, String by,
            String sha256, long start) {
        note(outcome == Outcome.CANARY ? Stage.CANARY.progress() : outcome.toString());
        return new Attempt(outcome, routes.active().number(), at, messages, sources, millisSince(start), seams.now(),
                by, sha256);
    }

    private static String sha256(Edit edit) {
        return edit.files() == null ? null : edit.files().sha256();
    }

    Attempt unchanged(Edit edit) {
        Served active = routes.active();
        if (rejected != null || routes.canary() != null) {
            LOG.info("The files in {} are those of the active generation {}", seams.directory(), active.number());
        }
        rejected = null;
        // An operator did something. A change of the files only takes an edit back.
        if (!edit.by().equals(Edit.FILE_CHANGE)) {
            seams.observer().audit("routes unchanged", "by", edit.by(), "generation",
                    Integer.toString(active.number()), "sha256", active.sha256());
        }
        return result(Outcome.UNCHANGED, null, List.of(), edit);
    }

    Attempt passed(Report report, Edit edit) {
        seams.observer().audit("routes checked", "by", edit.by(), "outcome", Outcome.PASSED.toString());
        return result(Outcome.PASSED, null, warnings(report), edit);
    }

    static List<String> warnings(Report report) {
        return report.findings(Level.WARNING).stream().map(Report::line).toList();
    }

    /** @param change as metrics name it */
    Attempt served(String change, List<String> messages, String by, long start) {
        Served active = routes.active();
        seams.observer().count(change);
        LOG.info("Generation {} of the routes serves after {} ms ({}; {} files, sha256 {})", active.number(),
                millisSince(start), by, active.files().size(), active.sha256());
        return result(Outcome.SERVES, messages, by, start);
    }

    Attempt watched(List<String> warnings, Edit edit) {
        Served first = routes.canary().served();
        rejected = null;
        LOG.info("Generation {} of the routes gets {} % of the sessions first, after {} ms ({}; sha256 {}), and"
                + " generation {} the others", first.number(), seams.percent(), millisSince(edit.start()), first.by(),
                first.sha256(), routes.active().number());
        return result(Outcome.CANARY, null, Stream.concat(Stream.of(routes.canary().state()), warnings.stream())
                .toList(), edit);
    }

    /** @param harm of a canary that has been withdrawn */
    void harmful(Served canary, String harm) {
        rejected = new Attempt(Outcome.ROLLED_BACK, routes.active().number(), Stage.CANARY, List.of(harm), List.of(),
                0, seams.now(), canary.by(), canary.sha256());
        note(Outcome.ROLLED_BACK.toString());
        seams.observer().count("rolled_back");
        LOG.warn("Generation {} of the routes is rolled back, and generation {} serves all sessions: {}. The files in"
                + " {} do not serve until they change again", canary.number(), routes.active().number(), harm,
                seams.directory());
    }

    Attempt rejected(Report report, Edit edit) {
        List<Finding> errors = report.findings(Level.ERROR).stream().limit(MOST).toList();
        Map<String, String> texts = edit.files().texts();
        return refused(Outcome.REJECTED, Stage.CHECK, errors.stream().map(Report::line).map(Progress::shortened)
                .toList(), errors.stream().map(each -> source(each, texts)).toList(), edit);
    }

    private static String shortened(String line) {
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    private static String source(Finding finding, Map<String, String> texts) {
        return finding.place().line() == 0 ? "" : texts.getOrDefault(finding.place().file().getFileName().toString(),
                "").lines().skip(finding.place().line() - 1).findFirst().orElse("").strip();
    }

    Attempt rejected(Stage at, String error, Edit edit) {
        return refused(Outcome.REJECTED, at, List.of(shortened(error)), List.of(), edit);
    }

    /** @param outcome untried or superseded */
    Attempt refused(Outcome outcome, String reason, Edit edit) {
        return refused(outcome, null, List.of(reason), List.of(), edit);
    }

    private Attempt refused(Outcome outcome, Stage at, List<String> messages, List<String> sources, Edit edit) {
        Attempt refused = result(outcome, at, messages, sources, edit.by(), sha256(edit), edit.start());
        seams.observer().audit("routes " + (edit.activate() ? "" : "checked and ") + outcome, "by", edit.by(), "stage",
                at == null ? null : at.toString(), "sha256", refused.sha256(), "reason", messages.get(0),
                "generation", Integer.toString(refused.generation()));
        if (edit.activate()) {
            rejected = outcome == Outcome.REJECTED ? refused : rejected;
            untried = outcome == Outcome.UNTRIED && edit.files() != null ? refused : untried;
            seams.observer().count(outcome.toString());
            (outcome == Outcome.SUPERSEDED ? LOG.atInfo() : LOG.atWarn()).log("The routes in {} are {}{} ({}), and"
                    + " generation {} stays active:\n{}", seams.directory(), outcome, at == null ? ""
                            : " at stage " + at, edit.by(), refused.generation(), String.join("\n", messages));
        }
        return refused;
    }

    /** Keeps a set out that was active for some sessions when the process before ended, or was rolled back then. */
    void keptOut(Served former, Edit edit) {
        rejected = new Attempt(Outcome.ROLLED_BACK, routes.active().number(), Stage.CANARY, List.of("generation "
                + former.number() + " had these files and was rolled back by " + former.endedBy()
                + ". `routes reload` activates them anyway"), List.of(), 0, seams.now(), edit.by(), former.sha256());
        seams.observer().count("rejected");
        LOG.warn("The routes in {} stay out, and generation {} serves: {}", seams.directory(),
                routes.active().number(), rejected.messages().get(0));
    }

    void failed(Throwable failure) {
        LOG.error("An operation on the routes in {} failed. Generation {} stays active, and the service continues to"
                + " watch the folder", seams.directory(), routes.active().number(), failure);
    }

    private long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(seams.nanoTime().getAsLong() - start);
    }
}
