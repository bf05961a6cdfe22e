package org.ccmessaging.filestream.routes.testing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccmessaging.filestream.routes.check.Value;

/**
 * A test in progress.
 *
 * @param mocks what happens in the place of steps, by their ids; the first that happens counts
 * @param steps the names of the steps that have run, in order
 * @param log the warnings and errors that were logged for it
 */
record TestRun(Map<String, List<Mock>> mocks, List<String> steps, List<LogLine> log) {

    /**
     * What happens in the place of a step.
     *
     * @param written the mock as the test has it; missing for a fault
     * @param body the body that it leaves; {@code null} for none
     * @param exception what it throws; {@code null} for nothing
     * @param message the message of the exception
     * @param fault how often it happens; {@code null} for always
     */
    record Mock(Value written, String body, Class<? extends Exception> exception, String message, Fault fault) {

        boolean happens() {
            return fault == null || fault.happens();
        }
    }

    /** A line of the log. */
    record LogLine(boolean error, String text) {
    }

    static TestRun of(Map<String, List<Mock>> mocks) {
        return new TestRun(mocks, new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
    }
}
