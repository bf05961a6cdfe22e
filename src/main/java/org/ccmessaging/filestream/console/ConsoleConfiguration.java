package org.ccmessaging.filestream.console;

import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.withDefaults;

import com.github.benmanes.caffeine.cache.Ticker;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.auth.GuessBrake;
import org.jolokia.server.core.service.api.Restrictor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.filter.OrderedCharacterEncodingFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.RequestCacheConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.SimpleUrlAuthenticationFailureHandler;
import org.springframework.security.web.authentication.ui.DefaultLoginPageGeneratingFilter;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.servletapi.SecurityContextHolderAwareRequestFilter;
import org.springframework.security.web.session.ConcurrentSessionFilter;
import org.springframework.security.web.session.HttpSessionEventPublisher;
import org.springframework.security.web.session.SessionInformationExpiredStrategy;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.StringUtils;

/**
 * Secures the management port if the console is on (decision 0010). Probes, scrapers and readers of the interface
 * description need no login, as without a console. The console, Jolokia, the routes and the bill of materials need one.
 * The last rule denies everything else.
 *
 * <p>Spring Security exists in the management port's context alone, where
 * {@code ManagementContextConfiguration.imports} registers this class. It has no {@code @Configuration}: the
 * application's scan would find it and secure the API port as well.
 */
@ConditionalOnBooleanProperty("hawtio.enabled")
@EnableWebSecurity
class ConsoleConfiguration {

    static final String HAWTIO = "/actuator/hawtio";
    static final String ROUTES = "/actuator/routes";
    private static final String LOGIN = "/login";
    private static final String LOGIN_FAILED = LOGIN + "?error";
    private static final String ROLE = "CONSOLE";
    private static final int BEFORE_ALL_OTHER_FILTERS = -100;

    /** Responds to a session that was one too many as to anybody who is not logged in. */
    private static final SessionInformationExpiredStrategy ENDED = ended ->
            ended.getFilterChain().doFilter(ended.getRequest(), ended.getResponse());

    @Bean
    Restrictor consolePolicy(ConsoleSettings settings) {
        return ConsolePolicy.read(settings.policy());
    }

    /** Filters every kind of dispatch, because Hawtio forwards to Jolokia, which is a servlet of its own. */
    @Bean
    DelegatingFilterProxyRegistrationBean consoleSecurity() {
        DelegatingFilterProxyRegistrationBean filter =
                new DelegatingFilterProxyRegistrationBean("springSecurityFilterChain");
        filter.setOrder(BEFORE_ALL_OTHER_FILTERS);
        filter.setDispatcherTypes(EnumSet.allOf(DispatcherType.class));
        return filter;
    }

    /** Reads forms as UTF-8, in which browsers send them without naming it. Otherwise only an ASCII password works. */
    @Bean
    OrderedCharacterEncodingFilter formsAreUtf8() {
        OrderedCharacterEncodingFilter filter = new OrderedCharacterEncodingFilter();
        filter.setEncoding(StandardCharsets.UTF_8.name());
        return filter;
    }

    /**
     * Refuses spellings of Jolokia's path that Tomcat takes for it and Spring does not ({@code /actuator//jolokia}).
     * Spring Security fails on them, which is safe, but it writes a stack trace and responds with 500.
     */
    @Bean
    FilterRegistrationBean<Filter> plainPaths() {
        FilterRegistrationBean<Filter> filter = new FilterRegistrationBean<>((request, response, next) -> {
            HttpServletRequest http = (HttpServletRequest) request;
            boolean ofAServlet = http.getHttpServletMapping().getMappingMatch() == MappingMatch.PATH;
            if (ofAServlet && !(http.getRequestURI() + "/").startsWith(http.getServletPath() + "/")) {
                ((HttpServletResponse) response).setStatus(HttpServletResponse.SC_BAD_REQUEST);
            } else {
                next.doFilter(request, response);
            }
        });
        filter.setOrder(BEFORE_ALL_OTHER_FILTERS - 1);
        return filter;
    }

    /** Turns off Spring Security's meters: a hundred series that say nothing about downloads. */
    @Bean
    SecurityObservationSettings noObservations() {
        return SecurityObservationSettings.noObservations();
    }

