package org.ccmessaging.filestream.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.stream.Stream;
import org.apache.catalina.Pipeline;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.coyote.ProtocolHandler;
import org.ccmessaging.filestream.http.connection.Addresses;
import org.ccmessaging.filestream.http.connection.Cuts;
import org.ccmessaging.filestream.http.connection.HttpSettings;
import org.ccmessaging.filestream.http.connection.LimitedProtocol;
import org.ccmessaging.filestream.http.threads.RequestLimit;
import org.ccmessaging.filestream.http.threads.RequestThreads;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.thread.Threading;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.handler.MappedInterceptor;

/** Configures the API port where Spring Boot has no property. */
@Configuration(proxyBeanMethods = false)
class ApiPortConfiguration {

    /**
     * Threads beyond the permits in flight (decision 0012). They serve 401, 503 and token requests while
     * downloads hold all permits.
     */
    private static final int SPARE_THREADS = 32;

    /**
     * Requests that may wait for the rest of their bodies (decision 0030). One more makes the one that has waited
     * longest leave. On Java 17 each has a platform thread of its own.
     */
    private static final int MOST_BODIES = 128;

    /**
     * Spring would respond to OPTIONS by itself. The contract allows one method for each path (section 4.2, 405), and
     * preflights of listed origins (section 8).
     */
    @Bean
    MappedInterceptor respondToOptions(HttpResponses responses) {
        return new MappedInterceptor(null, new HandlerInterceptor() {
            @Override
            public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
                    throws IOException {
                // A request that failed already, as for an unknown path, comes here once more.
                if (!HttpMethod.OPTIONS.matches(request.getMethod())
                        || request.getDispatcherType() == DispatcherType.ERROR) {
                    return true;
                }
                if (CrossOrigin.isPreflight(request) && HttpResponses.takesPost(request)) {
                    CrossOrigin.allowPost(response);
                } else {
                    responses.writeFailure(HttpServletResponse.SC_METHOD_NOT_ALLOWED, request, response);
                }
                return false;
            }
        });
    }

    /** @param cuts later than this, because meters are not ready when Spring makes the customizers */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> apiPort(
            DownloadSettings downloads, HttpSettings settings, Addresses addresses, HttpResponses responses,
            GenerationValve generations, CrossOrigin crossOrigin, Environment environment, ObjectProvider<Cuts> cuts) {
        return factory -> {
            factory.setProtocol(LimitedProtocol.class.getName());
            factory.addConnectorCustomizers(connector -> {
                LimitedProtocol limited = (LimitedProtocol) connector.getProtocolHandler();
                limited.limit(settings, addresses, cuts.getObject(), MOST_BODIES, downloads.maxInFlight());
                if (limited.isSSLEnabled()) {
                    limited.fitTlsIntoHeap();
                }
                // A download keeps its thread while a slow client reads (decision 0012).
                int requests = downloads.maxInFlight() + MOST_BODIES + SPARE_THREADS;
                ProtocolHandler protocol = connector.getProtocolHandler();
                protocol.setExecutor(Threading.VIRTUAL.isActive(environment)
                        ? new RequestLimit(protocol.getExecutor(), requests) : new RequestThreads(requests));
                // Only if Tomcat allows TRACE does ErrorValve see it and respond as the contract says.
                connector.setAllowTrace(true);
                // Gateways add headers to the client's. The bound that matters is max-http-request-header-size.
                connector.setProperty("maxHeaderCount", "200");
            });
            factory.addContextCustomizers(context -> {
                StandardHost host = (StandardHost) context.getParent();
                // It believes every private address, and hides the proxy from those who ask for a trusted one. Spring
                // Boot adds it on Kubernetes, and where the console needs it.
                Pipeline engine = host.getParent().getPipeline();
                Stream.of(engine.getValves()).filter(RemoteIpValve.class::isInstance).forEach(engine::removeValve);
                host.getPipeline().addValve(new RequestIds());
                host.getPipeline().addValve(crossOrigin);
                host.getPipeline().addValve(new UnreadBody());
                host.getPipeline().addValve(generations);
                host.getPipeline().addValve(new AddressLimit(addresses, cuts.getObject(), responses));
                host.getPipeline().addValve(new ErrorValve(responses));
                host.setErrorReportValveClass(ErrorValve.class.getName());
            });
        };
    }
}
