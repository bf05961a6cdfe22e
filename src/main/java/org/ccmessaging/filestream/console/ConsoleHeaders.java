package org.ccmessaging.filestream.console;

import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.withDefaults;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Tells browsers what pages of the console may load and who may embed them (decision 0020). Hawtio sends headers of its
 * own, which allow more; these replace them.
 */
final class ConsoleHeaders {

    private static final String POLICY = "Content-Security-Policy";
    private static final String REFERRER = "Referrer-Policy";

    /** The login page has a form and a style sheet. */
    private static final String OF_THE_LOGIN = "default-src 'none'; style-src 'self'; img-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /** Hawtio's editor, which shows the source of a route, needs styles in its elements, and workers. */
    private static final String OF_HAWTIO = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "font-src 'self' data:; img-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
            + "manifest-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    private static final RequestMatcher HAWTIO =
            withDefaults().matcher(ConsoleConfiguration.HAWTIO + "/**");

    private ConsoleHeaders() {
    }

    /** Adds to {@code X-Content-Type-Options}, {@code X-Frame-Options} and {@code Cache-Control} of Spring Security. */
    static void configure(HeadersConfigurer<HttpSecurity> headers) {
        headers.addHeaderWriter(ConsoleHeaders::write);
    }

    private static void write(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader(POLICY, HAWTIO.matches(request) ? OF_HAWTIO : OF_THE_LOGIN);
        response.setHeader(REFERRER, "same-origin");
    }
}
