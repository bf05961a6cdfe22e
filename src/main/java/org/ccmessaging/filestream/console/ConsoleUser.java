package org.ccmessaging.filestream.console;

import org.ccmessaging.filestream.observe.AuditLog;
import org.springframework.context.event.EventListener;
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

    /** Returns who runs the current operation, such as {@code console user admin}. */
    static String current(String client) {
        return client + " user " + name(current());
    }

    static Authentication current() {
        return SecurityContextHolder.getContext().getAuthentication();
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
