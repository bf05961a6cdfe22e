package org.ccmessaging.filestream.support;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Guards the console of a test run: it shows every warning and error but those that a test expects. */
@ExpectedErrors.Of(logger = "quiet.console", texts = "on purpose")
class QuietConsoleTest {

    private static FilterReply decide(String logger, Level level, String message, Throwable failure) {
        return new QuietConsole().decide(new LoggingEvent(QuietConsoleTest.class.getName(),
                (Logger) LoggerFactory.getLogger(logger), level, message, failure, null));
    }

    @Test
    void errorThatNoTestExpectsIsShown() {
        assertThat(decide("quiet.console", Level.ERROR, "something else", null)).isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide("quiet.consoles", Level.ERROR, "on purpose", null)).isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide("quiet", Level.WARN, "on purpose", null)).isEqualTo(FilterReply.NEUTRAL);
    }

    @Test
    void errorThatATestExpectsIsNotShown() {
        Throwable failure = new IllegalStateException(new IllegalArgumentException("failed on purpose"));

        assertThat(decide("quiet.console", Level.ERROR, "on purpose", null)).isEqualTo(FilterReply.DENY);
        assertThat(decide("quiet.console.Part", Level.WARN, "failed", failure)).isEqualTo(FilterReply.DENY);
    }

    @Test
    void lineThatIsNoWarningIsNotShown() {
        assertThat(decide("quiet.console", Level.INFO, "started", null)).isEqualTo(FilterReply.DENY);
    }
}
