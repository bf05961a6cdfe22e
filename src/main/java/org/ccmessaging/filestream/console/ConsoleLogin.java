package org.ccmessaging.filestream.console;

import java.util.Optional;
import org.ccmessaging.filestream.auth.GuessBrake;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.observe.AuditLog;
import org.ccmessaging.filestream.settings.Secret;
import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.event.InteractiveAuthenticationSuccessEvent;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * Authenticates the configured user by password, and writes logins and logouts to the audit log. The password is not
 * hashed, because a slow hash would let strangers occupy the processor (decision 0017).
 */
record ConsoleLogin(ConsoleSettings settings, GuessBrake brake) implements AuthenticationProvider {

    @Override
    public Authentication authenticate(Authentication login) {
        try {
            return brake.attempt(GuessBrake.Where.CONSOLE, address(login), login.getName(), () -> compare(login))
                    .orElseThrow(() -> new BadCredentialsException("unknown user or wrong password, or too many"));
        } catch (ServiceBusyException busy) {
            throw new AuthenticationServiceException(busy.getMessage(), busy);
        }
    }

    private Optional<Authentication> compare(Authentication login) {
        // The & operator always compares name and password, so that the response time does not show which is wrong.
        boolean right = settings.hasPassword() && new Secret(settings.username()).matches(login.getName())
                & settings.password().matches(String.valueOf(login.getCredentials()));
        if (!right) {
            failed(login.getName(), address(login), "unknown user or wrong password");
            return Optional.empty();
        }
        UsernamePasswordAuthenticationToken user = UsernamePasswordAuthenticationToken.authenticated(
                login.getName(), null, ConsoleConfiguration.GRANTED);
        user.setDetails(login.getDetails());
        return Optional.of(user);
    }

    @Override
    public boolean supports(Class<?> login) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(login);
    }

    @EventListener
    void onLogin(InteractiveAuthenticationSuccessEvent login) {
        write("console login", login.getAuthentication());
    }

    @EventListener
    void onLogout(LogoutSuccessEvent logout) {
        write("console logout", logout.getAuthentication());
    }

    private static void write(String event, Authentication user) {
        AuditLog.write(event, "userName", name(user), "address", address(user));
    }

    static void failed(String userName, String address, String reason) {
        AuditLog.write("console login failed", "userName", userName, "address", address, "reason", reason);
    }

    static String name(Authentication login) {
        return login.getPrincipal() instanceof OidcUser user && user.getPreferredUsername() != null
                ? user.getPreferredUsername() : login.getName();
    }

    /** Returns {@code null} if the address is unknown. */
    static String address(Authentication login) {
        return login.getDetails() instanceof WebAuthenticationDetails request ? request.getRemoteAddress() : null;
    }
}
