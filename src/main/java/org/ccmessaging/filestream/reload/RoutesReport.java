package org.ccmessaging.filestream.reload;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Rejection;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;

/**
 * The state of the routes as {@code /actuator/routes} shows it and commands read it.
 *
 * @param serving the generation that serves, with its files
 * @param draining numbers of generations that end their last requests
 * @param live whether a change of the files is loaded by itself
 * @param filesSha256 of the files in the folder; {@code null} if they cannot be loaded
 * @param filesDiffer whether the folder holds something else than what serves
 * @param note says what follows from that; {@code null} if they do not differ
 * @param rejected the last set that was rejected or rolled back; {@code null} if there is none
 * @param history the last generations, the newest first, without their files
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RoutesReport(Generation serving, List<Integer> draining, boolean live, String filesSha256,
        boolean filesDiffer, String note, Rejection rejected, List<Generation> history) {

    /** The header {@code User-Agent} of the commands that talk to a running service. */
    public static final String COMMAND = "ccmessaging-filestream-routes";

    private static final double MILLIS = 1e3;

    /**
     * A generation.
     *
     * @param number counts up from 1
     * @param sha256 of its files
     * @param since when it began to serve
     * @param by who or what made it
     * @param label what the deployer calls the files of the startup; {@code null} for other files
     * @param backTo the number of the generation that had these files first, if an operator or the watch undid what
     *     came after it; otherwise {@code null}
     * @param files the text of each file by its name; {@code null} in a history
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Generation(int number, String sha256, Instant since, String by, String label, Integer backTo,
            Map<String, String> files) {

        /** With the texts of its files. */
        public static Generation of(Served served) {
            return new Generation(served.number(), served.sha256(), seconds(served.since()), served.by(),
                    served.label(), served.backTo(), served.texts());
        }

        /** This generation in one line, without its number. */
        public String line() {
            return "since=" + since + " by=" + by + (label == null ? "" : " label=" + label) + " sha256=" + sha256;
        }

        private Generation withoutFiles() {
            return new Generation(number, sha256, since, by, label, backTo, null);
        }
    }

    /** Returns the state of the routes now. */
    public static RoutesReport of(LiveRoutes live) {
        Status status = live.status();
        return new RoutesReport(Generation.of(status.serving()), status.draining(), status.live(),
                status.filesSha256(), status.filesDiffer(), status.note(), status.rejected(),
                status.history().stream().map(served -> Generation.of(served).withoutFiles()).toList());
    }

    /** A time to read. */
    public static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** A rejection in one line. */
    public static String line(Rejection rejected) {
        return "at=" + seconds(rejected.at()) + " stage=" + rejected.stage() + " by=" + rejected.by() + " sha256="
                + rejected.sha256() + " errors=" + String.join(" | ", rejected.errors());
    }

    /** What came of an operation, in lines to read: the outcome first, then each message. */
    public static List<String> lines(Attempt attempt) {
        String seconds = String.format(Locale.ROOT, " (%.1f s)", attempt.millis() / MILLIS);
        String outcome = switch (attempt.outcome()) {
            case "serves" -> "generation " + attempt.generation() + " serves";
            case "unchanged" -> "no change: generation " + attempt.generation() + " serves these files";
            case "passed" -> "passed";
            case "untried" -> "not tried: generation " + attempt.generation() + " goes on serving";
            case "superseded" -> "superseded: generation " + attempt.generation() + " goes on serving";
            default -> attempt.outcome() + " at stage " + attempt.stage() + ": generation " + attempt.generation()
                    + " goes on serving";
        };
        return Stream.concat(Stream.of(outcome + seconds), attempt.messages().stream()).toList();
    }
}
