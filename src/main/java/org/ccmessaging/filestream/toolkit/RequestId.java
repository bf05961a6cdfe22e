package org.ccmessaging.filestream.toolkit;

import jakarta.servlet.ServletRequest;
import org.apache.camel.Exchange;
import org.slf4j.MDC;

/** The ID of a request (contract section 7): 1 to 64 characters of {@code [A-Za-z0-9._-]}. */
public final class RequestId {

    /** Header of a client's request, of its response, and of requests to the store. */
    public static final String HEADER = "X-Request-Id";

    /** Key in the {@link MDC}, and name of the field in log lines. */
    public static final String FIELD = "requestId";

    /** Name of the exchange property and of the servlet request's attribute. */
    public static final String PROPERTY = RequestId.class.getName();

    private RequestId() {
    }

    /** Returns the ID of the request that started the exchange; {@code null} for other exchanges. */
    public static String of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, String.class);
    }

    /** Returns the ID of a request on the API port; {@code null} on another port. */
    public static String of(ServletRequest request) {
        return (String) request.getAttribute(PROPERTY);
    }

    /** Returns the ID of the request that this thread handles; {@code null} in other threads. */
    public static String current() {
        return MDC.get(FIELD);
    }
}
