package org.ccmessaging.filestream.reload;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.routes.RouteFiles;

/** What operators see of the active routes, and what they do with them. */
public interface LiveRoutes {

    /** Returns the last published state. It reads neither the folder nor anything else, and never waits. */
    Status status();

    /** Returns the last generations that served or serve, the newest first; 10 at most. */
    default List<Served> history() {
        return status().history();
    }

    /**
     * Checks the files in the folder and changes nothing.
     *
     * @param by who wants it, such as {@code console user admin}
     */
    Attempt check(String by);

    /**
     * Makes the files in the folder serve, as a change of the files does. Files that serve already are no change.
     *
     * @param by who wants it
     */
    Attempt reload(String by);

    /**
     * Makes an older generation serve again, as a new generation, and ends a trial in progress. It stays until the
     * files change again.
     *
     * @param number of a generation in the {@link #history()}
     * @param by who wants it
     */
    Attempt rollback(int number, String by);

    /**
     * A set of route files that serves or has served.
     *
     * @param number counts up from 1
     * @param sha256 of its files
     * @param since when it began to serve
     * @param by who or what made it: {@code start}, {@code file change}, {@code console user admin},
     *     {@code command user admin}, {@code watch}
     * @param label what the deployer called these files at startup ({@code filestream.routes.label}); {@code null} for
     *     files that came later
     * @param backTo the number of the generation that had these files first, if an operator or the watch undid what
     *     came after it; {@code null} if it was made of the files in the folder
     * @param texts the text of each file by its name
     */
    record Served(int number, String sha256, Instant since, String by, @JsonAlias("commit") String label,
            Integer backTo, Map<String, String> texts) {

        /** Returns the number of the generation that had these files first. */
        int origin() {
            return backTo == null ? number : backTo;
        }

        /** Returns whether it was made of files of these names and bytes. */
        boolean isOf(RouteFiles files) {
            return sha256.equals(files.sha256()) && List.copyOf(texts.keySet()).equals(files.names());
        }
    }

    /**
     * A set that did not come to serve, or did not stay.
     *
     * @param at when
     * @param by who or what wanted it
     * @param stage where it ended: {@code check}, {@code start}, {@code try} or {@code watch}
     * @param sha256 of its files
     * @param errors what is wrong, a line each, with file and line where known
     */
    record Rejection(Instant at, String by, String stage, String sha256, List<String> errors) {
    }

    /**
     * The state of the routes at one moment.
     *
     * @param serving the generation that serves
     * @param draining numbers of generations that end their last requests
     * @param live whether a change of the files is loaded by itself ({@code filestream.routes.live-reload})
     * @param filesSha256 of the files in the folder now; {@code null} if they cannot be loaded
     * @param filesDiffer whether the folder holds something else than what serves
     * @param rejected the last set that was rejected or rolled back; {@code null} if there was none, or a later one
     *     serves
     * @param untried why the files in the folder could not be tried, through no fault of theirs; {@code null} if they
     *     were tried, or nobody wanted it yet
     * @param unreadable why the files in the folder cannot be loaded; {@code null} if they can
     * @param trying whether the service checks or tries a set now
     * @param history the last generations, the newest first
     */
    record Status(Served serving, List<Integer> draining, boolean live, String filesSha256, boolean filesDiffer,
            Rejection rejected, String untried, String unreadable, boolean trying, List<Served> history) {

        /** Before the first generation. */
        static final Status NONE = new Status(new Served(0, "", Instant.EPOCH, "", null, null, Map.of()), List.of(),
                false, null, false, null, null, null, false, List.of());

        /** Says what follows if the folder holds something else than what serves; {@code null} if it does not. */
        public String note() {
            if (unreadable != null) {
                return "The files in the folder cannot be loaded: " + unreadable + ". Generation " + serving.number()
                        + " goes on serving.";
            }
            if (filesDiffer && trying) {
                return "The folder holds other files than those that serve. The service checks and tries a set now, and"
                        + " generation " + serving.number() + " goes on serving meanwhile.";
            }
            if (untried != null) {
                return "The files in the folder are not tried yet: " + untried + ". Generation " + serving.number()
                        + " goes on serving. " + (live ? "The service tries them again every minute."
                                : "Reload them when there is room.");
            }
            return filesDiffer ? "The folder holds other files than those that serve. Generation " + serving.number()
                    + " stays until " + (live ? "the files change again or " : "") + "somebody reloads them."
                    + " A restart loads them too." : null;
        }
    }

    /**
     * What came of an operation.
     *
     * @param outcome {@code serves}, {@code unchanged}, {@code rejected}, {@code untried} if the files could not be
     *     read, the machine had no room to try them or the service stops, {@code superseded} if they changed or a
     *     rollback came while they were tried, or {@code passed} of a check
     * @param generation the number of the generation that serves now
     * @param stage of a rejection, as in {@link Rejection}; otherwise {@code null}
     * @param messages errors and warnings, a line each
     * @param millis how long it took
     */
    record Attempt(String outcome, int generation, String stage, List<String> messages, long millis) {

        /** Whether the files of the folder do not serve, or may not. */
        public boolean failed() {
            return List.of("rejected", "untried", "superseded").contains(outcome);
        }
    }
}
