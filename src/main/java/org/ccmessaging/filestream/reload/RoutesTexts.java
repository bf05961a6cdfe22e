package org.ccmessaging.filestream.reload;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;

/** The texts about live routes that people read in terminal, log and page. */
public final class RoutesTexts {

    static final String NOTHING_BEFORE = "the history has no generation with other files that served before and was"
            + " not rolled back. `routes history` lists all, and `routes rollback N` goes back to any of them";

    private static final String OTHER = "The folder holds other files than those that serve. ";

    private RoutesTexts() {
    }

    /** Returns the result of an operation in lines: the outcome first, then each message. */
    public static List<String> lines(Attempt attempt) {
        String stays = ": generation " + attempt.generation() + " stays active";
        String first = switch (attempt.outcome()) {
            case SERVES -> "generation " + attempt.generation() + " serves";
            case CANARY -> "a canary serves beside generation " + attempt.generation();
            case UNCHANGED -> "no change: generation " + attempt.generation() + " serves these files";
            case UNTRIED -> "not tried" + stays;
            case SUPERSEDED -> "superseded" + stays;
            case REJECTED -> "rejected at stage " + attempt.stage() + stays;
            case PASSED, ROLLED_BACK, FAILED -> attempt.outcome().toString();
        };
        return Stream.concat(Stream.of(first + String.format(Locale.ROOT, " (%.1f s)", attempt.millis() / 1e3)),
                attempt.messages().stream()).toList();
    }

    /** Returns the state in lines. */
    public static List<String> lines(Status status) {
        List<String> lines = new ArrayList<>();
        Served serving = status.serving();
        add(lines, "generation", serving.number() + ", since " + serving.since() + ", by " + serving.by());
        add(lines, "sha256", serving.sha256());
        Served canary = status.canary();
        add(lines, "canary", canary == null ? null : "generation " + canary.number() + ", since " + canary.since()
                + ", by " + canary.by());
        add(lines, "label", serving.label());
        add(lines, "files", String.join(", ", serving.files().keySet()));
        add(lines, "live reload", status.live() ? "on" : "off");
        add(lines, "draining", status.draining().isEmpty() ? null : numbers(status.draining()));
        add(lines, "stage", status.stage());
        add(lines, "note", status.note());
        Attempt rejected = status.rejected();
        if (rejected != null) {
            boolean former = status.filesSha256() != null && !status.filesSha256().equals(rejected.sha256());
            add(lines, rejected.outcome().toString(), "at stage " + rejected.stage() + ", " + rejected.at() + ", by "
                    + rejected.by() + (former ? ", files that the folder holds no more" : ""));
            rejected.messages().forEach(error -> add(lines, "", error));
        }
        return lines;
    }

    private static void add(List<String> lines, String name, String value) {
        if (value != null) {
            lines.add(String.format("%-13s%s", name, value));
        }
    }

    /** Returns the stages and outcomes of the last attempts in lines. */
    public static List<String> progress(Status status) {
        return status.stages().entrySet().stream().map(each -> each.getValue() + "  " + each.getKey()).toList();
    }

    /** Returns the history in lines. */
    public static List<String> history(Status status) {
        return status.history().stream().map(each -> String.format("%4d  %s  %.12s  %s%s%s", each.number(),
                each.since(), each.sha256(), each.by(), each.label() == null ? "" : ", label " + each.label(),
                state(each))).toList();
    }

    private static String state(Served each) {
        return each.state() == null || each.state() == LiveRoutes.State.FORMER ? ""
                : "  (" + (each.state() == LiveRoutes.State.ACTIVE ? "serves" : each.state())
                        + (each.endedBy() == null ? ")" : " by " + each.endedBy() + ")");
    }

    /**
     * Returns the note of a state; {@code null} without one.
     *
     * @param unreadable why the files in the folder cannot be loaded; {@code null} if they can
     * @param untried why they could not be checked, through no fault of theirs; otherwise {@code null}
     */
    static String note(int serving, boolean live, boolean filesDiffer, boolean checking, String unreadable,
            String untried) {
        String stays = "Generation " + serving + " stays active";
        return unreadable != null ? "The files in the folder cannot be loaded: " + unreadable + ". " + stays + "."
                : filesDiffer && checking ? OTHER + "The service checks them now. " + stays + " meanwhile."
                : untried != null ? "The files in the folder are not tried yet: " + untried + ". " + stays + ". "
                        + (live ? "The service tries them again every minute." : "Reload them later.")
                : filesDiffer ? OTHER + "Generation " + serving + " stays until "
                        + (live ? "the files change again or " : "") + "somebody reloads them."
                : null;
    }

    static String noGeneration(String number, List<Served> history) {
        return "there is no generation " + number + "; the last ones: "
                + numbers(history.stream().map(Served::number).toList());
    }

    private static String numbers(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
