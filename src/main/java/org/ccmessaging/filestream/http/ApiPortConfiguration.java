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

/** Sets up the API port where no property of Spring Boot can. */
@Configuration(proxyBeanMethods = false)
class ApiPortConfiguration {

    /** Threads beyond the permits in flight: they answer 401, 503 and token requests while all permits are taken. */
    private static final int SPARE_THREADS = 32;

    /**
     * Bytes that Tomcat writes to the socket at once (decision 0015). Its default of 8 KiB makes seven calls of a file
     * of 40 KB, and each may wake the client for a part. Times {@code server.tomcat.max-connections} it is the most
     * memory that all buffers take.
     */
    private static final int SOCKET_WRITE_BYTES = 32 * 1024;

    /** Spring would answer OPTIONS by itself; the contract has one method for a path (section 4.2, 405). */
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
                // A download keeps its thread while a slow client reads.
                if (!Threading.VIRTUAL.isActive(environment)) {
                    connector.getProtocolHandler().setExecutor(
                            new RequestThreads(downloads.maxInFlight() + SPARE_THREADS));
                }
                // Outside the heap, since each open connection has a buffer, idle or not.
                connector.setProperty("socket.directBuffer", "true");
                connector.setProperty("socket.appWriteBufSize", Integer.toString(SOCKET_WRITE_BYTES));
                // The valve sees TRACE only where Tomcat allows it, and answers it as the contract says.
                connector.setAllowTrace(true);
                // Gateways add theirs to the client's; max-http-request-header-size is the bound that matters.
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