    /** Refuses nobody. It learns who is logged in, because {@code /actuator/health} tells them more. */
    @Bean
    @Order(0)
    SecurityFilterChain health(ConsoleSessions sessions) throws ServletException {
        HttpSessionSecurityContextRepository logins = new HttpSessionSecurityContextRepository();
        logins.setAllowSessionCreation(false);
        SecurityContextHolderAwareRequestFilter principal = new SecurityContextHolderAwareRequestFilter();
        principal.afterPropertiesSet();
        return new DefaultSecurityFilterChain(anyOf("/actuator/health", "/actuator/health/**"),
                new SecurityContextHolderFilter(logins), new ConcurrentSessionFilter(sessions, ENDED), principal);
    }

    /** Has no filter, so these paths respond the same with and without a console. */
    @Bean
    @Order(1)
    SecurityFilterChain openToAll() {
        return new DefaultSecurityFilterChain(anyOf("/actuator/info", "/actuator/prometheus", "/actuator/openapi",
                "/actuator/openapi/**"));
    }

    @Bean
    ConsoleSessions sessions() {
        return new ConsoleSessions();
    }

    /** Tells {@link ConsoleSessions} of sessions that end. */
    @Bean
    HttpSessionEventPublisher endedSessions() {
        return new HttpSessionEventPublisher();
    }

