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
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.filter.GenericFilterBean;

/**
 * Refuses requests to Jolokia and to {@code /actuator/routes} that a page of another origin may have sent with the
 * user's cookie (decision 0020): a request whose {@code Origin} or {@code Referer} is not the console's own, and one
 * that is no GET and has neither. All browsers send {@code Origin} with a POST. A script adds the header. Spring
 * Security has compared the token against forged requests by then.
 */
final class ConsoleOrigin extends GenericFilterBean {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain next)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        String path = http.getServletPath();
        boolean guarded = path.equals(JolokiaAccess.SERVLET) || path.startsWith(ConsoleConfiguration.ROUTES);
        String origin = origin(http);
        boolean own = origin == null ? HttpMethod.GET.matches(http.getMethod()) : isOfTheConsole(origin, http);
        if (guarded && !own) {
            JolokiaAccess.refuse(HttpServletResponse.SC_FORBIDDEN,
                    "The request has no Origin, or that of another site", (HttpServletResponse) response);
        } else {
            next.doFilter(request, response);
        }
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
}
