package org.ccmessaging.filestream.http;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.camel.CamelContext;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Has everything answered with 503 and {@code Retry-After} until the routes are up. The port opens about half a second
 * before they are, and a path that has no route yet would be answered as one that nobody knows.
 */
@Component
final class StartValve extends ValveBase {

    private final HttpResponses responses;
    private final CamelContext routes;
    /** Stays true when the routes stop again: what is in flight ends then, and the rest is refused by {@code admit}. */
    private volatile boolean started;

    /** @param routes lazy, since the port is made before them */
    StartValve(HttpResponses responses, @Lazy CamelContext routes) {
        super(true);
        this.responses = responses;
        this.routes = routes;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (!started) {
            started = routes.isStarted();
        }
        if (started) {
            getNext().invoke(request, response);
        } else {
            responses.writeStarting(response);
        }
    }
}
