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
 * Answers every request with 503 and {@code Retry-After} until the routes are up. The port opens about half a second
 * before that, and a path that has no route yet would get the 404 of an unknown path.
 */
@Component
final class StartValve extends ValveBase {

    private final HttpResponses responses;
    private final CamelContext routes;
    /** Stays true when the routes stop again: then downloads in flight end, and step {@code admit} refuses the rest. */
    private volatile boolean started;

    /** @param routes lazy, since the port exists before the routes do */
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
