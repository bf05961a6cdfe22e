package org.ccmessaging.filestream.console;

import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.withDefaults;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.brake.GuessBrake;
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
import org.springframework.security.web.authentication.session.ChangeSessionIdAuthenticationStrategy;
import org.springframework.security.web.authentication.session.CompositeSessionAuthenticationStrategy;
import org.springframework.security.web.authentication.ui.DefaultLoginPageGeneratingFilter;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.servletapi.SecurityContextHolderAwareRequestFilter;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.StringUtils;

/**
 * Secures the management port if the console is on (decision 0020). Probes, scrapers and readers of the interface
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
    SecurityFilterChain health() throws ServletException {
        HttpSessionSecurityContextRepository sessions = new HttpSessionSecurityContextRepository();
        sessions.setAllowSessionCreation(false);
        SecurityContextHolderAwareRequestFilter principal = new SecurityContextHolderAwareRequestFilter();
        principal.afterPropertiesSet();
        return new DefaultSecurityFilterChain(anyOf("/actuator/health", "/actuator/health/**"),
                new SecurityContextHolderFilter(sessions), principal);
    }

    /** Has no filter, so these paths respond the same with and without a console. */
    @Bean
    @Order(1)
    SecurityFilterChain openToAll() {
        return new DefaultSecurityFilterChain(anyOf("/actuator/info", "/actuator/prometheus", "/actuator/openapi",
                "/actuator/openapi/**"));
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
        http.authenticationProvider(new ConsolePassword(settings, "ROLE_" + ROLE, brake));
        http.sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
        http.requestCache(RequestCacheConfigurer::disable);
        return http.csrf(AbstractHttpConfigurer::disable).build();
    }

    @Bean
    @Order(3)
    SecurityFilterChain console(HttpSecurity http, ConsoleSettings settings, GuessBrake brake, Clock clock)
            throws Exception {
        RequestMatcher jolokia = anyOf(HAWTIO + "/jolokia", HAWTIO + "/jolokia/**");
        http.authorizeHttpRequests(rules -> rules
                // These rules have already allowed or refused the request of an error dispatch.
                .dispatcherTypeMatchers(DispatcherType.ERROR).permitAll()
                // Hawtio's proxy to other JVMs.
                .requestMatchers(anyOf(HAWTIO + "/proxy", HAWTIO + "/proxy/**")).denyAll()
                .requestMatchers(anyOf(HAWTIO, HAWTIO + "/**", "/actuator/jolokia", "/actuator/jolokia/**",
                        ROUTES, ROUTES + "/**", "/actuator/sbom", "/actuator/sbom/**"))
                .hasRole(ROLE)
                .anyRequest().denyAll());
        // Hawtio's scripts read the token from the cookie, so the first page must set it. A handler without an
        // attribute name loads the token with every request.
        CsrfTokenRequestAttributeHandler csrfTokens = new CsrfTokenRequestAttributeHandler();
        csrfTokens.setCsrfRequestAttributeName(null);
        CookieCsrfTokenRepository csrfCookie = CookieCsrfTokenRepository.withHttpOnlyFalse();
        csrfCookie.setCookieCustomizer(cookie -> cookie.sameSite("Strict"));
        http.csrf(csrf -> csrf.csrfTokenRepository(csrfCookie).csrfTokenRequestHandler(csrfTokens));
        ConsoleAudit audit = new ConsoleAudit(HAWTIO + "/", "ROLE_" + ROLE);
        // The console's menu logs out with a GET.
        http.logout(logout -> logout.addLogoutHandler(audit).logoutRequestMatcher(
                withDefaults().matcher(HttpMethod.GET, HAWTIO + "/auth/logout")));
        http.addFilterAfter(new ConsoleUser(), AuthorizationFilter.class);
        http.addFilterAfter(new JolokiaAccess(), AuthorizationFilter.class);
        http.addFilterAfter(new ConsoleOrigin(), JolokiaAccess.class);
        http.headers(ConsoleHeaders::configure);
        // Before a login the service keeps nothing of a request. A user gets to the console's first page, wherever the
        // first request went.
        http.requestCache(RequestCacheConfigurer::disable);
        http.sessionManagement(sessions -> sessions.sessionAuthenticationStrategy(
                new CompositeSessionAuthenticationStrategy(
                        List.of(new ChangeSessionIdAuthenticationStrategy(), new ConsoleSessions()))));
        SimpleUrlAuthenticationFailureHandler failed = new SimpleUrlAuthenticationFailureHandler(LOGIN_FAILED);
        failed.setAllowSessionCreation(false);
        http.exceptionHandling(failures -> failures
                // A script that polls must see that the session has ended, and not the login page.
                .defaultAuthenticationEntryPointFor(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED), jolokia)
                .defaultAuthenticationEntryPointFor(new LoginUrlAuthenticationEntryPoint(LOGIN),
                        anyOf(HAWTIO, HAWTIO + "/**"))
                .defaultAuthenticationEntryPointFor(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED),
                        withDefaults().matcher("/**")));
        if (settings.hasPassword()) {
            http.formLogin(form -> form.successHandler(audit).failureHandler(failed));
            http.authenticationProvider(new ConsolePassword(settings, "ROLE_" + ROLE, brake));
        }
        if (settings.hasOidc()) {
            new ConsoleOidc(settings, "ROLE_" + ROLE).configure(http, audit,
                    ConsoleAudit.ofProvider(brake, failed), new LoginCookie(clock));
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

    private static RequestMatcher anyOf(String... patterns) {
        return new OrRequestMatcher(List.of(patterns).stream()
                .<RequestMatcher>map(pattern -> withDefaults().matcher(pattern)).toList());
    }
}
