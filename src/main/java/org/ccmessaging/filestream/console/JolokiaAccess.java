package org.ccmessaging.filestream.console;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jolokia.server.core.util.RequestType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.filter.GenericFilterBean;

/**
 * Refuses requests to Jolokia that a page of another origin may have sent with the user's cookie, before Jolokia and
 * its policy see them (decision 0020):
 * <ul>
 *   <li>every method but GET and POST;
 *   <li>a GET of anything that does more than read, since a link is enough to send it;
 *   <li>a request whose {@code Origin} or {@code Referer} is not the console's own, and a POST that has neither. All
 *       browsers send {@code Origin} with a POST. A script adds the header.
 * </ul>
 * Spring Security has compared the token against forged requests by then.
 */
final class JolokiaAccess extends GenericFilterBean {

    /** Jolokia's servlet. Requests to Hawtio's path of it come here too, because Hawtio forwards them. */
    private static final String SERVLET = "/actuator/jolokia";

    private static final Pattern READING = Pattern.compile(JolokiaRequests.READING.stream().map(RequestType::getName)
            .collect(Collectors.joining("|", "/*(|(", ")(/.*)?)")), Pattern.DOTALL);

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

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
        } else if (origin(http) == null ? !get : !isOfTheConsole(origin(http), http)) {
            refuse(HttpServletResponse.SC_FORBIDDEN, "The request has no Origin, or that of another site", refusal);
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

    private static String origin(HttpServletRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        return origin == null ? request.getHeader(HttpHeaders.REFERER) : origin;
    }

    /** Compares with the address that the browser requested: {@code Host}, or what a proxy says of it. */
    private static boolean isOfTheConsole(String origin, HttpServletRequest request) {
        URI page;
        try {
            page = new URI(origin);
        } catch (URISyntaxException malformed) {
            return false;
        }
        boolean tls = "https".equals(page.getScheme());
        if (page.getHost() == null || !tls && !"http".equals(page.getScheme())
                || !page.getHost().equalsIgnoreCase(request.getServerName())) {
            return false;
        }
        int port = page.getPort() >= 0 ? page.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
        if (tls == request.getScheme().equals("https")) {
            return port == request.getServerPort();
        }
        // A proxy has ended TLS and says nothing of it. Without a port, Host means another one then.
        return tls && port == (request.getServerPort() == HTTP_PORT ? HTTPS_PORT : request.getServerPort());
    }

    private static void refuse(int status, String why, HttpServletResponse response) throws IOException {
        response.setStatus(status);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(
                ("{\"status\":" + status + ",\"error\":\"" + why + "\"}").getBytes(StandardCharsets.UTF_8));
    }
}
