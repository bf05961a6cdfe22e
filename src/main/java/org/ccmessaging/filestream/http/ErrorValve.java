package org.ccmessaging.filestream.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests that Tomcat refuses before any application sees them: a malformed request line, a path that climbs
 * out, TRACE (which Tomcat would answer without a body, or with the request's own credentials in it). It also answers
 * paths with parameters ({@code ;x=1}): no operation has such a path, while Tomcat and Spring compare without them.
 */
final class ErrorValve extends ErrorReportValve {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorValve.class);

    private final HttpResponses responses;

    ErrorValve(HttpResponses responses) {
        this.responses = responses;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if ("TRACE".equals(request.getMethod())) {
            responses.writeFailure(HttpServletResponse.SC_METHOD_NOT_ALLOWED, request, response);
        } else if (hasParameters(request.getRequestURI())) {
            responses.writeFailure(HttpServletResponse.SC_NOT_FOUND, request, response);
        } else {
            super.invoke(request, response);
        }
    }

    /** @param path may be {@code null} where the request line is malformed */
    private static boolean hasParameters(String path) {
        return path != null && path.indexOf(';') >= 0;
    }

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        // The response may be written already, or on its way.
        boolean written = response.isCommitted() || response.getContentWritten() > 0;
        if (response.getStatus() < HttpServletResponse.SC_BAD_REQUEST || written || !response.setErrorReported()) {
            return;
        }
        try {
            responses.writeFailure(response.getStatus(), request.getRequest(), response.getResponse());
            response.finishResponse();
        } catch (IOException gone) {
            LOG.debug("The client went away: {}", gone.getMessage());
        }
    }
}
