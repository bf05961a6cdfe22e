package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.nio.charset.Charset;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.KeyValuePair;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

class JsonLineEncoderTest {

    private final LoggerContext context = new LoggerContext();

    private byte[] encoded(StructuredLogEncoder encoder, String format, Charset charset, LoggingEvent event) {
        encoder.setContext(context);
        encoder.setFormat(format);
        encoder.setCharset(charset);
        encoder.start();
        return encoder.encode(event);
    }

    @ParameterizedTest
    @CsvSource({"ecs, UTF-8", "logstash, UTF-8", "gelf, UTF-8", "ecs, ISO-8859-1", "ecs,"})
    void lineHasTheBytesOfSpringBoot(String format, Charset charset) {
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.putObject(Environment.class.getName(), new StandardEnvironment());
        LoggingEvent event = new LoggingEvent("", context.getLogger("download"), Level.WARN,
                "Grüße, 文件 \uD83D\uDE00, half a pair \uD83D and \uDE00, \"quoted\"\n\t\u0001\u2028",
                new IllegalStateException("because", new RuntimeException("of that")), null);
        event.setKeyValuePairs(List.of(new KeyValuePair("fileId", "ä.txt"), new KeyValuePair("bytes", 3L)));

        assertThat(encoded(new JsonLineEncoder(), format, charset, event))
                .isEqualTo(encoded(new StructuredLogEncoder(), format, charset, event)).endsWith('\n');
    }
}
