package org.ccmessaging.filestream.support;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.logback.StructuredLogEncoder;

/** The lines of the logger {@code audit} until it is closed, in the JSON that the packaged service writes. */
public final class AuditLines implements AutoCloseable {

    private final ObjectMapper json = new ObjectMapper();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("audit");

    /** Opens it after a service has started, whose environment the encoder needs. */
    public AuditLines() {
        StructuredLogEncoder encoder = new StructuredLogEncoder();
        encoder.setContext(logger.getLoggerContext());
        encoder.setFormat("ecs");
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.start();
        appender.setContext(logger.getLoggerContext());
        appender.setEncoder(encoder);
        appender.setOutputStream(written);
        appender.start();
        LoggedLines.attach(logger, appender);
    }

    public String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    public List<JsonNode> lines() {
        return text().lines().map(line -> {
            try {
                return json.readTree(line);
            } catch (IOException notJson) {
                throw new UncheckedIOException(line, notJson);
            }
        }).toList();
    }

    public List<JsonNode> lines(String message) {
        return lines().stream().filter(line -> line.get("message").asText().equals(message)).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        appender.stop();
    }
}
