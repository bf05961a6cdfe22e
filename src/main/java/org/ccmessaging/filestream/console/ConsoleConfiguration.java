package org.ccmessaging.filestream.console;

import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.withDefaults;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.auth.GuessBrake;
import org.jolokia.server.core.service.api.Restrictor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.RequestCacheConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.SimpleUrlAuthenticationFailureHandler;
import org.springframework.security.web.authentication.ui.DefaultLoginPageGeneratingFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.session.HttpSessionEventPublisher;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.StringUtils;

/**
 * Secures the management port if the console is on (decision 0010). Health, info, metrics and the interface description
 * need no login, the same as without a console. The console, what it shows, Jolokia, the routes and the bill of
 * materials need one. The last rule denies everything else.
 *
 * <p>Spring Security exists only in the context of the management port, where
 * {@code ManagementContextConfiguration.imports} registers this class. It has no {@code @Configuration}: the
 * application's component scan would find it and secure the API port as well.
 */
@ConditionalOnBooleanProperty("hawtio.enabled")
@EnableWebSecurity
@Import({SecurityFilterAutoConfiguration.class, ConsoleServlets.class, ConsoleUser.class,
        ConsoleSessions.class, HttpSessionEventPublisher.class})
class ConsoleConfiguration {

    static final String HAWTIO = "/actuator/hawtio";
    static final String JOLOKIA = "/actuator/jolokia";
    static final String ROUTES = "/actuator/routes";
    static final String ICON = "/favicon.ico";
    private static final String LOGIN = "/login";
    private static final String LOGIN_FAILED = LOGIN + "?error";
    private static final String ROLE = "CONSOLE";

    static final List<GrantedAuthority> GRANTED = List.of(new SimpleGrantedAuthority("ROLE_" + ROLE));

    @Bean
    Restrictor consolePolicy(ConsoleSettings settings) {
        return settings.readPolicy();
    }

    /**
     * Responds with 400 to odd spellings of a servlet's path ({@code /actuator//jolokia}), which Tomcat normalizes.
     * Spring Security throws an exception at them. That is safe, but gives 500 and a stack trace in the log.
     */
    @Bean
    @FilterRegistration(order = SecurityFilterProperties.DEFAULT_FILTER_ORDER - 1)
    Filter plainPaths() {
        return (request, response, next) -> {
            HttpServletRequest http = (HttpServletRequest) request;
            if (http.getHttpServletMapping().getMappingMatch() == MappingMatch.PATH
                    && !(http.getRequestURI() + "/").startsWith(http.getServletPath() + "/")) {
                ((HttpServletResponse) response).setStatus(HttpServletResponse.SC_BAD_REQUEST);
            } else {
                next.doFilter(request, response);
            }
        };
    }

    /** Refuses no request, and adds no header. It only reads the login: the console's user sees more of the health. */
    @Bean
    @Order(0)
    SecurityFilterChain openToAll(HttpSecurity http, ConsoleSessions sessions) throws Exception {
        http.securityMatcher("/actuator/health/**", "/actuator/info", "/actuator/prometheus", "/actuator/openapi/**");
        http.headers(AbstractHttpConfigurer::disable).csrf(AbstractHttpConfigurer::disable);
        http.logout(AbstractHttpConfigurer::disable).requestCache(RequestCacheConfigurer::disable);
        return http.sessionManagement(sessions::limit).build();
    }

