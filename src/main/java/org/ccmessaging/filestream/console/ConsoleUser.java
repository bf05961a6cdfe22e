package org.ccmessaging.filestream.console;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.ccmessaging.filestream.observe.AuditLog;
import org.jolokia.json.JSONWriter;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.event.InteractiveAuthenticationSuccessEvent;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Identifies the users of the console, and writes their logins and logouts to the audit log. */
final class ConsoleUser {

    @EventListener
    void onLogin(InteractiveAuthenticationSuccessEvent login) {
        Authentication user = login.getAuthentication();
        if (user.getAuthorities().containsAll(ConsoleConfiguration.GRANTED)) {
            write("console login", user);
        } else {
            loginFailed(name(user), address(user), "the user lacks the role");
        }
    }

    @EventListener
    void onLogout(LogoutSuccessEvent logout) {
        write("console logout", logout.getAuthentication());
    }

    private static void write(String event, Authentication user) {
        AuditLog.write(event, "userName", name(user), "address", address(user));
    }

    static void loginFailed(String userName, String address, String reason) {
        AuditLog.write("console login failed", "userName", userName, "address", address, "reason", reason);
    }

    /**
     * Responds to Hawtio's request for the name of the user, which it shows in the menu that offers the logout. Hawtio
     * itself knows only its own logins, which are off.
     */
    static void respond(ServletRequest request, ServletResponse response, FilterChain next)
            throws ServletException, IOException {
        if (!((HttpServletRequest) request).getRequestURI().equals(ConsoleConfiguration.HAWTIO + "/user")) {
            next.doFilter(request, response);
            return;
        }
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setCharacterEncoding("UTF-8");
        JSONWriter.serialize(name(SecurityContextHolder.getContext().getAuthentication()), response.getWriter());
    }

    /** Returns who runs the current operation, such as {@code console user admin}. */
    static String current(String client) {
        return client + " user " + name(SecurityContextHolder.getContext().getAuthentication());
    }

    /** Returns the name of a user, as the provider of the login or the settings have it. */
    static String name(Authentication login) {
        return login.getPrincipal() instanceof OidcUser user && user.getPreferredUsername() != null
                ? user.getPreferredUsername() : login.getName();
    }

    /** Returns the address that a user logged in from; {@code null} if it is unknown. */
    static String address(Authentication login) {
        return login.getDetails() instanceof WebAuthenticationDetails request ? request.getRemoteAddress() : null;
    }
}
