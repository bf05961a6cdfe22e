package org.ccmessaging.filestream.console;

import static org.ccmessaging.filestream.console.ConsoleConfiguration.HAWTIO;
import static org.ccmessaging.filestream.console.ConsoleConfiguration.ICON;
import static org.ccmessaging.filestream.console.ConsoleConfiguration.JOLOKIA;

import com.fasterxml.jackson.databind.node.TextNode;
import io.hawt.HawtioContextListener;
import io.hawt.system.ConfigManager;
import io.hawt.web.auth.AuthConfigurationServlet;
import io.hawt.web.auth.SessionExpiryFilter;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.annotation.WebInitParam;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jolokia.server.core.http.AgentServlet;
import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.boot.web.servlet.ServletRegistration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Registers the servlets and filters of Hawtio and Jolokia, because the auto-configuration of
 * {@code hawtio-springboot} 5.2.0 requires Spring Boot 3.
 */
class ConsoleServlets {

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
        @WebInitParam(name = "allowErrorDetails", value = "false"),
        @WebInitParam(name = "includeStackTrace", value = "false")})
    AgentServlet jolokia(ConsoleSettings settings) {
        return new AgentServlet(settings.readPolicy()) {
            /** Tells Hawtio that Jolokia serves this path. No GET reaches Jolokia, because any link can send a GET. */
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                response.setContentType(MediaType.APPLICATION_JSON_VALUE);
                response.getWriter().write("{\"value\":{\"agent\":\"\"}}");
            }
        };
    }

    /** Ends the session of an inactive user, although the console's pages continue to poll. */
    @Bean
    @FilterRegistration(urlPatterns = HAWTIO + "/*")
    SessionExpiryFilter sessionExpiry() {
        return new SessionExpiryFilter();
    }

    /** Serves the console's files and data. Other paths get {@code index.html}, whose scripts show the path's view. */
    @Bean
    RouterFunction<ServerResponse> pages() throws IOException {
        ClassPathResource files = new ClassPathResource("hawtio-static/");
        String page = files.createRelative("index.html").getContentAsString(StandardCharsets.UTF_8)
                .replace("/hawtio/", HAWTIO + "/");
        HandlerFunction<ServerResponse> show = request -> response(MediaType.TEXT_HTML, page);
        HandlerFunction<ServerResponse> restart =
                request -> ServerResponse.temporaryRedirect(URI.create(HAWTIO + "/")).build();
        return RouterFunctions.route().GET(HAWTIO, restart).GET(HAWTIO + "/login", restart)
                .GET(HAWTIO + "/user", request -> response(MediaType.APPLICATION_JSON, TextNode.valueOf(
                        ConsoleLogin.name((Authentication) request.principal().orElseThrow())).toString()))
                .GET(HAWTIO + "/keycloak/enabled", request -> response(MediaType.APPLICATION_JSON, "false"))
                .GET(HAWTIO + "/proxy/enabled", request -> response(MediaType.TEXT_PLAIN, "false"))
                .GET(HAWTIO + "/preset-connections", request -> response(MediaType.APPLICATION_JSON, "[]"))
                .GET(ICON, request -> ServerResponse.ok().contentType(MediaType.valueOf("image/x-icon"))
                        .body(files.createRelative("favicon.ico")))
                .GET(HAWTIO + "/index.html", show).resources(HAWTIO + "/**", files).GET(HAWTIO + "/**", show).build();
    }

    private static ServerResponse response(MediaType type, String text) {
        return ServerResponse.ok().contentType(type).body(text);
    }

    @Bean
    @ServletRegistration(urlMappings = HAWTIO + "/auth/config/*")
    AuthConfigurationServlet authConfiguration() {
        return new AuthConfigurationServlet(HAWTIO);
    }
}
