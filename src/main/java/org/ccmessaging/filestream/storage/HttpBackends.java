package org.ccmessaging.filestream.storage;

import java.io.IOException;
import java.util.Locale;
import org.apache.camel.Component;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.ccmessaging.filestream.failure.StorageUnreachableException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.toolkit.Headers;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * How routes speak to HTTP servers unless an endpoint's parameters say otherwise: with limits of time, with as many
 * connections as there are downloads, and with nothing of one customer in the request of another.
 */
@Configuration(proxyBeanMethods = false)
class HttpBackends {

    /** As {@code filestream.s3.connect-timeout}, in milliseconds. */
    private static final long CONNECT_MILLIS = 2_000;

    @Bean
    static ComponentCustomizer httpBackendsCustomizer(DownloadSettings settings) {
        return new ComponentCustomizer() {

            @Override
            public boolean isEnabled(String name, Component component) {
                return component instanceof HttpComponent;
            }

            @Override
            public void configure(String name, Component component) {
                limit((HttpComponent) component, settings);
            }
        };
    }

    private static void limit(HttpComponent http, DownloadSettings settings) {
        http.setConnectTimeout(CONNECT_MILLIS);
        http.setConnectionRequestTimeout(settings.firstByteTimeout().toMillis());
        http.setResponseTimeout(settings.firstByteTimeout().toMillis());
        http.setSoTimeout(settings.stallTimeout().toMillis());
        http.setMaxTotalConnections(settings.maxInFlight());
        http.setConnectionsPerRoute(settings.maxInFlight());
        // One store of cookies serves all customers.
        http.setCookieManagementDisabled(true);
        // A file that is compressed on its way has no length that is known.
        http.setContentCompressionDisabled(true);
        http.setHeaderFilterStrategy(new OwnHeadersStay());
        http.setHttpClientConfigurer(
                client -> client.addExecInterceptorFirst("failures", HttpBackends::nameFailure));
    }

    /** A clause for the exceptions of sockets would also take those that caused other failures. */
    private static ClassicHttpResponse nameFailure(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws HttpException, IOException {
        try {
            return chain.proceed(request, scope);
        } catch (IOException unreachable) {
            throw new StorageUnreachableException("no response of " + scope.route.getTargetHost() + ": "
                    + unreachable.getMessage(), unreachable);
        }
    }

    /** Keeps the service's own headers from a backend, and a backend from setting what the client is told. */
    private static final class OwnHeadersStay extends HttpHeaderFilterStrategy {

        @Override
        protected void initialize() {
            super.initialize();
            for (String name : new String[] {Headers.SESSION_TOKEN, Headers.APP_KEY, Headers.TOKEN_EXPIRE,
                Headers.RESULT_CODE, Headers.RESULT_DESC}) {
                getOutFilter().add(name.toLowerCase(Locale.ROOT));
                getInFilter().add(name.toLowerCase(Locale.ROOT));
            }
            for (String name : new String[] {Headers.AUTHORIZATION, Headers.ALLOW, Headers.RETRY_AFTER}) {
                getInFilter().add(name.toLowerCase(Locale.ROOT));
            }
        }
    }
}
