package org.ccmessaging.filestream.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.withDefaults;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientProperties;
import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
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
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.StringUtils;
import org.springframework.web.util.ContentCachingResponseWrapper;
import org.springframework.web.util.HtmlUtils;

/**
 * Configures Spring Security for the management port (decision 0010). {@code ManagementContextConfiguration.imports}
 * registers this class. With {@code @Configuration}, the component scan would also apply the class to the API port.
 */
@ConditionalOnBooleanProperty("hawtio.enabled")
@EnableWebSecurity
@EnableConfigurationProperties(OAuth2ClientProperties.class)
@Import({SecurityFilterAutoConfiguration.class, ConsoleServlets.class, ConsoleLogin.class})
class ConsoleConfiguration {

    static final String HAWTIO = "/actuator/hawtio";
    static final String JOLOKIA = "/actuator/jolokia";
    static final String ICON = "/favicon.ico";
    private static final String ROUTES = "/actuator/routes";
    private static final String LOGIN = "/login";
    private static final String LOGIN_FAILED = LOGIN + "?error";
    private static final String TITLE = "Please sign in";
    private static final String ROLE = "CONSOLE";

    static final List<GrantedAuthority> GRANTED = List.of(new SimpleGrantedAuthority("ROLE_" + ROLE));

    /** Rejects paths such as {@code /actuator//jolokia} with 400. Otherwise Spring Security would log a stack trace. */
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

    /** Replaces the fixed title of the login page with the name of the application and the name of the host or pod. */
    @Bean
    @FilterRegistration(urlPatterns = LOGIN, order = SecurityFilterProperties.DEFAULT_FILTER_ORDER - 1)
    Filter namedLogin(Environment environment) {
        return (request, response, next) -> {
            String title = environment.getProperty("spring.application.name") + " on "
                    + HtmlUtils.htmlEscape(environment.getProperty("HOSTNAME", request.getServerName()));
            ContentCachingResponseWrapper page = new ContentCachingResponseWrapper((HttpServletResponse) response);
            next.doFilter(request, page);
            byte[] named = new String(page.getContentAsByteArray(), UTF_8).replace(TITLE, title).getBytes(UTF_8);
            response.setContentLength(named.length);
            response.getOutputStream().write(named);
        };
    }

