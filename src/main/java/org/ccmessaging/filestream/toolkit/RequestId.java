package org.ccmessaging.filestream.toolkit;

import jakarta.servlet.ServletRequest;
import org.apache.camel.Exchange;
import org.slf4j.MDC;

/**
 * The ID of a request (contract section 7): 1 to 64 characters of {@code [A-Za-z0-9._-]}. The response, the log lines,
 * the trace and the requests to the store contain the ID. Only the HTTP edge sets the ID.
 */
public final class RequestId {

    /** Header of requests, of all responses, and of the requests to the store. */
    public static final String HEADER = "X-Request-Id";

    /** Name of the field in the lines of the log (a key of {@link MDC}). */
    public static final String FIELD = "requestId";

    /** Name of the exchange property and of the servlet request's attribute. */
    public static final String PROPERTY = RequestId.class.getName();

    private RequestId() {
    }

    /** Returns the ID of the request that started the exchange; {@code null} if no HTTP request did. */
    public static String of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, String.class);
    }

    /** Returns the ID of a request on the API port; {@code null} on another port. */
    public static String of(ServletRequest request) {
        return (String) request.getAttribute(PROPERTY);
    }

    /**
     * Returns the ID of the request that this thread handles, or {@code null}. In threads that an installation's routes
     * start, the result is {@code null}.
     */
    public static String current() {
        return MDC.get(FIELD);
    }
}
