package org.ccmessaging.filestream.console;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jolokia.server.core.util.RequestType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.filter.GenericFilterBean;

/**
 * Refuses kinds of request to Jolokia before Jolokia and its policy see them (decision 0020): every method but GET and
 * POST, and a GET of anything that does more than read, since a link is enough to send it. {@link ConsoleOrigin}
 * refuses those of other sites.
 */
final class JolokiaAccess extends GenericFilterBean {

    /** Jolokia's servlet. Requests to Hawtio's path of it come here too, because Hawtio forwards them. */
    static final String SERVLET = "/actuator/jolokia";

    private static final Pattern READING = Pattern.compile(JolokiaRequests.READING.stream().map(RequestType::getName)
            .collect(Collectors.joining("|", "/*(|(", ")(/.*)?)")), Pattern.DOTALL);

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain next)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        HttpServletResponse refusal = (HttpServletResponse) response;
        boolean get = HttpMethod.GET.matches(http.getMethod());
        if (!SERVLET.equals(http.getServletPath())) {
            next.doFilter(request, response);
        } else if (!get && !HttpMethod.POST.matches(http.getMethod())) {
            refusal.setHeader(HttpHeaders.ALLOW, "GET, POST");
            refuse(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Jolokia takes GET and POST", refusal);
        } else if (get && !reads(http)) {
            refuse(HttpServletResponse.SC_FORBIDDEN, "A GET can only read; send the request by POST", refusal);
        } else {
            next.doFilter(request, response);
        }
    }

    /** Jolokia takes the request from parameter {@code p} too, and hands the response to the script that is named. */
    private static boolean reads(HttpServletRequest request) {
        String what = request.getPathInfo() == null ? "" : request.getPathInfo();
        return READING.matcher(what).matches() && request.getParameter("p") == null
                && request.getParameter("callback") == null;
    }

    /** Responds with the reason, as JSON. */
    static void refuse(int status, String why, HttpServletResponse response) throws IOException {
        response.setStatus(status);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(
                ("{\"status\":" + status + ",\"error\":\"" + why + "\"}").getBytes(StandardCharsets.UTF_8));
    }
}
