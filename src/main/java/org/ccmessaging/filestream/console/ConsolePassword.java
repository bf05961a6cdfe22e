package org.ccmessaging.filestream.console;

import java.util.Optional;
import org.ccmessaging.filestream.auth.GuessBrake;
import org.ccmessaging.filestream.settings.Secret;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;

/**
 * Authenticates the configured user by password. The brake slows down guesses. A slow hash of the password would let
 * strangers occupy the processor (decision 0017).
 */
record ConsolePassword(ConsoleSettings settings, GuessBrake brake) implements AuthenticationProvider {

    /** @throws BadCredentialsException if user or password is wrong, or the sender must wait after wrong ones */
    @Override
    public Authentication authenticate(Authentication login) {
        String address = ConsoleUser.address(login);
        return brake.attempt(GuessBrake.Where.CONSOLE, address, login.getName(), () -> compare(login, address))
                .orElseThrow(() -> new BadCredentialsException("unknown user or wrong password, or too many of them"));
    }

    private Optional<Authentication> compare(Authentication login, String address) {
        // Compares both, so that the time does not show which of them is wrong.
        boolean right = new Secret(settings.username()).matches(login.getName())
                & settings.password().matches(String.valueOf(login.getCredentials()));
        if (!right) {
            ConsoleUser.loginFailed(login.getName(), address, "unknown user or wrong password");
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
}
