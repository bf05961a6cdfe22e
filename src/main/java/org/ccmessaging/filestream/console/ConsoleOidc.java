package org.ccmessaging.filestream.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.web.HttpSessionOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestRedirectFilter;
import org.springframework.security.oauth2.core.oidc.user.OidcUserAuthority;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;

/** Login to the console through an OpenID Connect provider. */
final class ConsoleOidc {

    private static final String REGISTRATION = "console";

    /** Path at which a login starts. */
    static final String START = "/oauth2/authorization/" + REGISTRATION;

    /** Name of the provider on the login page. */
    static final String NAME = "single sign-on";

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleOidc.class);

    private final ConsoleSettings settings;
    private final GrantedAuthority granted;

    /** Held by the thread that asks the provider for its addresses, which may take a minute. */
    private final ReentrantLock asking = new ReentrantLock();
    private volatile ClientRegistration registration;

    /** @param granted the authority of a user who has the configured role */
    ConsoleOidc(ConsoleSettings settings, String granted) {
        this.settings = settings;
        this.granted = new SimpleGrantedAuthority(granted);
    }

    /**
     * @param succeeded answers a login
     * @param failed answers a login that failed
     * @param pending keeps what a login must remember while the user is at the provider
     */
    void configure(HttpSecurity http, AuthenticationSuccessHandler succeeded, AuthenticationFailureHandler failed,
            PendingLogins pending) throws Exception {
        // A repository that cannot list its providers. Spring Security would list them at start for its login links,
        // and so contact the provider. The service must start while the provider is down (decision 0010).
        ClientRegistrationRepository registrations =
                id -> REGISTRATION.equals(id) ? registration() : null;
        OidcClientInitiatedLogoutSuccessHandler logout = new OidcClientInitiatedLogoutSuccessHandler(registrations);
        logout.setDefaultTargetUrl("/login?logout");
        logout.setPostLogoutRedirectUri("{baseUrl}/login?logout");
        http.oauth2Login(login -> login.clientRegistrationRepository(registrations)
                .authorizedClientRepository(new HttpSessionOAuth2AuthorizedClientRepository())
                .authorizationEndpoint(start -> start.authorizationRequestRepository(pending))
                .withObjectPostProcessor(new ObjectPostProcessor<OAuth2AuthorizationRequestRedirectFilter>() {
                    @Override
                    public <F extends OAuth2AuthorizationRequestRedirectFilter> F postProcess(F start) {
                        start.setAuthenticationFailureHandler(ConsoleOidc::noProvider);
                        return start;
                    }
                })
                .successHandler(succeeded)
                .failureHandler(failed)
                .userInfoEndpoint(user -> user.userAuthoritiesMapper(this::authorities)));
        http.logout(out -> out.logoutSuccessHandler(logout));
    }

    /**
     * Asks the provider once. Only one thread waits for it, because every stranger can start a login: a provider that
     * is silent must not occupy the threads of the management port, which the probes need.
     *
     * @throws IllegalStateException if the provider does not answer, or another thread waits for it
     */
    private ClientRegistration registration() {
        if (registration == null) {
            if (!asking.tryLock()) {
                throw new IllegalStateException("another login waits for it");
            }
            try {
                registration = ClientRegistrations.fromIssuerLocation(settings.oidc().issuerUri().toString())
                        .registrationId(REGISTRATION).clientName(NAME)
                        .clientId(settings.oidc().clientId()).clientSecret(settings.oidc().clientSecret().reveal())
                        .scope("openid", "profile").build();
            } finally {
                asking.unlock();
            }
        }
        return registration;
    }

    /** Spring Security would write a stack trace for each login that somebody starts. */
    private static void noProvider(HttpServletRequest request, HttpServletResponse response,
            AuthenticationException failure) throws IOException {
        LOG.warn("A login through OpenID Connect cannot start: {}", failure.getMessage());
        response.sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
    }

    /** @return the granted authority, if the provider says that the user has the role; otherwise nothing */
    private Set<GrantedAuthority> authorities(Collection<? extends GrantedAuthority> ofSpring) {
        boolean hasRole = ofSpring.stream().filter(OidcUserAuthority.class::isInstance)
                .map(OidcUserAuthority.class::cast)
                .anyMatch(user -> roles(user.getAttributes()).contains(settings.role()));
        return hasRole ? Set.of(granted) : Set.of();
    }

    private Collection<?> roles(Map<String, Object> claims) {
        Object claim = claims;
        // A claim may have dots in its own name: some names are URLs.
        if (claims.containsKey(settings.oidc().rolesClaim())) {
            claim = claims.get(settings.oidc().rolesClaim());
        } else {
            for (String name : settings.oidc().rolesClaim().split("\\.")) {
                claim = claim instanceof Map<?, ?> object ? object.get(name) : null;
            }
        }
        if (claim instanceof Collection<?> roles) {
            return roles;
        }
        return claim instanceof String roles ? Arrays.asList(roles.split(" ")) : List.of();
    }
}
