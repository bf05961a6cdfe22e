package org.ccmessaging.filestream.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.boot.logging.structured.StructuredLogFormatter;

/**
 * Encodes each line of Spring Boot's structured logging in one call. {@link StructuredLogEncoder} of Spring Boot 4.1
 * allocates two objects for each character. That takes a fifth of the CPU time of a small download (decision 0006).
 * Both encoders write the same bytes.
 */
public final class JsonLineEncoder extends StructuredLogEncoder {

    private Charset encoding = StandardCharsets.UTF_8;
    private StructuredLogFormatter<ILoggingEvent> lines;

    @Override
    public void setCharset(Charset charset) {
        super.setCharset(charset);
        encoding = charset == null ? StandardCharsets.UTF_8 : charset;
    }

    /** Reads the formatter from the private field, because Spring Boot has no method that returns it. */
    @Override
    @SuppressWarnings("unchecked")
    public void start() {
        super.start();
        lines = (StructuredLogFormatter<ILoggingEvent>) new DirectFieldAccessor(this).getPropertyValue("formatter");
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        return lines.format(event).getBytes(encoding);
    }
}
