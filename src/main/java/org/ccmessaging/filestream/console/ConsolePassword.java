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
 * Authenticates the configured user by password. The brake slows down guesses. A slow hash of the password would let
 * strangers occupy the processor (decision 0017).
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
        String address = ConsoleUser.address(login);
        return brake.attempt(GuessBrake.Where.CONSOLE, address, login.getName(), () -> compare(login, address))
                .orElseThrow(() -> new BadCredentialsException("unknown user or wrong password, or too many of them"));
    }

    private Optional<Authentication> compare(Authentication login, String address) {
        // Compares both, so that the time does not show which of them is wrong.
        boolean right = username.matches(login.getName()) & password.matches(String.valueOf(login.getCredentials()));
        if (!right) {
            ConsoleAudit.failed(login.getName(), address, "unknown user or wrong password");
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
