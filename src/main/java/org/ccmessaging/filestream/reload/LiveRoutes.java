package org.ccmessaging.filestream.reload;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.routes.RouteFiles;

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

    /** @param accept whether files are activated without a canary */
    Attempt reload(String by, boolean accept);

    /**
     * Activates the files of an older generation as a new generation, and ends an attempt in progress. The new
     * generation stays until the files change again.
     *
     * @param number of a generation in the history
     * @throws IllegalArgumentException if the history has no such generation
     */
    Attempt rollback(int number, String by);

    /** Gives the canary to all sessions. Without a canary, nothing changes. */
    Attempt promote(String by);

    /** The stages of an edit. */
    enum Stage {

        CHECK("checking"),
        START("starting"),
        CANARY("watching");

        private final String progress;

        Stage(String progress) {
            this.progress = progress;
        }

        @Override
        @JsonValue
        public String toString() {
            return Outcome.word(this);
        }

        /** Returns the stage as the service names it while it lasts. */
        public String progress() {
            return progress;
        }
    }

    /** The states of a generation in the history. */
    enum State {

        /** Some sessions get it first, or it starts. */
        CANARY,

        ACTIVE,

        /** A later generation has taken its place. */
        FORMER,

        /** Another edit replaced the canary, or its files or the service went away. */
        WITHDRAWN,

        /** An operator, the canary, or the end of the process decided against it. */
        ROLLED_BACK;

        @Override
        @JsonValue
        public String toString() {
            return Outcome.word(this);
        }
    }

    /**
     * A generation: a set of route files that is or was active, or was to be.
     *
     * @param number counts up from 1
     * @param sha256 of its files
     * @param since when it was activated, or got its first sessions
     * @param by who or what activated it: {@code start}, {@code file change}, {@code console user admin},
     *     {@code command user admin}
     * @param label the deployer's name of the files at startup ({@code filestream.routes.label}); {@code null} for
     *     files that came later
     * @param backTo the number of the generation that had these files first, if this one comes from a rollback;
     *     otherwise {@code null}
     * @param withdrawn true if it was a canary that was never activated; otherwise {@code null}
     * @param state {@code null} in the history of an older version
     * @param endedBy who or what rolled it back or withdrew it; otherwise {@code null}
     * @param files the text of each file by its name; {@code null} where a command reads a history
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Served(int number, String sha256, Instant since, String by, String label, Integer backTo, Boolean withdrawn,
            State state, String endedBy, Map<String, String> files) {

        static Served of(int number, RouteFiles files, Instant now, String by, String label, Integer backTo) {
            return new Served(number, files.sha256(), now, by, label, backTo, null, State.CANARY, null, files.texts());
        }

        Served active(Instant now) {
            return new Served(number, sha256, now, by, label, backTo, null, State.ACTIVE, null, files);
        }

        Served labelled(String name) {
            return new Served(number, sha256, since, by, name, backTo, withdrawn, state, endedBy, files);
        }

        /** @param who {@code null} for the usual end of an active generation */
        Served ended(State end, String who) {
            return new Served(number, sha256, since, by, label, backTo, wasActive() ? null : Boolean.TRUE, end, who,
                    files);
        }

        /** Returns whether all sessions have had it. */
        public boolean wasActive() {
            return withdrawn == null && state != State.CANARY;
        }

        boolean isOf(RouteFiles routes) {
            return isOf(routes.sha256(), routes);
        }

        boolean isOf(String otherSha256, RouteFiles routes) {
            return sha256.equals(otherSha256) && List.copyOf(files.keySet()).equals(routes.names());
        }

        RouteFiles in(Path folder) {
            return RouteFiles.of(folder, files);
        }

        /** Returns the number of the generation that had these files first. */
        int origin() {
            return backTo == null ? number : backTo;
        }
    }

    /**
     * The result of an operation.
     *
     * @param generation the number of the active generation
     * @param stage where files were rejected or rolled back; otherwise {@code null}
     * @param messages errors and warnings, a line each, with file and line where known
     * @param sources the text of the line that each error of the check names; otherwise empty
     * @param by who or what wanted it
     * @param sha256 of the wanted files; {@code null} if they could not be read
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Attempt(Outcome outcome, int generation, Stage stage, List<String> messages, List<String> sources,
            long millis, Instant at, String by, String sha256) {

        /** Returns the messages of files that were rejected or rolled back, under their name in {@link Status}. */
        @JsonProperty
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        public List<String> errors() {
            return stage == null ? List.of() : messages;
        }
    }

    /**
     * The state of the routes at one moment.
     *
     * @param serving the active generation
     * @param canary the generation that a share of the sessions gets first; {@code null} outside a canary
     * @param promotionSeconds seconds until the canary is promoted if nothing is against it; {@code null} outside one
     * @param waits what a canary waits for after that time; otherwise {@code null}
     * @param draining numbers of generations that end their last requests
     * @param live whether the service loads changed files automatically ({@code filestream.routes.live-reload})
     * @param filesSha256 of the files in the folder now; {@code null} if they cannot be loaded
     * @param filesDiffer whether the folder holds other files than those of the active generation
     * @param note explains to people what follows from that; {@code null} if they do not differ
     * @param rejected the last set that was rejected or rolled back, perhaps of an edit before that in the folder;
     *     {@code null} after a later one was activated
     * @param history the last generations, the newest first; as JSON without their files
     * @param stage the stage of the attempt in progress, as {@link Stage#progress}; {@code null} without one
     * @param stages when the stages and outcomes of the last attempts began
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Status(Served serving, @JsonIgnoreProperties("files") Served canary, Long promotionSeconds, String waits,
            List<Integer> draining, boolean live, String filesSha256, boolean filesDiffer, String note,
            Attempt rejected, @JsonIgnoreProperties("files") List<Served> history, String stage,
            Map<String, Instant> stages) {

        /** The state before the first generation. */
        static final Status NONE = new Status(new Served(0, "", Instant.EPOCH, "", null, null, null, State.ACTIVE,
                null, Map.of()), null, null, null, List.of(), false, null, false, null, null, List.of(), null,
                Map.of());

        /** @throws IllegalArgumentException if the history has no generation of that number */
        public Served generation(String number) {
            return history.stream().filter(served -> String.valueOf(served.number()).equals(number)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(RoutesTexts.noGeneration(number, history)));
        }

        /**
         * Returns the generation before the active one that had other files, or the active one during a canary.
         * Repeated rollbacks step back further, and skip what an operator or the service has rolled back.
         *
         * @throws IllegalStateException if the history has none
         */
        public Served before() {
            if (canary != null) {
                return serving;
            }
            int below = serving.origin();
            for (Served each : history) {
                if (each.number() < below && each.wasActive()) {
                    if (!each.sha256().equals(serving.sha256())) {
                        return each;
                    }
                    below = each.origin();
                }
            }
            throw new IllegalStateException(RoutesTexts.NOTHING_BEFORE);
        }
    }
}
