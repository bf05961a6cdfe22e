package org.ccmessaging.filestream.http;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.ccmessaging.filestream.auth.ClientRequest;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RequestId;

/**
 * Lets pages of the origins in {@code filestream.cors.allowed-origins} read responses, failures too (contract section
 * 8). A request of another origin is treated as one without an origin: the browser then keeps the response from the
 * page. Spring's own CORS handling would refuse such a request with 403 and plain text.
 */
record CrossOrigin(CorsSettings settings) {

    /** Request headers that a page may set (contract section 8). */
    private static final String REQUEST_HEADERS = String.join(", ", ClientRequest.SESSION_TOKEN, ClientRequest.APP_KEY,
            ClientRequest.AUTHORIZATION, "Content-Type", RequestId.HEADER, ClientRequest.TOKEN_EXPIRE);

    /** Response headers that a page may read (contract section 8). */
    private static final String RESPONSE_HEADERS = String.join(", ", ClientRequest.SESSION_TOKEN, Headers.RESULT_CODE,
            Headers.RESULT_DESC, Headers.RETRY_AFTER, RequestId.HEADER);

    /** Seconds for which a browser remembers a preflight. Chromium remembers none for longer. */
    private static final String MAX_AGE = "7200";

    /** Attribute of a request: its origin, if that is listed. */
    private static final String LISTED = CrossOrigin.class.getName() + ".listed";

    /** Call this method before anything responds. */
    void start(HttpServletRequest request, HttpServletResponse response) {
        String origin = settings.allowedOrigins().isEmpty() ? null : HttpHeaders.single(request, "Origin");
        if (origin != null && settings.allowedOrigins().contains(origin)) {
            request.setAttribute(LISTED, origin);
            announce(request, response);
        }
    }

    static void announce(ServletRequest request, HttpServletResponse response) {
        if (request.getAttribute(LISTED) instanceof String origin) {
            response.setHeader("Access-Control-Allow-Origin", origin);
            response.setHeader("Access-Control-Expose-Headers", RESPONSE_HEADERS);
            response.setHeader("Vary", "Origin");
        }
    }

    static boolean isPreflight(HttpServletRequest request) {
        return request.getAttribute(LISTED) != null && "OPTIONS".equals(request.getMethod())
                && HttpHeaders.single(request, "Access-Control-Request-Method") != null;
    }

    static void allowPost(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        response.setHeader("Access-Control-Allow-Methods", "POST");
        response.setHeader("Access-Control-Allow-Headers", REQUEST_HEADERS);
        response.setHeader("Access-Control-Max-Age", MAX_AGE);
    }
}