    /**
     * Lets commands and scripts log in with each request to {@code /actuator/routes} (HTTP Basic), without a session. A
     * browser sends {@code Origin} with each POST and gets no challenge, so a page cannot use a password that a browser
     * keeps.
     */
    @Bean
    @Order(2)
    SecurityFilterChain commands(HttpSecurity http, ConsoleSettings settings, GuessBrake brake) throws Exception {
        RequestMatcher routes = anyOf(ROUTES, ROUTES + "/**");
        http.securityMatcher(request -> settings.hasPassword() && request.getHeader(HttpHeaders.ORIGIN) == null
                && StringUtils.startsWithIgnoreCase(request.getHeader(HttpHeaders.AUTHORIZATION), "Basic ")
                && routes.matches(request));
        http.authorizeHttpRequests(rules -> rules.anyRequest().hasRole(ROLE));
        http.httpBasic(basic -> basic.authenticationEntryPoint(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED)));
        if (settings.hasPassword()) {
            http.authenticationProvider(new ConsolePassword(settings, "ROLE_" + ROLE, brake));
        }
        http.sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
        http.requestCache(RequestCacheConfigurer::disable);
        return http.csrf(AbstractHttpConfigurer::disable).build();
    }

    @Bean
    @Order(3)
    SecurityFilterChain console(HttpSecurity http, ConsoleSettings settings, GuessBrake brake,
            ConsoleSessions consoleSessions) throws Exception {
        RequestMatcher jolokia = anyOf(HAWTIO + "/jolokia", HAWTIO + "/jolokia/**", "/actuator/jolokia",
                "/actuator/jolokia/**");
        http.authorizeHttpRequests(rules -> rules
                // These rules have already allowed or refused the request of an error dispatch.
                .dispatcherTypeMatchers(DispatcherType.ERROR).permitAll()
                // Hawtio's proxy to other JVMs.
                .requestMatchers(anyOf(HAWTIO + "/proxy", HAWTIO + "/proxy/**")).denyAll()
                // A link is enough to send a GET.
                .requestMatchers(request -> !HttpMethod.POST.matches(request.getMethod()) && jolokia.matches(request))
                .denyAll()
                .requestMatchers(jolokia, anyOf(HAWTIO, HAWTIO + "/**", ROUTES, ROUTES + "/**", "/actuator/sbom",
                        "/actuator/sbom/**")).hasRole(ROLE)
                .anyRequest().denyAll());
        // Hawtio's scripts read the token from the cookie, so the first page must set it. A handler without an
        // attribute name loads the token with every request.
        TokenHandler csrfTokens = new TokenHandler();
        csrfTokens.setCsrfRequestAttributeName(null);
        CookieCsrfTokenRepository csrfCookie = CookieCsrfTokenRepository.withHttpOnlyFalse();
        csrfCookie.setCookieCustomizer(cookie -> cookie.sameSite("Strict"));
        http.csrf(csrf -> csrf.csrfTokenRepository(csrfCookie).csrfTokenRequestHandler(csrfTokens));
        ConsoleAudit audit = new ConsoleAudit(HAWTIO + "/", "ROLE_" + ROLE);
        // The console's menu logs out with a GET.
        http.logout(logout -> logout.addLogoutHandler(audit).logoutRequestMatcher(
                withDefaults().matcher(HttpMethod.GET, HAWTIO + "/auth/logout")));
        http.addFilterAfter(new ConsoleUser(), AuthorizationFilter.class);
        http.headers(headers -> headers.addHeaderWriter(ConsoleConfiguration::writeHeaders));
        // Before a login the service keeps nothing of a request. A user gets to the console's first page, wherever the
        // first request went.
        http.requestCache(RequestCacheConfigurer::disable);
        http.sessionManagement(sessions -> sessions.maximumSessions(ConsoleSessions.MOST_OF_A_USER)
                .sessionRegistry(consoleSessions).expiredSessionStrategy(ENDED));
        SimpleUrlAuthenticationFailureHandler failed = new SimpleUrlAuthenticationFailureHandler(LOGIN_FAILED);
        failed.setAllowSessionCreation(false);
        leadToLogin(http, jolokia);
        if (settings.hasPassword()) {
            http.formLogin(form -> form.successHandler(audit).failureHandler(failed));
            http.authenticationProvider(new ConsolePassword(settings, "ROLE_" + ROLE, brake));
        }
        if (settings.hasOidc()) {
            new ConsoleOidc(settings, "ROLE_" + ROLE).configure(http, audit,
                    ConsoleAudit.ofProvider(brake, failed), new PendingLogins(Ticker.systemTicker()));
        }
        SecurityFilterChain chain = http.build();
        DefaultLoginPageGeneratingFilter loginPage = http.getSharedObject(DefaultLoginPageGeneratingFilter.class);
        loginPage.setFailureUrl(LOGIN_FAILED);
        if (settings.hasOidc()) {
            // Spring Security makes this link only if it reaches the provider at start, which the service does not wait
            // for.
            loginPage.setOauth2AuthenticationUrlToClientName(Map.of(ConsoleOidc.START, ConsoleOidc.NAME));
        }
        return chain;
    }

    /** A script that polls must see that the session has ended, and not the login page. */
    private static void leadToLogin(HttpSecurity http, RequestMatcher jolokia) throws Exception {
        RequestMatcher hawtio = anyOf(HAWTIO, HAWTIO + "/**");
        http.exceptionHandling(failures -> failures
                .defaultAuthenticationEntryPointFor(new LoginUrlAuthenticationEntryPoint(LOGIN),
                        request -> hawtio.matches(request) && !jolokia.matches(request))
                .defaultAuthenticationEntryPointFor(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED),
                        withDefaults().matcher("/**")));
    }

    private static RequestMatcher anyOf(String... patterns) {
        return new OrRequestMatcher(Stream.of(patterns)
                .<RequestMatcher>map(pattern -> withDefaults().matcher(pattern)).toList());
    }

    /**
     * Takes the token from the header, except from the form of the login. A page of another port of this host can read
     * the cookie of the token and send forms, but a browser lets it send no header (decision 0010).
     */
    private static final class TokenHandler extends CsrfTokenRequestAttributeHandler {

        @Override
        public String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken token) {
            return LOGIN.equals(request.getServletPath()) ? super.resolveCsrfTokenValue(request, token)
                    : request.getHeader(token.getHeaderName());
        }
    }

    /**
     * Says what pages may load and who may embed them. Hawtio sends headers of its own, which allow more; these replace
     * them. Hawtio's editor needs styles in its elements, and workers.
     */
    private static void writeHeaders(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", request.getRequestURI().startsWith(HAWTIO)
                ? "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
                        + "img-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; "
                        + "form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
                : "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                        + "frame-ancestors 'none'");
        response.setHeader("Referrer-Policy", "same-origin");
    }
}
