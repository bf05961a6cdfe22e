package org.ccmessaging.filestream.console;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientProperties;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientPropertiesMapper;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.HttpSessionOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.oidc.user.OidcUserAuthority;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/** Configures the login through the OpenID Connect providers of {@code spring.security.oauth2.client}. */
final class ConsoleOidc {

    private static final String ROLES = "roles";
    private static final String OPERATOR = "operator";

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleOidc.class);

    private final OAuth2ClientProperties properties;

    private final ReentrantLock asking = new ReentrantLock();
    private volatile Map<String, ClientRegistration> registrations;

    ConsoleOidc(OAuth2ClientProperties properties) {
        this.properties = properties;
    }

    void configure(HttpSecurity http, AuthenticationFailureHandler failed) throws Exception {
        // A method reference is not Iterable. Spring Security would read the clients of an Iterable object at startup.
        ClientRegistrationRepository lazy = this::registration;
        http.oauth2Login(login -> login.clientRegistrationRepository(lazy)
                .authorizedClientRepository(new HttpSessionOAuth2AuthorizedClientRepository())
                .authorizationEndpoint(start -> start.authorizationRequestRepository(new PendingLogins()))
                .defaultSuccessUrl(ConsoleConfiguration.HAWTIO + "/", true)
                .failureHandler(failed)
                .userInfoEndpoint(user -> user.userAuthoritiesMapper(ConsoleOidc::authorities)));
        OidcClientInitiatedLogoutSuccessHandler logout = new OidcClientInitiatedLogoutSuccessHandler(lazy);
        logout.setDefaultTargetUrl("/login?logout");
        logout.setPostLogoutRedirectUri("{baseUrl}/login?logout");
        http.logout(out -> out.logoutSuccessHandler(logout));
    }

    /** Returns the name of each client, keyed by the path where its login starts. */
    Map<String, String> links() {
        return properties.getRegistration().keySet().stream()
                .collect(Collectors.toMap(id -> "/oauth2/authorization/" + id, id -> id));
    }

    /**
     * Returns a client; {@code null} for an unknown ID. Asks the providers for their metadata at the first login, so
     * that the service can start while a provider is down. Only one thread may wait for a provider, so that strangers
     * cannot occupy all threads of the management port.
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

    /** Admits users with role {@code operator}. Refuses others, because a provider may give anybody an account. */
    private static Collection<GrantedAuthority> authorities(Collection<? extends GrantedAuthority> ofProvider) {
        List<OidcUserAuthority> users = ofProvider.stream().filter(OidcUserAuthority.class::isInstance)
                .map(OidcUserAuthority.class::cast).toList();
        if (users.stream().anyMatch(user -> user.getAttributes().get(ROLES) instanceof Collection<?> roles
                && roles.contains(OPERATOR))) {
            return ConsoleConfiguration.GRANTED;
        }
        ConsoleLogin.failed(users.isEmpty() ? null : users.get(0).getIdToken().getSubject(), null,
                "the user of the provider lacks the role");
        throw new OAuth2AuthenticationException(OAuth2ErrorCodes.ACCESS_DENIED);
    }
}
