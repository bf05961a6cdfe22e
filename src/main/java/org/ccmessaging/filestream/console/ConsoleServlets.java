package org.ccmessaging.filestream.console;

import static org.ccmessaging.filestream.console.ConsoleConfiguration.HAWTIO;
import static org.ccmessaging.filestream.console.ConsoleConfiguration.JOLOKIA;

import io.hawt.HawtioContextListener;
import io.hawt.springboot.TrailingSlashFilter;
import io.hawt.system.ConfigManager;
import io.hawt.web.auth.AuthConfigurationServlet;
import io.hawt.web.auth.AuthenticationConfiguration;
import io.hawt.web.auth.ClientRouteRedirectFilter;
import io.hawt.web.auth.Redirector;
import io.hawt.web.auth.SessionExpiryFilter;
import io.hawt.web.auth.keycloak.KeycloakServlet;
import io.hawt.web.filters.BaseTagHrefFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.annotation.WebInitParam;
import java.util.stream.Stream;
import org.jolokia.server.core.http.AgentServlet;
import org.jolokia.server.core.service.api.Restrictor;
import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.boot.web.servlet.ServletRegistration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Registers the servlets and filters of Hawtio and Jolokia on the management port: the parts of Hawtio's own
 * configuration that a console behind another login needs. That of {@code hawtio-springboot} 5.2.0 requires Spring
 * Boot 3 (docs/upgrading.md).
 */
class ConsoleServlets implements WebMvcConfigurer {

    private final Redirector redirector = new Redirector();

    ConsoleServlets() {
        redirector.setApplicationContextPath(HAWTIO);
    }

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler(HAWTIO + "/**").addResourceLocations("classpath:/hawtio-static/");
    }

    /** Hands the settings below {@code hawtio} to the servlets and filters, and registers Hawtio's MBeans. */
    @Bean
    HawtioContextListener hawtioContextListener(Environment environment) {
        return new HawtioContextListener(new ConfigManager(key -> environment.getProperty("hawtio." + key))) {
            @Override
            public void contextInitialized(ServletContextEvent starting) {
                super.contextInitialized(starting);
                starting.getServletContext().setAttribute(SessionExpiryFilter.SERVLET_PATH, HAWTIO);
            }
        };
    }

    @Bean
    @ServletRegistration(urlMappings = {JOLOKIA + "/*", HAWTIO + "/jolokia/*"}, initParameters = {
        // Details of an error are only in the log, not in a response.
        @WebInitParam(name = "allowErrorDetails", value = "false"),
        @WebInitParam(name = "includeStackTrace", value = "false")})
    AgentServlet jolokia(Restrictor policy) {
        return new AgentServlet(policy);
    }

    /** Ends the session of a user who has left, although the console's pages go on to poll. */
    @Bean
    @FilterRegistration(order = 1, urlPatterns = HAWTIO + "/*")
    SessionExpiryFilter sessionExpiry() {
        return new SessionExpiryFilter();
    }

    @Bean
    @FilterRegistration(order = 2, urlPatterns = HAWTIO)
    TrailingSlashFilter trailingSlash() {
        return new TrailingSlashFilter(redirector);
    }

    /** Responds with the console's only page to the paths of its views. */
    @Bean
    @FilterRegistration(order = 3, urlPatterns = HAWTIO + "/*")
    ClientRouteRedirectFilter clientRoutes() {
        ClientRouteRedirectFilter views = new ClientRouteRedirectFilter(
                Stream.of(AuthenticationConfiguration.UNSECURED_PATHS).map(HAWTIO::concat).toArray(String[]::new),
                HAWTIO);
        views.setRedirector(redirector);
        return views;
    }

    @Bean
    @FilterRegistration(order = 4, urlPatterns = HAWTIO + "/index.html",
            dispatcherTypes = {DispatcherType.REQUEST, DispatcherType.FORWARD},
            initParameters = @WebInitParam(name = BaseTagHrefFilter.PARAM_APPLICATION_CONTEXT_PATH, value = HAWTIO))
    BaseTagHrefFilter baseTag() {
        return new BaseTagHrefFilter();
    }

    // What the console's pages ask for when they load.

    @Bean
    @ServletRegistration(urlMappings = HAWTIO + "/auth/config/*")
    AuthConfigurationServlet authConfiguration() {
        return new AuthConfigurationServlet(HAWTIO);
    }

    @Bean
    @ServletRegistration(urlMappings = HAWTIO + "/keycloak/*")
    KeycloakServlet keycloak() {
        return new KeycloakServlet();
    }
}
