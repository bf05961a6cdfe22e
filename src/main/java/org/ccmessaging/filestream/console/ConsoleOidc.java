package org.ccmessaging.filestream.console;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.auth.GuessBrake;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientProperties;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientPropertiesMapper;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.HttpSessionOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.oidc.user.OidcUserAuthority;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/** Configures the login to the console through the OpenID Connect providers of {@code spring.security.oauth2.client}. */
final class ConsoleOidc {

    /** The claim that lists roles, and the role that gives access to the console. */
    private static final String ROLES = "roles";
    private static final String OPERATOR = "operator";

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleOidc.class);

    private final OAuth2ClientProperties properties;

    /** Held by the thread that asks the providers for their addresses, which may take a minute. */
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Map<String, ClientRegistration> registrations;

    ConsoleOidc(OAuth2ClientProperties properties) {
        this.properties = properties;
    }

    void configure(HttpSecurity http, AuthenticationFailureHandler failed, GuessBrake brake) throws Exception {
        // Not iterable: Spring Security would list the registrations at startup for the links of its login page.
        ClientRegistrationRepository lazy = this::registration;
        http.oauth2Login(login -> login.clientRegistrationRepository(lazy)
                .authorizedClientRepository(new HttpSessionOAuth2AuthorizedClientRepository())
                .authorizationEndpoint(start -> start.authorizationRequestRepository(new PendingLogins()))
                .defaultSuccessUrl(ConsoleConfiguration.HAWTIO + "/", true)
                .failureHandler((request, response, failure) -> {
                    // The brake bounds the lines of an address: every stranger can send what looks like a response of
                    // the provider.
                    String address = request.getRemoteAddr();
                    brake.attempt(GuessBrake.Where.CONSOLE, address, "OpenID Connect", () -> {
                        ConsoleLogin.failed(null, address, "OpenID Connect: " + reason(failure));
                        return Optional.empty();
                    });
                    failed.onAuthenticationFailure(request, response, failure);
                })
                .userInfoEndpoint(user -> user.userAuthoritiesMapper(ConsoleOidc::authorities)));
        OidcClientInitiatedLogoutSuccessHandler logout = new OidcClientInitiatedLogoutSuccessHandler(lazy);
        logout.setDefaultTargetUrl("/login?logout");
        logout.setPostLogoutRedirectUri("{baseUrl}/login?logout");
        http.logout(out -> out.logoutSuccessHandler(logout));
    }

    /** Returns the names of the clients by the path that starts a login. */
    Map<String, String> links() {
        return properties.getRegistration().keySet().stream()
                .collect(Collectors.toMap(id -> "/oauth2/authorization/" + id, id -> id));
    }

    private static String reason(AuthenticationException failure) {
        return failure instanceof OAuth2AuthenticationException refused ? refused.getError().getErrorCode()
                : failure.getClass().getSimpleName();
    }

    /**
     * Asks the providers at the first login, because the service must start while they are down. Only one thread waits
     * for the response, because every stranger can start a login: a silent provider must not occupy the threads of the
     * management port, which the probes need.
     */
    private ClientRegistration registration(String id) {
        if (registrations == null && properties.getRegistration().containsKey(id)) {
            if (!asking.tryLock()) {
                throw new IllegalStateException("another login waits for the provider");
            }
            try {
                registrations = new OAuth2ClientPropertiesMapper(properties).asClientRegistrations();
            } catch (RuntimeException unavailable) {
                LOG.warn("A login through OpenID Connect cannot start: {}", unavailable.getMessage());
                throw unavailable;
            } finally {
                asking.unlock();
            }
        }
        return registrations == null ? null : registrations.get(id);
    }

    /** Refuses a user without the role, who would otherwise get a session: anybody may have an account of a provider. */
    private static Collection<GrantedAuthority> authorities(Collection<? extends GrantedAuthority> ofProvider) {
        boolean operator = ofProvider.stream().anyMatch(authority -> authority instanceof OidcUserAuthority user
                && user.getAttributes().get(ROLES) instanceof Collection<?> roles && roles.contains(OPERATOR));
        if (!operator) {
            throw new OAuth2AuthenticationException(new OAuth2Error("the user lacks the role"));
        }
        return ConsoleConfiguration.GRANTED;
    }
}
