package org.ccmessaging.filestream.console;

import java.util.List;
import java.util.Optional;
import org.ccmessaging.filestream.auth.GuessBrake;
import org.ccmessaging.filestream.settings.Secret;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * Login with the configured user and password. The brake slows down guesses, and not a slow hash of the password:
 * with one of 59 ms, 17 strangers' guesses a second occupy a processor (decision 0017).
 */
final class ConsolePassword implements AuthenticationProvider {

    private final Secret username;
    private final Secret password;
    private final List<GrantedAuthority> granted;
    private final GuessBrake brake;

    /** @param granted the authority of the user */
    ConsolePassword(ConsoleSettings settings, String granted, GuessBrake brake) {
        this.username = new Secret(settings.username());
        this.password = settings.password();
        this.granted = List.of(new SimpleGrantedAuthority(granted));
        this.brake = brake;
    }

    /** @throws BadCredentialsException if user or password is wrong, or the sender must wait after wrong ones */
    @Override
    public Authentication authenticate(Authentication login) {
        String address = ConsoleAudit.address(login);
        return brake.attempt(GuessBrake.Where.CONSOLE, address, login.getName(), () -> compare(login, address))
                .orElseThrow(() -> new BadCredentialsException("unknown user or wrong password, or too many of them"));
    }

    private Optional<Authentication> compare(Authentication login, String address) {
        // Both, so that the time does not show which of them is wrong.
        boolean right = username.matches(login.getName()) & password.matches(String.valueOf(login.getCredentials()));
        if (!right) {
            ConsoleAudit.wrongPassword(login.getName(), address);
            return Optional.empty();
        }
        UsernamePasswordAuthenticationToken user =
                UsernamePasswordAuthenticationToken.authenticated(login.getName(), null, granted);
        user.setDetails(login.getDetails());
        return Optional.of(user);
    }

    @Override
    public boolean supports(Class<?> login) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(login);
    }
}
