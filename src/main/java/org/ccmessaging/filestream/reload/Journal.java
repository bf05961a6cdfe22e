package org.ccmessaging.filestream.reload;

import java.time.Duration;
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
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes what the worker does: state, log, audit, metrics and the results of attempts. */
final class Journal {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private static final int LONGEST = 300;
    private static final int MOST = 1_000;

    /** Time in which commands and pages read what a canary came to. */
    private static final Duration LONGEST_TO_READ = Duration.ofSeconds(5);

    private final Seams seams;
    private final ActiveRoutes routes;
    private final Map<String, Instant> stages = new LinkedHashMap<>();
    private volatile Status published = Status.NONE;
    private Stage stage;
    private Attempt rejected;
    private Attempt untried;
    private String waits;
    private String ofCanary;

    Journal(Seams seams, ActiveRoutes routes) {
        this.seams = seams;
        this.routes = routes;
    }

    Status published() {
        return published;
    }

    /**
     * Begins an attempt. The list of stages is new, unless one in progress or a canary is in it. Of a canary that has
     * just ended, the outcome stays, because nobody may have read it yet.
     */
    void begin() {
        if (stage == null && routes.canary() == null) {
            Instant read = seams.now().minus(LONGEST_TO_READ);
            stages.entrySet().removeIf(each -> !each.getKey().equals(ofCanary) || each.getValue().isBefore(read));
        }
    }

