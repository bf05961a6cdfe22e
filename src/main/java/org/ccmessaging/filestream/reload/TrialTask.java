package org.ccmessaging.filestream.reload;

import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.routes.testing.Replayed;

/**
 * A set that the process of a trial tries. The service sends it by the standard input of the process, and gets a
 * {@link Message} in a line of its output for each stage and for the outcome. So no file has a setting or a request.
 *
 * @param routes the folder with the copies of its files
 * @param settings the settings of the installation for a run with the set
 * @param active the active set, with which a rehearsal compares; {@code null} without a rehearsal
 * @param requests the requests of customers for the rehearsal
 */
public record TrialTask(String routes, Map<String, String> settings, TrialTask active, List<Seen> requests) {

    /**
     * A message of the process.
     *
     * @param stage the stage that has begun, as {@link LiveRoutes.Status} names it; {@code null} with an outcome
     * @param outcome {@code null} with a stage
     */
    public record Message(String stage, Outcome outcome) {
    }

    /**
     * The outcome of a trial.
     *
     * @param sha256 of the files that were tried; {@code null} if none could be tried
     * @param failures a line each; empty if all tests passed
     * @param replayed {@code null} without a rehearsal
     */
    public record Outcome(String sha256, List<String> failures, Replayed replayed) {

        static Outcome couldNotRun(String reason) {
            return new Outcome(null, List.of("could not run: " + reason), null);
        }
    }
}
