package org.ccmessaging.filestream.reload;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.Edit.Kind;
import org.ccmessaging.filestream.reload.FolderWatch.Reading;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Stage;
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

    /** Time in which commands and pages read the outcome of a canary. */
    private static final Duration LONGEST_TO_READ = Duration.ofSeconds(5);

    private final Parts parts;
    private final ActiveRoutes routes;
    private final Map<String, Instant> stages = new LinkedHashMap<>();
    private volatile Status published = Status.NONE;
    private Stage stage;
    private Attempt rejected;
    private Attempt untried;
    private String ofCanary;

    Journal(Parts parts, ActiveRoutes routes) {
        this.parts = parts;
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
            Instant read = parts.now().minus(LONGEST_TO_READ);
            stages.entrySet().removeIf(each -> !each.getKey().equals(ofCanary) || each.getValue().isBefore(read));
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
    }

    private void note(String stageOrOutcome) {
        stages.remove(stageOrOutcome);
        stages.put(stageOrOutcome, parts.now());
    }

    void publish() {
        Reading now = parts.folder().latest();
        Served active = routes.active();
        Canary canary = routes.canary();
        boolean differ = now.differsFrom(active);
        String note = RoutesTexts.note(active.number(), parts.live(),
                canary == null ? differ : now.differsFrom(canary.served()), stage != null, now.unreadable(),
                untried != null && untried.sha256().equals(now.sha256()) ? untried.messages().get(0) : null);
        Long left = null;
        String waits = null;
        if (canary != null) {
            left = canary.secondsLeft();
            waits = left > 0 ? null : canary.verdict().text();
            note = canary.state() + (note == null ? "" : " " + note);
        }
        Stage shown = stage != null || canary == null ? stage : Stage.CANARY;
        published = new Status(active, canary == null ? null : canary.served(), left, waits, parts.serving().draining(),
                parts.live(), now.sha256(), differ, note, rejected, parts.history().newestFirst(),
                shown == null ? null : shown.progress(), new LinkedHashMap<>(stages));
        parts.meters().show(published);
    }

    /** Returns whether files wait for another attempt. */
    boolean isUntried() {
        return untried != null;
    }

    static List<String> warnings(Report report) {
        return report.findings(Level.WARNING).stream().map(Report::line).toList();
    }

    /** Reports a set that was active before: an older signed set is as valid as the newest one. */
    void returned(Served former) {
        LOG.warn("The routes in {} are those of generation {} again, which was active since {} (label {}, sha256 {})",
                parts.directory(), former.number(), former.since(), former.label(), former.sha256());
    }

    /** Gives an edit its only result. */
    private Attempt result(Edit edit, Outcome outcome, Stage at, List<String> messages, List<String> sources) {
        Attempt result = new Attempt(outcome, routes.active().number(), at, messages, sources, TimeUnit.NANOSECONDS
                .toMillis(parts.nanoTime().getAsLong() - edit.start()), parts.now(), edit.by(), edit.sha256());
        note(outcome == Outcome.CANARY ? Stage.CANARY.progress() : outcome.toString());
        ofCanary = edit.kind() == Kind.VERDICT ? outcome.toString() : ofCanary;
        if (!edit.isCheck()) {
            rejected = outcome == Outcome.REJECTED || outcome == Outcome.ROLLED_BACK ? result
                    : edit.isLoad() && !outcome.isFailure() ? null : rejected;
            untried = outcome == Outcome.UNTRIED && edit.files() != null ? result
                    : edit.isLoad() || edit.kind() == Kind.ROLLBACK ? null : untried;
            count(outcome, edit.kind());
        }
        return result;
    }

    private void count(Outcome outcome, Kind kind) {
        switch (outcome) {
            case SERVES -> parts.meters().count(kind == Kind.ROLLBACK ? "undone" : "serves");
            // A start that keeps a set out rolls nothing back.
            case ROLLED_BACK -> parts.meters().count(kind == Kind.VERDICT ? "rolled_back" : "rejected");
            case REJECTED, UNTRIED, SUPERSEDED -> parts.meters().count(outcome.toString());
            default -> { }
        }
    }

    /**
     * Ends an edit that changes nothing, because what it wanted is so already.
     *
     * @param outcome unchanged, or canary
     */
    Attempt same(Edit edit, Outcome outcome, List<String> messages) {
        Served wanted = outcome == Outcome.CANARY ? routes.canary().served() : routes.active();
        // An operator did something. A change of the files only takes an edit back.
        if (!edit.by().equals(Edit.FILE_CHANGE)) {
            audit("routes unchanged", edit, "generation", Integer.toString(wanted.number()), "sha256",
                    wanted.sha256());
        }
        LOG.info("Generation {} of the routes stays ({}; sha256 {})", wanted.number(), edit.by(), wanted.sha256());
        return result(edit, outcome, null, messages, List.of());
    }

    Attempt passed(Edit edit, Report report) {
        audit("routes checked", edit, "outcome", Outcome.PASSED.toString());
        return result(edit, Outcome.PASSED, null, warnings(report), List.of());
    }

    /** Ends an edit whose generation is active now, or the canary. */
    Attempt changed(Edit edit, List<String> messages) {
        Canary canary = routes.canary();
        Served next = canary == null ? routes.active() : canary.served();
        Attempt changed = canary == null ? result(edit, Outcome.SERVES, null, messages, List.of())
                : result(edit, Outcome.CANARY, null, Stream.concat(Stream.of(canary.state()), messages.stream())
                        .toList(), List.of());
        LOG.info("Generation {} of the routes {} after {} ms ({}; {} files, sha256 {})", next.number(), canary == null
                ? "serves" : "gets " + parts.percent() + " % of the sessions first,", changed.millis(), edit.by(),
                next.files().size(), next.sha256());
        return changed;
    }

    /** Ends an edit whose files stay out: the verdict of a canary, or a start with files that were rolled back. */
    Attempt rolledBack(Edit edit, Served generation, String reason) {
        LOG.warn("Generation {} of the routes is rolled back, and generation {} serves all sessions: {}. The files in"
                + " {} do not serve until they change again, or `routes reload`", generation.number(),
                routes.active().number(), reason, parts.directory());
        return result(edit, Outcome.ROLLED_BACK, Stage.CANARY, List.of(reason), List.of());
    }

    Attempt rejected(Edit edit, Report report) {
        List<Finding> errors = report.findings(Level.ERROR).stream().limit(MOST).toList();
        return refused(edit, Outcome.REJECTED, Stage.CHECK, errors.stream().map(Report::line).toList(),
                Report.sources(errors, edit.files()));
    }

    /** @param outcome rejected, untried or superseded */
    Attempt refused(Edit edit, Outcome outcome, Stage at, String reason) {
        return refused(edit, outcome, at, List.of(reason), List.of());
    }

    private Attempt refused(Edit edit, Outcome outcome, Stage at, List<String> messages, List<String> sources) {
        List<String> lines = messages.stream().map(each -> LogText.visible(each, LONGEST)).toList();
        Attempt refused = result(edit, outcome, at, lines, sources);
        String what = edit.isCheck() ? "checked" : outcome == Outcome.UNTRIED ? "not tried" : outcome.toString();
        if (!edit.isCheck()) {
            (outcome == Outcome.SUPERSEDED ? LOG.atInfo() : LOG.atWarn()).log("The routes in {} are {}{} ({}), and"
                    + " generation {} stays active:\n{}", parts.directory(), what, at == null ? "" : " at stage " + at,
                    edit.by(), refused.generation(), String.join("\n", lines));
        }
        audit("routes " + what, edit, "outcome", edit.isCheck() ? outcome.toString() : null, "stage",
                at == null ? null : at.toString(), "sha256", refused.sha256(), "reason", lines.get(0),
                "generation", Integer.toString(refused.generation()));
        return refused;
    }

    private void audit(String event, Edit edit, String... namesAndTexts) {
        parts.audit().write(event, Stream.concat(Stream.of("by", edit.by()), Stream.of(namesAndTexts))
                .toArray(String[]::new));
    }

    void failed(Throwable failure) {
        LOG.error("An operation on the routes in {} failed. Generation {} stays active, and the service continues to"
                + " watch the folder", parts.directory(), routes.active().number(), failure);
    }

    Attempt failed(Edit edit, Throwable failure) {
        failed(failure);
        return result(edit, Outcome.FAILED, null, List.of(failure.toString()), List.of());
    }
}
