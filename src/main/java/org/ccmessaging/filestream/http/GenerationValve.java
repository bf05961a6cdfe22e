package org.ccmessaging.filestream.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.ccmessaging.filestream.routes.Generation;
import org.ccmessaging.filestream.routes.Serving;
import org.springframework.stereotype.Component;

/**
 * Takes each request into the generation of routes that serves, before anything that depends on routes. Until the first
 * one serves, every request gets 503 and {@code Retry-After} (contract section 4.2): Tomcat opens the port about half a
 * second earlier. A browser's preflight passes, because the browser would keep a refusal of it from the page.
 *
 * <p>The last generation stays when the service stops: downloads in flight end then, and step {@code admit} refuses the
 * others.
 */
@Component
final class GenerationValve extends ValveBase {

    /** Attribute of a request: the generation that serves it. */
    private static final String GENERATION = Generation.class.getName();

    private final HttpResponses responses;
    private final Serving serving;

    GenerationValve(HttpResponses responses, Serving serving) {
        super(true);
        this.responses = responses;
        this.serving = serving;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        Generation generation = serving.enter();
        if (generation != null) {
            request.setAttribute(GENERATION, generation);
            try {
                getNext().invoke(request, response);
            } finally {
                generation.exit();
            }
        } else if (CrossOrigin.isPreflight(request)) {
            CrossOrigin.allowPost(response);
        } else {
            responses.writeStarting(response);
        }
    }

    /** The generation that serves a request; {@code null} on the management port. */
    static Generation generation(ServletRequest request) {
        return (Generation) request.getAttribute(GENERATION);
    }
}
