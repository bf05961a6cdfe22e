package org.ccmessaging.filestream.routes.testing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccmessaging.filestream.routes.check.Value;

/**
 * What a test does to steps while it runs, and what it sees.
 *
 * @param mocks what happens in the place of steps, by their ids
 * @param exceptions what steps throw, by their ids
 * @param steps the names of the steps that have run, in order
 * @param log the warnings and errors that were logged for it
 */
record Running(Map<String, Mock> mocks, Map<String, Thrown> exceptions, List<String> steps, List<LogLine> log) {

    /**
     * What happens in the place of a step.
     *
     * @param body the body that it leaves; {@code null} for none
     * @param exception what it throws; {@code null} for nothing
     */
    record Mock(Value written, String body, Thrown exception) {
    }

    /**
     * An exception that a step throws.
     *
     * @param fault how often; {@code null} for always
     */
    record Thrown(Class<? extends Exception> type, String message, Fault fault) {

        boolean happens() {
            return fault == null || fault.happens();
        }

        Exception make() {
            return Exceptions.make(type, message);
        }
    }

    /** A line of the log. */
    record LogLine(boolean error, String text) {
    }

    static Running of(Map<String, Mock> mocks, Map<String, Thrown> exceptions) {
        return new Running(mocks, exceptions, new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
    }
}