    /** @param outcome of the canary, which nobody has ended */
    void canaryEnded(Outcome outcome) {
        ofCanary = outcome.toString();
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

    /** @param reason what the canary waits for, for people */
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
        Long left = canary == null ? null : routes.canary().secondsLeft();
        String state = canary == null ? "" : routes.canary().state();
        published = new Status(active, canary, left, left == null || left > 0 ? null : waits,
                seams.serving().draining(), seams.live(), now.sha256(), differ,
                canary == null ? note : note == null ? state : state + " " + note, rejected,
                seams.history().newestFirst(),
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

    private Attempt result(Outcome outcome, List<String> messages, Edit edit) {
        return result(outcome, null, messages, List.of(), edit);
    }

    private Attempt result(Outcome outcome, Stage at, List<String> messages, List<String> sources, Edit edit) {
        note(outcome == Outcome.CANARY ? Stage.CANARY.progress() : outcome.toString());
        return new Attempt(outcome, routes.active().number(), at, messages, sources, millisSince(edit.start()),
                seams.now(), edit.by(), edit.sha256());
    }

    /** @param canary whether the edit ended a canary */
    Attempt unchanged(boolean canary, Edit edit) {
        Served active = routes.active();
        if (rejected != null || canary) {
            LOG.info("The files in {} are those of the active generation {}", seams.directory(), active.number());
        }
        rejected = null;
        return same(Outcome.UNCHANGED, active, List.of(), edit);
    }

    /** @param generation which an edit wanted, and which serves already */
    Attempt same(Outcome outcome, Served generation, List<String> messages, Edit edit) {
        // An operator did something. A change of the files only takes an edit back.
        if (!edit.by().equals(Edit.FILE_CHANGE)) {
            audit("routes unchanged", edit, "generation", Integer.toString(generation.number()), "sha256",
                    generation.sha256());
        }
        return result(outcome, messages, edit);
    }

    Attempt passed(Report report, Edit edit) {
        audit("routes checked", edit, "outcome", Outcome.PASSED.toString());
        return result(Outcome.PASSED, warnings(report), edit);
    }

    static List<String> warnings(Report report) {
        return report.findings(Level.WARNING).stream().map(Report::line).toList();
    }

    /** Reports a set that was active before: an older signed set is as valid as the newest one. */
    void returned(Served former) {
        LOG.warn("The routes in {} are those of generation {} again, which was active since {} (label {}, sha256 {})",
                seams.directory(), former.number(), former.since(), former.label(), former.sha256());
    }

    /** @param change as metrics name it */
    Attempt served(String change, List<String> messages, Edit edit) {
        Served active = routes.active();
        rejected = edit.kind() == Edit.Kind.URGENT ? rejected : null;
        seams.observer().count(change);
        LOG.info("Generation {} of the routes serves after {} ms ({}; {} files, sha256 {})", active.number(),
                millisSince(edit.start()), edit.by(), active.files().size(), active.sha256());
        return result(Outcome.SERVES, messages, edit);
    }

    Attempt watched(List<String> warnings, Edit edit) {
        Served first = routes.canary().served();
        rejected = null;
        LOG.info("Generation {} of the routes gets {} % of the sessions first, after {} ms ({}; sha256 {}), and"
                + " generation {} the others", first.number(), seams.percent(), millisSince(edit.start()), first.by(),
                first.sha256(), routes.active().number());
        return result(Outcome.CANARY, Stream.concat(Stream.of(routes.canary().state()), warnings.stream()).toList(),
                edit);
    }

    /** @param harm of a canary that has been withdrawn */
    void rolledBack(Served canary, String harm) {
        note(Outcome.ROLLED_BACK.toString());
        seams.observer().count("rolled_back");
        keepOut(canary.by(), canary, harm);
    }

    /** Keeps a set out of a start that was rolled back, or a canary at the end of the process. */
    void keptOut(Served former, Edit edit) {
        seams.observer().count(Outcome.REJECTED.toString());
        keepOut(edit.by(), former, former.endedBy() + " decided against generation " + former.number()
                + ", which had these files");
    }

    private void keepOut(String by, Served generation, String reason) {
        rejected = new Attempt(Outcome.ROLLED_BACK, routes.active().number(), Stage.CANARY, List.of(reason),
                List.of(), 0, seams.now(), by, generation.sha256());
        LOG.warn("Generation {} of the routes is rolled back, and generation {} serves all sessions: {}. The files in"
                + " {} do not serve until they change again, or `routes reload`", generation.number(),
                routes.active().number(), reason, seams.directory());
    }

    Attempt rejected(Report report, Edit edit) {
        List<Finding> errors = report.findings(Level.ERROR).stream().limit(MOST).toList();
        return refused(Outcome.REJECTED, Stage.CHECK, errors.stream().map(Report::line).map(Journal::shortened)
                .toList(), Report.sources(errors, edit.files()), edit);
    }

    private static String shortened(String line) {
        return LogText.visible(line, LONGEST);
    }

    Attempt rejected(Stage at, String error, Edit edit) {
        return refused(Outcome.REJECTED, at, List.of(shortened(error)), List.of(), edit);
    }

    /** @param outcome untried or superseded */
    Attempt refused(Outcome outcome, String reason, Edit edit) {
        return refused(outcome, null, List.of(reason), List.of(), edit);
    }

    private Attempt refused(Outcome outcome, Stage at, List<String> messages, List<String> sources, Edit edit) {
        Attempt refused = result(outcome, at, messages, sources, edit);
        String what = edit.isCheck() ? "checked" : outcome == Outcome.UNTRIED ? "not tried" : outcome.toString();
        if (!edit.isCheck()) {
            rejected = outcome == Outcome.REJECTED ? refused : rejected;
            untried = outcome == Outcome.UNTRIED && edit.files() != null ? refused : untried;
            seams.observer().count(outcome.toString());
            (outcome == Outcome.SUPERSEDED ? LOG.atInfo() : LOG.atWarn()).log("The routes in {} are {}{} ({}), and"
                    + " generation {} stays active:\n{}", seams.directory(), what, at == null ? "" : " at stage " + at,
                    edit.by(), refused.generation(), String.join("\n", messages));
        }
        audit("routes " + what, edit, "outcome", edit.isCheck() ? outcome.toString() : null, "stage",
                at == null ? null : at.toString(), "sha256", refused.sha256(), "reason", messages.get(0),
                "generation", Integer.toString(refused.generation()));
        return refused;
    }

    private void audit(String event, Edit edit, String... namesAndTexts) {
        seams.observer().audit(event, Stream.concat(Stream.of("by", edit.by()), Stream.of(namesAndTexts))
                .toArray(String[]::new));
    }

    void failed(Throwable failure) {
        LOG.error("An operation on the routes in {} failed. Generation {} stays active, and the service continues to"
                + " watch the folder", seams.directory(), routes.active().number(), failure);
    }

    Attempt failed(Throwable failure, Edit edit) {
        failed(failure);
        return result(Outcome.FAILED, List.of(failure.toString()), edit);
    }

    private long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(seams.nanoTime().getAsLong() - start);
    }
}
