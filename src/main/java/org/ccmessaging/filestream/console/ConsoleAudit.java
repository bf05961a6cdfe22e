package org.ccmessaging.filestream.console;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.ccmessaging.filestream.auth.GuessBrake;
import org.ccmessaging.filestream.observe.AuditLog;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.SimpleUrlAuthenticationSuccessHandler;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.authentication.logout.LogoutHandler;

/** Tells the audit log who logs in to the console, who tries to, and who logs out. */
final class ConsoleAudit extends SimpleUrlAuthenticationSuccessHandler implements LogoutHandler {

    private static final String FAILED = "console login failed";

    private final String granted;

    /**
     * @param firstPage where a user gets to after the login
     * @param granted the authority without which a user gets nowhere
     */
    ConsoleAudit(String firstPage, String granted) {
        super(firstPage);
        setAlwaysUseDefaultTargetUrl(true);
        this.granted = granted;
    }

    @Override
    public void onAuthenticationSuccess(HttpServletRequest request, HttpServletResponse response,
            Authentication user) throws IOException, ServletException {
        boolean mayEnter = user.getAuthorities().stream().anyMatch(it -> it.getAuthority().equals(granted));
        AuditLog.write(mayEnter ? "console login" : FAILED, "userName", ConsoleUser.name(user),
                "address", request.getRemoteAddr(), "reason", mayEnter ? null : "the user lacks the role");
        super.onAuthenticationSuccess(request, response, user);
    }

    /** Records a pair of user and password that was compared and is wrong. */
    static void wrongPassword(String user, String address) {
        AuditLog.write(FAILED, "userName", user, "address", address, "reason", "unknown user or wrong password");
    }

    /**
     * Records failed logins through a provider. The brake bounds the lines of an address, because every stranger can
     * send what looks like the provider's response.
     *
     * @param next answers the request
     */
    static AuthenticationFailureHandler ofProvider(GuessBrake brake, AuthenticationFailureHandler next) {
        return (request, response, failure) -> {
            String address = request.getRemoteAddr();
            brake.attempt(GuessBrake.Where.CONSOLE, address, ConsoleOidc.NAME, () -> {
                AuditLog.write(FAILED, "address", address, "reason", ConsoleOidc.NAME + ": " + reason(failure));
                return Optional.empty();
            });
            next.onAuthenticationFailure(request, response, failure);
        };
    }

    private static String reason(AuthenticationException failure) {
        return failure instanceof OAuth2AuthenticationException refused ? refused.getError().getErrorCode()
                : failure.getClass().getSimpleName();
    }

    @Override
    public void logout(HttpServletRequest request, HttpServletResponse response, Authentication user) {
        if (user != null) {
            AuditLog.write("console logout", "userName", ConsoleUser.name(user), "address", request.getRemoteAddr());
        }
    }

    /** The address that the user of a session logged in from; {@code null} if it is unknown. */
    static String address(Authentication user) {
        return user != null && user.getDetails() instanceof WebAuthenticationDetails request
                ? request.getRemoteAddress() : null;
    }
}
