package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ccmessaging.filestream.toolkit.LogText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.KeyValuePair;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.boot.logging.structured.StructuredLogFormatter;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

/** The bytes of structured lines are those of Spring Boot's own encoder. */
class ConsoleLinesTest {

    private static final int MANY = 300;

    private final Random random = new Random(26);
    private final LoggerContext context = new LoggerContext();
    private final Logger logger = context.getLogger("download");
    private final MockEnvironment settings = new MockEnvironment()
            .withProperty("spring.application.name", "ccmessaging-filestream")
            .withProperty("spring.application.version", "1.2.3")
            .withProperty("logging.structured.ecs.service.environment", "Prüfung");

    private StructuredLogEncoder springBoots(String format, Charset charset) {
        context.putObject(Environment.class.getName(), settings);
        StructuredLogEncoder encoder = new StructuredLogEncoder();
        encoder.setContext(context);
        encoder.setFormat(format);
        encoder.setCharset(charset);
        encoder.start();
        return encoder;
    }

    /** Control characters, quotes, separators, characters of one to four bytes in UTF-8, and halves of pairs. */
    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> text.append((char) random.nextInt(0x20));
                case 1 -> text.append("\"\\/'\u007f\u0085\u2028\u202e".charAt(random.nextInt(8)));
                case 2 -> text.append((char) (0x80 + random.nextInt(0x2000)));
                case 3 -> text.appendCodePoint(0x1f300 + random.nextInt(0x200));
                case 4 -> text.append((char) (Character.MIN_SURROGATE + random.nextInt(0x800)));
                default -> text.append((char) (' ' + random.nextInt(0x5f)));
            }
        }
        return text.toString();
    }

    private Throwable failure(int causes) {
        Exception failure = new IllegalStateException(text(), causes == 0 ? null : failure(causes - 1));
        failure.addSuppressed(new IllegalArgumentException(text()));
        return failure;
    }

    private LoggingEvent line() {
        LoggingEvent line = new LoggingEvent("caller", logger, Level.INFO, text() + " {} {}",
                random.nextInt(4) == 0 ? failure(random.nextInt(3)) : null, new Object[] {text(), random.nextInt()});
        line.setThreadName(text());
        line.setMDCPropertyMap(Map.of("requestId", text(), "trace.id", "0af7651916cd43dd8448eb211c80319c"));
        Object[] values = {text(), random.nextLong(), random.nextDouble(), true, List.of(text(), 1),
                Map.of("inner", text()), new int[] {1, 2}};
        for (int i = 0; i < values.length; i++) {
            line.addKeyValuePair(new KeyValuePair("field" + i, values[i]));
        }
        line.addKeyValuePair(new KeyValuePair("file.name", text()));
        line.addKeyValuePair(new KeyValuePair("none", null));
        if (random.nextBoolean()) {
            line.addMarker(LogText.AUDIT);
        }
        return line;
    }

    private void assertSameBytes(StructuredLogEncoder springBoots) {
        Encoder<ILoggingEvent> ours = ConsoleQueue.Switch.faster(springBoots);

        assertThat(ours).isNotSameAs(springBoots);
        for (int i = 0; i < MANY; i++) {
            LoggingEvent line = line();
            assertThat(ours.encode(line)).isEqualTo(springBoots.encode(line));
        }
        assertThat(ours.headerBytes()).isEqualTo(springBoots.headerBytes());
        assertThat(ours.footerBytes()).isEqualTo(springBoots.footerBytes());
    }

    @ParameterizedTest
    @CsvSource({"ecs, UTF-8", "gelf, UTF-8", "logstash, UTF-8", "ecs, ISO-8859-1", "ecs, UTF-16", "ecs, GB18030"})
    void bytesAreThoseOfSpringBoot(String format, String charset) {
        assertSameBytes(springBoots(format, Charset.forName(charset)));
    }

    @Test
    void customizedBytesAreThoseOfSpringBoot() {
        settings.withProperty("logging.structured.json.add.team", "files \"and\" more")
                .withProperty("logging.structured.json.exclude", "process.thread.name")
                .withProperty("logging.structured.json.rename.message", "text")
                .withProperty("logging.structured.json.context.prefix", "of")
                .withProperty("logging.structured.json.stacktrace.root", "first")
                .withProperty("logging.structured.json.stacktrace.max-length", "500");
        StructuredLogEncoder springBoots = springBoots("ecs", StandardCharsets.UTF_8);

        assertThat(new String(springBoots.encode(line()), StandardCharsets.UTF_8))
                .contains("\"team\":\"files \\\"and\\\" more\"", "\"text\":");
        assertSameBytes(springBoots);
    }

    @Test
    void formatterOfAnInstallationAndTextKeepTheirEncoders() {
        Encoder<ILoggingEvent> text = new PatternLayoutEncoder();
        Encoder<ILoggingEvent> own = springBoots(Own.class.getName(), StandardCharsets.UTF_8);

        assertThat(ConsoleQueue.Switch.faster(text)).isSameAs(text);
        assertThat(ConsoleQueue.Switch.faster(own)).isSameAs(own);
        assertThat(own.encode(line())).containsExactly('b');
    }

    static final class Own implements StructuredLogFormatter<ILoggingEvent> {

        @Override
        public String format(ILoggingEvent line) {
            return "a";
        }

        @Override
        public byte[] formatAsBytes(ILoggingEvent line, Charset charset) {
            return new byte[] {'b'};
        }
    }
}