    /**
     * Authenticates each request of a command or a script to {@code /actuator/routes} by HTTP Basic, without a session.
     * A browser sends {@code Origin} with each POST and gets no challenge, so a page cannot use a password that the
     * browser keeps.
     */
    @Bean
    @Order(1)
    SecurityFilterChain commands(HttpSecurity http, ConsoleSettings settings, GuessBrake brake) throws Exception {
        RequestMatcher routes = withDefaults().matcher(ROUTES + "/**");
        http.securityMatcher(request -> settings.hasPassword() && request.getHeader(HttpHeaders.ORIGIN) == null
                && StringUtils.startsWithIgnoreCase(request.getHeader(HttpHeaders.AUTHORIZATION), "Basic ")
                && routes.matches(request));
        http.authorizeHttpRequests(rules -> rules.anyRequest().hasRole(ROLE));
        http.httpBasic(basic -> basic.authenticationEntryPoint(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED)));
        http.authenticationProvider(new ConsolePassword(settings, brake));
        http.sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
        http.requestCache(RequestCacheConfigurer::disable);
        return http.csrf(AbstractHttpConfigurer::disable).build();
    }

    @Bean
    @Order(2)
    SecurityFilterChain console(HttpSecurity http, ConsoleSettings settings, GuessBrake brake,
            ConsoleSessions sessions) throws Exception {
        String[] jolokia = {HAWTIO + "/jolokia/**", JOLOKIA + "/**"};
        http.authorizeHttpRequests(rules -> rules
                // These rules have already allowed or refused the request of an error dispatch.
                .dispatcherTypeMatchers(DispatcherType.ERROR).permitAll()
                // A preflight, to which Spring MVC would respond with 200. No page of another origin may call.
                .requestMatchers(HttpMethod.OPTIONS).denyAll()
                // Hawtio's proxy to other JVMs, but not the question whether it is there.
                .requestMatchers(HAWTIO + "/proxy/enabled").hasRole(ROLE)
                .requestMatchers(HAWTIO + "/proxy/**").denyAll()
                // A browser loads it with the page of the login.
                .requestMatchers(HttpMethod.GET, ICON).permitAll()
                // A link is enough to send a GET, which gets no further than the servlet.
                .requestMatchers(HttpMethod.GET, HAWTIO + "/jolokia").hasRole(ROLE)
                .requestMatchers(HttpMethod.POST, jolokia).hasRole(ROLE)
                .requestMatchers(jolokia).denyAll()
                .requestMatchers(HAWTIO + "/**", ROUTES + "/**", "/actuator/files", "/actuator/sbom/**").hasRole(ROLE)
                .anyRequest().denyAll());
        // A script that polls must see that the session has ended, and not the login page.
        HttpStatusEntryPoint ended = new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED);
        http.exceptionHandling(failures -> failures
                .defaultAuthenticationEntryPointFor(ended, withDefaults().matcher(jolokia[0]))
                .defaultAuthenticationEntryPointFor(new LoginUrlAuthenticationEntryPoint(LOGIN),
                        withDefaults().matcher(HAWTIO + "/**"))
                .defaultAuthenticationEntryPointFor(ended, AnyRequestMatcher.INSTANCE));
        protectFromOtherPages(http);
        // The console's menu logs out with a GET.
        http.logout(logout -> logout.logoutRequestMatcher(
                withDefaults().matcher(HttpMethod.GET, HAWTIO + "/auth/logout")));
        // Before a login the service stores nothing of a request, so a login ends at the console's first page.
        http.requestCache(RequestCacheConfigurer::disable);
        http.sessionManagement(sessions::limit);
        SimpleUrlAuthenticationFailureHandler failed = new SimpleUrlAuthenticationFailureHandler(LOGIN_FAILED);
        failed.setAllowSessionCreation(false);
        if (settings.hasPassword()) {
            http.formLogin(form -> form.defaultSuccessUrl(HAWTIO + "/", true).failureHandler(failed));
            http.authenticationProvider(new ConsolePassword(settings, brake));
        }
        if (settings.hasOidc()) {
            new ConsoleOidc(settings).configure(http, failed, brake);
        }
        SecurityFilterChain chain = http.build();
        DefaultLoginPageGeneratingFilter loginPage = http.getSharedObject(DefaultLoginPageGeneratingFilter.class);
        loginPage.setFailureUrl(LOGIN_FAILED);
        if (settings.hasOidc()) {
            // Spring Security would add this link only if it reached the provider at startup.
            loginPage.setOauth2AuthenticationUrlToClientName(Map.of(ConsoleOidc.START, ConsoleOidc.NAME));
        }
        return chain;
    }

    /**
     * Accepts the CSRF token only as a header, except from the form of the login: a page on another port of this host
     * can read the token's cookie and send forms, but no header (decision 0010).
     *
     * <p>The response headers restrict what pages may load and who may embed them. They replace Hawtio's own, which
     * allow more. Hawtio's editor needs styles in its elements, and workers.
     */
    private static void protectFromOtherPages(HttpSecurity http) throws Exception {
        CsrfTokenRequestAttributeHandler inHeader = new CsrfTokenRequestAttributeHandler() {
            @Override
            public String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken token) {
                return LOGIN.equals(request.getServletPath()) ? super.resolveCsrfTokenValue(request, token)
                        : request.getHeader(token.getHeaderName());
            }
        };
        // So that each request loads the token: Hawtio's scripts read its cookie, which the first page must set.
        inHeader.setCsrfRequestAttributeName(null);
        CookieCsrfTokenRepository cookies = CookieCsrfTokenRepository.withHttpOnlyFalse();
        cookies.setCookieCustomizer(cookie -> cookie.sameSite("Strict"));
        http.csrf(csrf -> csrf.csrfTokenRepository(cookies).csrfTokenRequestHandler(inHeader)
                // A login changes the token. Spring Security's own strategy would delete the cookie and set it as well.
                .sessionAuthenticationStrategy((user, request, response) -> {
                    if (cookies.loadToken(request) != null) {
                        cookies.saveToken(cookies.generateToken(request), request, response);
                    }
                }));
        http.headers(headers -> headers.addHeaderWriter((request, response) -> {
            response.setHeader("Content-Security-Policy", request.getRequestURI().startsWith(HAWTIO)
                    ? "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
                            + "img-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; "
                            + "form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
                    : "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                            + "frame-ancestors 'none'");
            response.setHeader("Referrer-Policy", "same-origin");
        }));
    }
}
