package org.ccmessaging.filestream.support;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.mock.env.MockEnvironment;

/** Guards what tests read from the log while other services start and stop. */
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
}
