package org.ccmessaging.filestream.support;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.mock.env.MockEnvironment;

/** Guards what tests read from the log while other services start and stop. It plays such a start, so it runs alone. */
@Isolated
@ExtendWith(Stages.class)
class LoggingOnceTest {

    @Test
    void serviceThatStopsAndOneThatStartsLeaveTheAppendersOfTests() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        root.addAppender(lines);
        try {
            LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
            logging.cleanUp();
            logging.beforeInitialize();
            logging.initialize(new LoggingInitializationContext(new MockEnvironment()), null, null);

            assertThat(root.isAttached(lines)).isTrue();
        } finally {
            root.detachAppender(lines);
        }
    }

    @Test
    void linesPassWhileTheFirstServicesStart() {
        Logger logger = (Logger) LoggerFactory.getLogger(getClass());
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            // The mark of a process in which a service has started.
            logger.getLoggerContext().removeObject(LoggingSystem.class.getName());
            LoggingSystem one = LoggingSystem.get(getClass().getClassLoader());
            LoggingSystem other = LoggingSystem.get(getClass().getClassLoader());
            one.beforeInitialize();
            logger.info("while one starts");
            other.beforeInitialize();
            logger.info("while both start");
            one.initialize(new LoggingInitializationContext(new MockEnvironment()), null, null);
            other.initialize(new LoggingInitializationContext(new MockEnvironment()), null, null);
            logger.info("after the start");

            assertThat(lines.list).hasSize(3);
        } finally {
            logger.detachAppender(lines);
        }
    }
}
