package org.ccmessaging.filestream.http;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.stream.Stream;
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

/** Configures the API port where Spring Boot has no property. */
@Configuration(proxyBeanMethods = false)
class ApiPortConfiguration {

    /**
     * Maximum number of requests that wait for the rest of their bodies (decision 0016). A newcomer evicts the oldest.
     * On Java 17 each has a platform thread.
     */
    private static final int MOST_BODIES = 128;

    /** Registers {@link EntryPoints} as the servlet of all paths. Spring's servlet finds it by the name. */
    @Bean
    @ServletRegistration(name = EntryPoints.NAME, urlMappings = "/*", loadOnStartup = 1)
    HttpRequestHandlerServlet apiServlet() {
        return new HttpRequestHandlerServlet();
    }

    /** @param meters later than this, because they are not ready when Spring creates the customizers */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> apiPort(
            DownloadSettings downloads, HttpSettings settings, CorsSettings cors, HttpResponses responses,
            ObjectProvider<MeterRegistry> meters) {
        return factory -> {
            LimitedProtocol.use(factory, () -> new Limits(settings, meters.getObject(), MOST_BODIES,
                    downloads.maxInFlight()));
            factory.addConnectorCustomizers(connector -> {
                // So that EntryPoints refuses TRACE as the contract says. Nothing echoes it.
                connector.setAllowTrace(true);
                // Gateways add headers to the client's. The bound that matters is max-http-request-header-size.
                connector.setProperty("maxHeaderCount", "200");
            });
            factory.addContextCustomizers(context -> {
                // ApiValve.report responds to failures; Tomcat must not dispatch them to the application again.
                Stream.of(context.findErrorPages()).forEach(context::removeErrorPage);
                StandardHost host = (StandardHost) context.getParent();
                // This valve believes every private address and hides the proxy from ApiValve. Spring Boot adds it on
                // Kubernetes, and where the console needs it.
                Pipeline engine = host.getParent().getPipeline();
                Stream.of(engine.getValves()).filter(RemoteIpValve.class::isInstance).forEach(engine::removeValve);
                host.getPipeline().addValve(new ApiValve(responses, cors, settings, meters.getObject()));
                host.setErrorReportValveClass(ApiValve.class.getName());
            });
        };
    }
}
