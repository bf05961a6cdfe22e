package org.ccmessaging.filestream.console;

import com.github.benmanes.caffeine.cache.Ticker;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.ccmessaging.filestream.auth.GuessBrake;
import org.ccmessaging.filestream.auth.TokenSettings.Claims;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.web.HttpSessionOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.oidc.user.OidcUserAuthority;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/** Configures the login to the console through an OpenID Connect provider. */
final class ConsoleOidc {

    private static final String REGISTRATION = "console";

    /** Path that redirects to the provider. */
    static final String START = "/oauth2/authorization/" + REGISTRATION;

    /** Name of the provider on the login page and in the audit log. */
    static final String NAME = "single sign-on";

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleOidc.class);

    private final ConsoleSettings settings;

    /** Held by the thread that asks the provider for its addresses, which may take a minute. */
    private final ReentrantLock asking = new ReentrantLock();
    private volatile ClientRegistration registration;

    ConsoleOidc(ConsoleSettings settings) {
        this.settings = settings;
    }

    void configure(HttpSecurity http, AuthenticationFailureHandler failed, GuessBrake brake) throws Exception {
        // Not iterable: Spring Security would list the registrations at startup for the links of its login page, and so
        // contact the provider. The service must start while the provider is down (decision 0010).
        ClientRegistrationRepository registrations = id -> REGISTRATION.equals(id) ? registration() : null;
        http.oauth2Login(login -> login.clientRegistrationRepository(registrations)
                .authorizedClientRepository(new HttpSessionOAuth2AuthorizedClientRepository())
                .authorizationEndpoint(start -> start.authorizationRequestRepository(
                        new PendingLogins(Ticker.systemTicker())))
                .defaultSuccessUrl(ConsoleConfiguration.HAWTIO + "/", true)
                .failureHandler((request, response, failure) -> {
                    // The brake bounds the lines of an address: every stranger can send what looks like a response of
                    // the provider.
                    String address = request.getRemoteAddr();
                    brake.attempt(GuessBrake.Where.CONSOLE, address, NAME, () -> {
                        ConsoleUser.loginFailed(null, address, NAME + ": " + reason(failure));
                        return Optional.empty();
                    });
                    failed.onAuthenticationFailure(request, response, failure);
                })
                .userInfoEndpoint(user -> user.userAuthoritiesMapper(this::authorities)));
        OidcClientInitiatedLogoutSuccessHandler logout = new OidcClientInitiatedLogoutSuccessHandler(registrations);
        logout.setDefaultTargetUrl("/login?logout");
        logout.setPostLogoutRedirectUri("{baseUrl}/login?logout");
        http.logout(out -> out.logoutSuccessHandler(logout));
    }

    private static String reason(AuthenticationException failure) {
        return failure instanceof OAuth2AuthenticationException refused ? refused.getError().getErrorCode()
                : failure.getClass().getSimpleName();
    }

    /**
     * Asks the provider once. Only one thread waits for the response, because every stranger can start a login: a
     * silent provider must not occupy the threads of the management port, which the probes need.
     */
    private ClientRegistration registration() {
        if (registration == null) {
            if (!asking.tryLock()) {
                throw new IllegalStateException("another login waits for the provider");
            }
            try {
                registration = ClientRegistrations.fromIssuerLocation(settings.oidc().issuerUri().toString())
                        .registrationId(REGISTRATION).clientName(NAME).clientId(settings.oidc().clientId())
                        .clientSecret(settings.oidc().clientSecret().reveal()).scope("openid", "profile").build();
            } catch (RuntimeException unavailable) {
                LOG.warn("A login through OpenID Connect cannot start: {}", unavailable.getMessage());
                throw unavailable;
            } finally {
                asking.unlock();
            }
        }
        return registration;
    }

    /** Returns the granted authority if the provider lists the role among the user's; otherwise nothing. */
    private Collection<GrantedAuthority> authorities(Collection<? extends GrantedAuthority> ofProvider) {
        return ofProvider.stream().anyMatch(authority -> authority instanceof OidcUserAuthority user
                && roles(user.getAttributes()).contains(settings.role())) ? ConsoleConfiguration.GRANTED : List.of();
    }

    private Collection<?> roles(Map<String, Object> claims) {
        // The name of a claim may contain dots: some names are URLs.
        Object claim = Claims.value(claims, settings.oidc().rolesClaim());
        if (claim instanceof Collection<?> roles) {
            return roles;
        }
        return claim instanceof String roles ? Arrays.asList(roles.split(" ")) : List.of();
    }
}
