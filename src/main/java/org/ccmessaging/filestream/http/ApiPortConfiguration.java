package org.ccmessaging.filestream.http;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.catalina.Pipeline;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.RemoteIpValve;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.ServletRegistration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.context.support.HttpRequestHandlerServlet;

/** Configures what no property of Spring Boot can configure on the API port. */
@Configuration(proxyBeanMethods = false)
class ApiPortConfiguration {

    /** Maximum number of requests that wait for the rest of their bodies (decision 0016). */
    private static final int MOST_BODIES = 128;

    /** Spring finds the handler {@link EntryPoints} by the servlet's name. */
    @Bean
    @ServletRegistration(name = EntryPoints.NAME, urlMappings = "/*", loadOnStartup = 1)
    HttpRequestHandlerServlet apiServlet() {
        return new HttpRequestHandlerServlet();
    }

    /** Applies to a route without an option {@code headerFilterStrategy} of its own. */
    @Bean
    HeaderFilterStrategy withoutCredentials() {
        HttpHeaderFilterStrategy strategy = new HttpHeaderFilterStrategy();
        strategy.setInFilter(HttpConsumer.CREDENTIALS);
        return strategy;
    }

    @Bean
    Watchdog apiWatchdog(HttpSettings settings, DownloadSettings downloads, MeterRegistry meters) {
        return new Watchdog(settings, meters, "api", MOST_BODIES, downloads.maxInFlight());
    }

    /** Takes providers, because meters are not ready when Spring creates the customizers. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> apiPort(
            HttpSettings settings, CorsSettings cors, HttpResponses responses, ObjectProvider<Watchdog> watchdog,
            ObjectProvider<MeterRegistry> meters) {
        return factory -> {
            LimitedProtocol.use(factory, watchdog::getObject);
            factory.addConnectorCustomizers(connector -> {
                // Lets TRACE reach EntryPoints, which responds 405 (contract section 4.2).
                connector.setAllowTrace(true);
                // Raises Tomcat's limit, because gateways add headers. max-http-request-header-size still limits the
                // total size.
                connector.setProperty("maxHeaderCount", "200");
            });
            factory.addContextCustomizers(context -> {
                // ApiValve.report, not an error page, responds to failures.
                Stream.of(context.findErrorPages()).forEach(context::removeErrorPage);
                StandardHost host = (StandardHost) context.getParent();
                // Spring Boot may have added a RemoteIpValve that trusts every private address.
                Pipeline engine = host.getParent().getPipeline();
                Stream.of(engine.getValves()).filter(RemoteIpValve.class::isInstance).forEach(engine::removeValve);
                if (!settings.trustedProxies().isEmpty()) {
                    engine.addValve(trusting(settings.trustedProxies()));
                }
                host.getPipeline().addValve(new ApiValve(responses, cors, meters.getObject()));
                host.setErrorReportValveClass(ApiValve.class.getName());
            });
        };
    }

    private static RemoteIpValve trusting(List<String> networks) {
        RemoteIpValve valve = new RemoteIpValve();
        // Tomcat would read a list without a slash as a regular expression.
        valve.setInternalProxies(networks.stream().map(network -> network.contains("/") ? network
                : network + (network.contains(":") ? "/128" : "/32")).collect(Collectors.joining(",")));
        return valve;
    }
}
