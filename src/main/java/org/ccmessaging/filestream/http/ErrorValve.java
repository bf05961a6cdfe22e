package org.ccmessaging.filestream.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.tomcat.util.res.StringManager;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Responds to requests that Tomcat refuses before the application sees them: a malformed request line, headers that are
 * too large, a path that leads above the root ({@code /../x}), TRACE. Tomcat would respond to TRACE without a body, or
 * with the request's own credentials in it.
 *
 * <p>The valve also refuses paths with parameters ({@code ;x=1}). No operation has such a path, but Tomcat and Spring
 * ignore the parameters when they compare paths.
 */
final class ErrorValve extends ErrorReportValve {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorValve.class);

    /** All that tells it from other exceptions of Tomcat's parser. Tomcat has it in several languages. */
    private static final String TOO_LARGE =
            StringManager.getManager(Http11InputBuffer.class).getString("iib.requestheadertoolarge.error");

    private final HttpResponses responses;

    ErrorValve(HttpResponses responses) {
        this.responses = responses;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        // Spring would respond to a browser's preflight by itself, with 403 and plain text.
        request.getCoyoteRequest().getMimeHeaders().removeHeader("Access-Control-Request-Method");
        if (response.isErrorReportRequired()) {
            // Tomcat has refused it and takes no other response; it comes to report().
            super.invoke(request, response);
        } else if ("TRACE".equals(request.getMethod())) {
            responses.writeFailure(HttpServletResponse.SC_METHOD_NOT_ALLOWED, request, response);
        } else if (hasParameters(request.getRequestURI())) {
            responses.writeFailure(HttpServletResponse.SC_NOT_FOUND, request, response);
        } else {
            super.invoke(request, response);
        }
    }

    /** @param path {@code null} if the request line is malformed */
    private static boolean hasParameters(String path) {
        return path != null && path.indexOf(';') >= 0;
    }

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        // Another component may have written the response already, or started to.
        boolean written = response.isCommitted() || response.getContentWritten() > 0;
        if (response.getStatus() < HttpServletResponse.SC_BAD_REQUEST || written || !response.setErrorReported()) {
            return;
        }
        // Tomcat takes all headers away before it reports an exception.
        response.setHeader(RequestId.HEADER, RequestId.of(request));
        CrossOrigin.announce(request, response);
        try {
            if (failure instanceof IllegalArgumentException && TOO_LARGE.equals(failure.getMessage())) {
                responses.writeFailure(new InvalidRequestException("The request line and the headers are larger than "
                        + request.getConnector().getProperty("maxHttpRequestHeaderSize") + " bytes."), null,
                        request.getRequest(), response.getResponse());
            } else {
                responses.writeFailure(response.getStatus(), request.getRequest(), response.getResponse());
            }
            response.finishResponse();
        } catch (IOException gone) {
            LOG.debug("The client went away: {}", gone.getMessage());
        }
    }
}
