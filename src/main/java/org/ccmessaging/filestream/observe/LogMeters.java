package org.ccmessaging.filestream.observe;

import ch.qos.logback.classic.Logger;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Counts the lines that the console has not got; 0 where it has no {@link ConsoleQueue} before it. */
@Component
final class LogMeters implements MeterBinder {

    @Override
    public void bindTo(MeterRegistry meters) {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        FunctionCounter.builder("filestream.log.lines.dropped", root, LogMeters::dropped)
                .description("Log lines that the console did not take in time").register(meters);
    }

    private static double dropped(Logger root) {
        return root.getAppender(ConsoleQueue.class.getSimpleName()) instanceof ConsoleQueue queue ? queue.dropped() : 0;
    }
}
