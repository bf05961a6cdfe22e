package org.ccmessaging.filestream.http;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.stereotype.Component;

/**
 * Has everything answered with 503 and {@code Retry-After} until the routes are up. The port opens about half a second
 * before they are, and a path that has no route yet would be answered as one that nobody knows.
 */
@Component
final class StartValve extends ValveBase implements ApplicationListener<ApplicationReadyEvent> {

    private final HttpResponses responses;
    private volatile boolean started;

    StartValve(HttpResponses responses) {
        super(true);
        this.responses = responses;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        started = true;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (started) {
            getNext().invoke(request, response);
        } else {
            responses.writeStarting(response);
        }
    }
}
