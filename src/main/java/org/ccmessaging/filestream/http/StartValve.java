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
 * Responds to every request with 503 and {@code Retry-After} until the routes have started (contract section 4.2).
 * Tomcat opens the port about half a second earlier. A path whose route has not started would get the 404 of an unknown
 * path. A browser's preflight passes, because the browser would keep a refusal of it from the page.
 */
@Component
final class StartValve extends ValveBase {

    private final HttpResponses responses;
    private final CamelContext routes;
    /** Stays true when the routes stop: downloads in flight end then, and step {@code admit} refuses the others. */
    private volatile boolean started;

    /** @param routes lazy, because the port exists before the routes do */
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
        } else if (CrossOrigin.isPreflight(request)) {
            CrossOrigin.allowPost(response);
        } else {
            responses.writeStarting(response);
        }
    }
}
