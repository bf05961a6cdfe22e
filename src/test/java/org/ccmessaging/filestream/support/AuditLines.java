package org.ccmessaging.filestream.support;

import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;
import org.springframework.boot.logging.logback.StructuredLogEncoder;

/** The lines of the logger {@code audit} until it is closed, in the JSON that the packaged service writes. */
public final class AuditLines implements AutoCloseable {

    private final ObjectMapper json = new ObjectMapper();
    private final LoggedLines logged = new LoggedLines("audit");
    private final StructuredLogEncoder encoder = new StructuredLogEncoder();

    /** Opens it after a service has started, whose environment the encoder needs. */
    public AuditLines() {
        encoder.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
        encoder.setFormat("ecs");
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.start();
    }

    public String text() {
        return logged.list().stream().map(line -> new String(encoder.encode(line), StandardCharsets.UTF_8))
                .collect(Collectors.joining());
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
        logged.close();
    }
}
