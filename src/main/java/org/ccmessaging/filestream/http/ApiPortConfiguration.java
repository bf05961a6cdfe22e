package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.core.StandardHost;
import org.ccmessaging.filestream.http.threads.RequestThreads;
import org.ccmessaging.filestream.settings.DownloadSettings;
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
     * Platform threads beyond the permits in flight (decision 0012). They serve 401, 503 and token requests while
     * downloads hold all permits.
     */
    private static final int SPARE_THREADS = 32;

    /**
     * Bytes that Tomcat writes to the socket at once (decision 0015). With its default of 8 KiB a file of 40 KB takes
     * seven calls, and each may wake the client for a part. All buffers together take at most this times
     * {@code server.tomcat.max-connections}.
     */
    private static final int SOCKET_WRITE_BYTES = 32 * 1024;

    /** Spring would respond to OPTIONS by itself. The contract allows one method for each path (section 4.2, 405). */
    @Bean
    MappedInterceptor refuseOptions(HttpResponses responses) {
        return new MappedInterceptor(null, new HandlerInterceptor() {
            @Override
            public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
                    throws IOException {
                if (!HttpMethod.OPTIONS.matches(request.getMethod())) {
                    return true;
                }
                responses.writeFailure(HttpServletResponse.SC_METHOD_NOT_ALLOWED, request, response);
                return false;
            }
        });
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> apiPort(
            DownloadSettings downloads, HttpResponses responses, StartValve startValve, Environment environment) {
        return factory -> {
            factory.addConnectorCustomizers(connector -> {
                // A download keeps its platform thread while a slow client reads (decision 0012).
                if (!Threading.VIRTUAL.isActive(environment)) {
                    connector.getProtocolHandler().setExecutor(
                            new RequestThreads(downloads.maxInFlight() + SPARE_THREADS));
                }
                // Outside the heap, because each open connection has a buffer, idle or not.
                connector.setProperty("socket.directBuffer", "true");
                connector.setProperty("socket.appWriteBufSize", Integer.toString(SOCKET_WRITE_BYTES));
                // Only if Tomcat allows TRACE does ErrorValve see it and respond as the contract says.
                connector.setAllowTrace(true);
                // Gateways add headers to the client's. The bound that matters is max-http-request-header-size.
                connector.setProperty("maxHeaderCount", "200");
            });
            factory.addContextCustomizers(context -> {
                StandardHost host = (StandardHost) context.getParent();
                host.getPipeline().addValve(startValve);
                host.getPipeline().addValve(new ErrorValve(responses));
                host.setErrorReportValveClass(ErrorValve.class.getName());
            });
        };
    }
}
