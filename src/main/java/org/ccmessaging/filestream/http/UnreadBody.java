package org.ccmessaging.filestream.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Ends the connection of a request that got its response before its body had arrived. Tomcat would read the rest on the
 * request's thread: on Java 17, 300 half-sent bodies without credentials stopped the service for 105 s (decision 0030).
 * A body that came together with the headers costs nothing to skip, so its connection stays.
 */
final class UnreadBody extends ValveBase {

    private static final int SKIPPED_BYTES = 1024;

    UnreadBody() {
        super(true);
    }

    /** Tells the client that the connection ends, if the body is still under way. Call it before the headers leave. */
    static void announce(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isUnderWay(request)) {
            response.setHeader("Connection", "close");
        }
    }

    /** Skips what has arrived together with the headers, and waits for nothing. */
    private static boolean isUnderWay(HttpServletRequest request) throws IOException {
        ServletInputStream body = request.getInputStream();
        if (!body.isFinished() && hasLength(request)) {
            byte[] skipped = new byte[SKIPPED_BYTES];
            int count = 0;
            while (count >= 0 && !body.isFinished() && body.available() > 0) {
                count = body.read(skipped);
            }
        }
        return !body.isFinished();
    }

    private static boolean hasLength(HttpServletRequest request) {
        try {
            return request.getContentLengthLong() >= 0;
        } catch (IllegalArgumentException noNumber) {
            // Nobody can say where such a body ends.
            return false;
        }
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        if (isUnderWay(request)) {
            announce(request, response);
            // First, because Tomcat takes what follows for an error and would change the status.
            response.finishResponse();
            request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }
}
