package org.ccmessaging.filestream.reload;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.testing.Rehearsal;

/**
 * The state of the active routes, and the operations on them. The records are also the JSON of
 * {@code /actuator/routes}, which the commands read, and of the history on disk.
 */
public interface LiveRoutes {

    /** The header {@code User-Agent} of the commands that talk to a running service. */
    String COMMAND = "ccmessaging-filestream-routes";

    /** Returns the last published state. It never waits, and does not read the folder. */
    Status status();

    /**
     * Checks the files in the folder and changes nothing.
     *
     * @param by who wants it, such as {@code console user admin}
     */
    Attempt check(String by);

    /** Activates the files in the folder, as a change of the files does. Active files are no change. */
    default Attempt reload(String by) {
        return reload(by, false);
    }

    /** @param accept whether files are activated without a canary, and also if they lose requests in the rehearsal */
    Attempt reload(String by, boolean accept);

    /**
     * Activates the files of an older generation as a new generation, and ends a trial in progress. The new generation
     * stays until the files change again.
     *
     * @param number of a generation in the history
     * @throws IllegalArgumentException if the history has no such generation
     */
    Attempt rollback(int number, String by);

    /** Gives the canary to all sessions. Without a canary, nothing changes. */
    Attempt promote(String by);

    /**
     * Returns a test of one request of the last rehearsal, as test files have it. It names the customer's file.
     *
     * @param group the number of a line of {@link Status#rehearsal}
     * @throws IllegalArgumentException if there is no such group
     */
    String rehearsalTest(int group, String by);