    /**
     * Lets scripts call {@code /actuator/routes} with HTTP Basic. Web pages cannot use this login: browsers send
     * {@code Origin} with each POST, and this chain ignores such requests. Status 401 comes without a challenge, so
     * browsers store no password.
     */
    @Bean
    @Order(0)
    SecurityFilterChain commands(HttpSecurity http, ConsoleSettings settings) throws Exception {
        RequestMatcher routes = withDefaults().matcher(ROUTES + "/**");
        http.securityMatcher(request -> settings.hasPassword() && request.getHeader(HttpHeaders.ORIGIN) == null
                && StringUtils.startsWithIgnoreCase(request.getHeader(HttpHeaders.AUTHORIZATION), "Basic ")
                && routes.matches(request));
        http.authorizeHttpRequests(rules -> rules.anyRequest().hasRole(ROLE));
        http.httpBasic(basic -> basic.authenticationEntryPoint(new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED)));
        http.sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
        http.requestCache(RequestCacheConfigurer::disable);
        return http.csrf(AbstractHttpConfigurer::disable).build();
    }

    @Bean
    @Order(1)
    SecurityFilterChain console(HttpSecurity http, ConsoleSettings settings, OAuth2ClientProperties providers)
            throws Exception {
        String[] jolokia = {HAWTIO + "/jolokia/**", JOLOKIA + "/**"};
        http.authorizeHttpRequests(rules -> rules
                .requestMatchers("/actuator/health/**", "/actuator/prometheus").permitAll()
                // An error dispatch belongs to a request that these rules have already checked.
                .dispatcherTypeMatchers(DispatcherType.ERROR).permitAll()
                // Denies CORS preflights. Otherwise Spring MVC would respond with 200.
                .requestMatchers(HttpMethod.OPTIONS).denyAll()
                // Hawtio's scripts ask whether the proxy to other JVMs is enabled.
                .requestMatchers(HAWTIO + "/proxy/enabled").hasRole(ROLE)
                .requestMatchers(HAWTIO + "/proxy/**").denyAll()
                .requestMatchers(HttpMethod.GET, ICON).permitAll()
                // ConsoleServlets handles this GET. Other GETs to Jolokia are denied, because any link can send a GET.
                .requestMatchers(HttpMethod.GET, HAWTIO + "/jolokia").hasRole(ROLE)
                .requestMatchers(HttpMethod.POST, jolokia).hasRole(ROLE)
                .requestMatchers(jolokia).denyAll()
                .requestMatchers(HAWTIO + "/**", ROUTES + "/**", "/actuator/files", "/actuator/info",
                        "/actuator/openapi", "/actuator/sbom/**").hasRole(ROLE)
                .anyRequest().denyAll());
        // Hawtio's scripts need 401 from Jolokia to notice that the session has ended.
        HttpStatusEntryPoint ended = new HttpStatusEntryPoint(HttpStatus.UNAUTHORIZED);
        http.exceptionHandling(failures -> failures
                .defaultAuthenticationEntryPointFor(ended, withDefaults().matcher(jolokia[0]))
                .defaultAuthenticationEntryPointFor(new LoginUrlAuthenticationEntryPoint(LOGIN),
                        withDefaults().matcher(HAWTIO + "/**"))
                .defaultAuthenticationEntryPointFor(ended, AnyRequestMatcher.INSTANCE));
        protectFromOtherPages(http);
        // Hawtio's menu logs out with a GET.
        http.logout(logout -> logout.logoutRequestMatcher(
                withDefaults().matcher(HttpMethod.GET, HAWTIO + "/auth/logout")));
        // The request cache would create a session before the login (decision 0010).
        http.requestCache(RequestCacheConfigurer::disable);
        SimpleUrlAuthenticationFailureHandler failed = new SimpleUrlAuthenticationFailureHandler(LOGIN_FAILED);
        failed.setAllowSessionCreation(false);
        if (settings.hasPassword()) {
            http.formLogin(form -> form.defaultSuccessUrl(HAWTIO + "/", true).failureHandler(failed));
        }
        ConsoleOidc oidc = new ConsoleOidc(providers);
        if (!oidc.links().isEmpty()) {
            oidc.configure(http, failed);
        }
        SecurityFilterChain chain = http.build();
        DefaultLoginPageGeneratingFilter loginPage = http.getSharedObject(DefaultLoginPageGeneratingFilter.class);
        loginPage.setFailureUrl(LOGIN_FAILED);
        // Spring Security adds no links itself, because the client repository in ConsoleOidc is not Iterable.
        loginPage.setOauth2AuthenticationUrlToClientName(oidc.links());
        return chain;
    }

    /**
     * Accepts the CSRF token only in a header, except in the login form. A page on another port of this host can read
     * the token's cookie and send a form, but cannot set a header (decision 0010).
     */
    private static void protectFromOtherPages(HttpSecurity http) throws Exception {
        CsrfTokenRequestAttributeHandler inHeader = new CsrfTokenRequestAttributeHandler() {
            @Override
            public String resolveCsrfTokenValue(HttpServletRequest request, CsrfToken token) {
                return LOGIN.equals(request.getServletPath()) ? super.resolveCsrfTokenValue(request, token)
                        : request.getHeader(token.getHeaderName());
            }
        };
        // Makes each request load the token, so that the first page sets the cookie that Hawtio's scripts read.
        inHeader.setCsrfRequestAttributeName(null);
        CookieCsrfTokenRepository cookies = CookieCsrfTokenRepository.withHttpOnlyFalse();
        cookies.setCookieCustomizer(cookie -> cookie.sameSite("Strict"));
        http.csrf(csrf -> csrf.csrfTokenRepository(cookies).csrfTokenRequestHandler(inHeader));
        // Hawtio's editor needs inline styles and blob: workers.
        http.headers(headers -> headers
                .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                .contentSecurityPolicy(pages -> pages.policyDirectives("default-src 'none'; script-src 'self'; "
                        + "style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; "
                        + "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; form-action 'self'; "
                        + "base-uri 'self'; frame-ancestors 'none'")));
    }
}
