package org.ccmessaging.filestream.http;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.catalina.Pipeline;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.RemoteIpValve;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.function.SingletonSupplier;

/** Configures the API port where Spring Boot has no property. */
@Configuration(proxyBeanMethods = false)
class ApiPortConfiguration {

    /**
     * Maximum number of requests that wait for the rest of their bodies (decision 0016). A newcomer evicts the oldest
     * waiter. On Java 17 each has a platform thread of its own.
     */
    private static final int MOST_BODIES = 128;

    /** @param meters later than this, because they are not ready when Spring creates the customizers */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> apiPort(
            DownloadSettings downloads, HttpSettings settings, Addresses addresses, CorsSettings cors,
            HttpResponses responses, Serving serving, ObjectProvider<MeterRegistry> meters) {
        Supplier<Limits> limits = SingletonSupplier.of(() -> new Limits(settings, addresses, meters.getObject(),
                MOST_BODIES, downloads.maxInFlight()));
        return factory -> {
            factory.setProtocol(LimitedProtocol.class.getName());
            factory.addConnectorCustomizers(connector -> {
                ((LimitedProtocol) connector.getProtocolHandler()).limit(limits.get());
                // Only if Tomcat allows TRACE does ApiValve see it and respond as the contract says.
                connector.setAllowTrace(true);
                // Gateways add headers to the client's. The bound that matters is max-http-request-header-size.
                connector.setProperty("maxHeaderCount", "200");
            });
            factory.addContextCustomizers(context -> {
                // Failures go to ApiValve.report, and not once more through the application.
                Stream.of(context.findErrorPages()).forEach(context::removeErrorPage);
                StandardHost host = (StandardHost) context.getParent();
                // It believes every private address, and hides the proxy from those who ask for a trusted one. Spring
                // Boot adds it on Kubernetes, and where the console needs it.
                Pipeline engine = host.getParent().getPipeline();
                Stream.of(engine.getValves()).filter(RemoteIpValve.class::isInstance).forEach(engine::removeValve);
                host.getPipeline().addValve(
                        new ApiValve(responses, serving, new CrossOrigin(cors), limits.get()));
                host.setErrorReportValveClass(ApiValve.class.getName());
            });
        };
    }
}