    /**
     * A generation: a set of route files that is or was active.
     *
     * @param number counts up from 1
     * @param sha256 of its files
     * @param since when it was activated
     * @param by who or what activated it: {@code start}, {@code file change}, {@code console user admin},
     *     {@code command user admin}, {@code watch}
     * @param label the deployer's name of the files at startup ({@code filestream.routes.label}); {@code null} for
     *     files that came later
     * @param backTo the number of the generation that had these files first, if this one comes from a rollback;
     *     otherwise {@code null}
     * @param withdrawn true if it was a canary that was never activated; otherwise {@code null}
     * @param files the text of each file by its name; {@code null} where a command reads a history
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Served(int number, String sha256, Instant since, String by, String label, Integer backTo, Boolean withdrawn,
            Map<String, String> files) {

        Served withdraw() {
            return new Served(number, sha256, since, by, label, backTo, true, files);
        }

        boolean isOf(String otherSha256, RouteFiles routes) {
            return sha256.equals(otherSha256) && List.copyOf(files.keySet()).equals(routes.names());
        }

        /** Returns the number of the generation that had these files first. */
        int origin() {
            return backTo == null ? number : backTo;
        }
    }

    /**
     * A set that was not activated, or was rolled back.
     *
     * @param by who or what wanted it
     * @param stage where it ended: {@code check}, {@code try}, {@code rehearsal}, {@code start} or {@code canary}
     * @param sha256 of its files
     * @param errors a line each, with file and line where known
     * @param sources the text of the line that each error of the check names; empty at other stages
     */
    record Rejection(Instant at, String by, String stage, String sha256, List<String> errors, List<String> sources) {
    }

    /**
     * The state of the routes at one moment.
     *
     * @param serving the active generation
     * @param canary the generation that a share of the sessions gets first; {@code null} outside a canary
     * @param draining numbers of generations that end their last requests
     * @param live whether the service loads changed files automatically ({@code filestream.routes.live-reload})
     * @param filesSha256 of the files in the folder now; {@code null} if they cannot be loaded
     * @param filesDiffer whether the folder holds other files than those of the active generation
     * @param note explains to people what follows from that; {@code null} if they do not differ
     * @param rejected the last set that was rejected or rolled back; {@code null} after a later one was activated
     * @param history the last generations, the newest first; as JSON without their files
     * @param stages when each stage of the attempt in progress, or of the last one, began: {@code checking},
     *     {@code trying 34 of 91}, {@code rehearsing}, {@code starting}, {@code watching}, and the outcome
     * @param rehearsal the rehearsal of the last edit, as {@link Rehearsal#lines} shows it; empty without one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Status(Served serving, @JsonIgnoreProperties("files") Served canary, List<Integer> draining, boolean live,
            String filesSha256, boolean filesDiffer, String note, Rejection rejected,
            @JsonIgnoreProperties("files") List<Served> history, Map<String, Instant> stages, List<String> rehearsal) {

        /** The stages of an attempt in progress. The last one may be an outcome instead. */
        public static final String CHECKING = "checking";
        public static final String TRYING = "trying";
        public static final String REHEARSING = "rehearsing";
        static final String STARTING = "starting";
        static final String WATCHING = "watching";

        /** The state before the first generation. */
        static final Status NONE = new Status(new Served(0, "", Instant.EPOCH, "", null, null, null, Map.of()), null,
                List.of(), false, null, false, null, null, List.of(), Map.of(), List.of());

        /** Returns whether the last of these stages checks or tries a set. */
        static boolean isTrying(Map<String, Instant> stages) {
            return Stream.of(CHECKING, TRYING, REHEARSING).anyMatch(last(stages)::startsWith);
        }

        private static String last(Map<String, Instant> stages) {
            return stages.keySet().stream().reduce("", (before, after) -> after);
        }

        /** Returns the current stage; {@code null} if no attempt is in progress. */
        public String stage() {
            String last = last(stages);
            return isTrying(stages) || last.equals(STARTING) || last.equals(WATCHING) ? last : null;
        }

        /** Returns the stages in lines to read. */
        public List<String> progress() {
            return stages.entrySet().stream().map(each -> each.getValue() + "  " + each.getKey()).toList();
        }

        /**
         * Returns the {@link #note()}.
         *
         * @param trying whether the service checks or tries a set now
         * @param unreadable why the files in the folder cannot be loaded; {@code null} if they can
         * @param untried why they could not be tried, through no fault of theirs; {@code null} if they were tried, or
         *     nobody wanted it yet
         */
        public static String note(int serving, boolean live, boolean filesDiffer, boolean trying, String unreadable,
                String untried) {
            String stays = "Generation " + serving + " stays active";
            String other = "The folder holds other files than those that serve. ";
            return unreadable != null ? "The files in the folder cannot be loaded: " + unreadable + ". " + stays + "."
                    : filesDiffer && trying ? other + "The service checks and tries a set now. " + stays + " meanwhile."
                    : untried != null ? "The files in the folder are not tried yet: " + untried + ". " + stays + ". "
                            + (live ? "The service tries them again every minute." : "Reload them when there is room.")
                    : filesDiffer ? other + "Generation " + serving + " stays until "
                            + (live ? "the files change again or " : "")
                            + "somebody reloads them. A restart loads them too."
                    : null;
        }

        /** Returns it in lines to read. */
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            add(lines, "generation", serving.number() + ", since " + serving.since() + ", by " + serving.by());
            add(lines, "sha256", serving.sha256());
            add(lines, "canary", canary == null ? null : "generation " + canary.number() + ", since " + canary.since()
                    + ", by " + canary.by());
            add(lines, "label", serving.label());
            add(lines, "files", String.join(", ", serving.files().keySet()));
            add(lines, "live reload", live ? "on" : "off");
            add(lines, "draining", draining.isEmpty() ? null : numbers(draining));
            add(lines, "stage", stage());
            add(lines, "note", note);
            boolean told = rejected != null && rejected.errors().containsAll(rehearsal);
            for (int i = 0; i < rehearsal.size() && !told; i++) {
                add(lines, i == 0 ? "rehearsal" : "", rehearsal.get(i));
            }
            if (rejected != null) {
                add(lines, "rejected", "at stage " + rejected.stage() + ", " + rejected.at() + ", by " + rejected.by());
                rejected.errors().forEach(error -> add(lines, "", error));
            }
            return lines;
        }

        private static void add(List<String> lines, String name, String value) {
            if (value != null) {
                lines.add(String.format("%-13s%s", name, value));
            }
        }

        /** Returns the history in lines to read. */
        public List<String> rows() {
            return history.stream().map(each -> String.format("%4d  %s  %.12s  %s%s%s", each.number(), each.since(),
                    each.sha256(), each.by(), each.label() == null ? "" : ", label " + each.label(),
                    each.number() == serving.number() ? "  (serves)"
                            : canary != null && each.number() == canary.number() ? "  (canary)"
                            : each.withdrawn() != null ? "  (withdrawn)" : "")).toList();
        }

        /** @throws IllegalArgumentException if the history has no generation of that number */
        public Served generation(String number) {
            return history.stream().filter(served -> String.valueOf(served.number()).equals(number)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no generation " + number
                            + "; the last ones: " + numbers(history.stream().map(Served::number).toList())));
        }

        /** Returns numbers of generations as text. */
        private static String numbers(List<Integer> numbers) {
            return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }

        /**
         * Returns the generation before the active one that had other files, or the active one during a canary.
         * Repeated rollbacks step back further, and skip what an operator or the service has undone.
         *
         * @throws IllegalStateException if the history has none
         */
        public Served before() {
            if (canary != null) {
                return serving;
            }
            int below = serving.origin();
            for (Served each : history) {
                if (each.number() < below && each.withdrawn() == null) {
                    if (!each.sha256().equals(serving.sha256())) {
                        return each;
                    }
                    below = each.origin();
                }
            }
            throw new IllegalStateException("the history has no generation with other files that served before and was"
                    + " not undone. `routes history` lists all, and `routes rollback N` goes back to any of them");
        }
    }

    /**
     * The result of an operation.
     *
     * @param outcome {@code serves}, {@code canary} if some sessions get the files first, {@code unchanged},
     *     {@code rejected}, {@code untried} if the files could not be read, the machine had no room to try them or the
     *     service stops, {@code superseded} if they changed or a rollback came while they were tried, or {@code passed}
     *     of a check
     * @param generation the number of the active generation
     * @param stage of a rejection, as in {@link Rejection}; otherwise {@code null}
     * @param messages errors and warnings, a line each
     */
    record Attempt(String outcome, int generation, String stage, List<String> messages, long millis) {

        /** Returns whether the files of the folder are not active, or may not be activated. */
        public boolean failed() {
            return List.of("rejected", "untried", "superseded").contains(outcome);
        }

        /** Returns it in lines to read: the outcome first, then each message. */
        public List<String> lines() {
            String stays = ": generation " + generation + " stays active";
            String first = switch (outcome) {
                case "serves" -> "generation " + generation + " serves";
                case "canary" -> "a canary serves beside generation " + generation;
                case "unchanged" -> "no change: generation " + generation + " serves these files";
                case "untried" -> "not tried" + stays;
                case "superseded" -> outcome + stays;
                case "rejected" -> outcome + " at stage " + stage + stays;
                default -> outcome;
            };
            return Stream.concat(Stream.of(first + String.format(Locale.ROOT, " (%.1f s)", millis / 1e3)),
                    messages.stream()).toList();
        }
    }
}
