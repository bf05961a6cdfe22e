package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.Map;
import org.ccmessaging.filestream.toolkit.LogText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.KeyValuePair;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;

/** No text of a client ends its line of a text log or reverses it. */
class LogTextTest {

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x09, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0xad, 0x200b, 0x2028, 0x2029, 0x202e, 0x2066,
        0xfeff, 0xd800, 0xe0001})
    void unsafeCharacterBecomesAnEscape(int character) {
        assertThat(LogText.visible("a" + Character.toString(character) + "b")).matches("a(\\\\u[0-9a-f]{4}){1,2}b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Gr\u00fc\u00dfe $1 \\ \u4f60\u597d \ud83d\ude00"})
    void otherTextStaysAsItIs(String text) {
        assertThat(LogText.visible(text)).isEqualTo(text);
        assertThat(LogText.visible(null)).isNull();
    }

    /** Returns a line of the log in text format, with a field and a trace. */
    private static String logged(String message, Throwable failure) {
        YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new ClassPathResource("application.yaml"));
        LoggerContext context = new LoggerContext();
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.setPattern(yaml.getObject().getProperty("logging.pattern.console"));
        layout.start();
        LoggingEvent line = new LoggingEvent("", context.getLogger("a"), Level.INFO, message, failure, null);
        line.addKeyValuePair(new KeyValuePair("key", "1\u20282"));
        line.setMDCPropertyMap(Map.of("trace.id", "f"));
        return layout.doLayout(line);
    }

    /** Routes make messages and exceptions, and libraries log them. Such a line has no escapes. */
    @Test
    void patternOfTextLogsLetsNoTextBeginALineOrTurnItAround() {
        assertThat(logged("x\u202ey\u001b\r", null)).endsWith(" : x?y?? key=1?2 trace.id=f" + System.lineSeparator());

        Exception failure = new IllegalStateException("a\nforged", new IllegalStateException("b\n\nforged"));
        assertThat(logged("x\nforged", failure).lines().skip(1)).hasSizeGreaterThan(5)
                .allMatch(line -> line.isEmpty() || line.matches("\\s.*"))
                .contains("    forged key=1?2 trace.id=f", "    java.lang.IllegalStateException: a");
    }
}
