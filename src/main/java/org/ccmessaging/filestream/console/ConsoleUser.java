package org.ccmessaging.filestream.console;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jolokia.json.JSONWriter;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Tells Hawtio who is logged in. Hawtio itself knows only logins of its own, which are off, and without a name its menu
 * offers no way to log out.
 */
final class ConsoleUser extends OncePerRequestFilter {

    private static final RequestMatcher USER_PATH =
            PathPatternRequestMatcher.withDefaults().matcher(ConsoleConfiguration.HAWTIO + "/user");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain next)
            throws ServletException, IOException {
        if (!USER_PATH.matches(request)) {
            next.doFilter(request, response);
            return;
        }
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setCharacterEncoding("UTF-8");
        JSONWriter.serialize(name(SecurityContextHolder.getContext().getAuthentication()), response.getWriter());
    }

    /** Who runs this operation: {@code console user} and the name, or {@code JMX} without a login. */
    static String current() {
        return current("console");
    }

    /**
     * Who runs this operation.
     *
     * @param by what the user runs it with: {@code console} or {@code command}
     */
    static String current(String by) {
        Authentication login = SecurityContextHolder.getContext().getAuthentication();
        return login == null ? "JMX" : by + " user " + name(login);
    }

    /** The name of a user, as the provider of the login or the settings have it. */
    static String name(Authentication login) {
        if (login.getPrincipal() instanceof OidcUser user && user.getPreferredUsername() != null) {
            return user.getPreferredUsername();
        }
        return login.getName();
    }
}
