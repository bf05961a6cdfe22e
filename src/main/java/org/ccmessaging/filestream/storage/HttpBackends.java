package org.ccmessaging.filestream.storage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpActivityListener;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.failure.StorageUnreachableException;
import org.ccmessaging.filestream.settings.CalledHosts;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.ExchangeBudget;
import org.ccmessaging.filestream.toolkit.Headers;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Configures the HTTP clients with which routes and steps call servers. They have time limits, as many connections as
 * there can be downloads, and the credentials of the server. They follow no redirect, and they keep nothing of one
 * customer for the request of another.
 *
 * <p>Routes call only the servers that {@code filestream.routes.hosts} lists. A listed name is refused if it resolves
 * to this machine or to a link-local address, such as that of cloud metadata.
 */
@Configuration(proxyBeanMethods = false)
class HttpBackends {

    /** As {@code filestream.s3.connect-timeout}. */
    private static final Timeout CONNECT = Timeout.ofSeconds(2);

    @Bean
    static ComponentCustomizer httpBackendsCustomizer(DownloadSettings settings, RoutesSettings routes,
            Environment environment) {
        CalledHosts hosts = new CalledHosts(routes.hosts());
        return ComponentCustomizer.forType(HttpComponent.class, http -> {
            http.setConnectTimeout(CONNECT.toMilliseconds());
            http.setConnectionRequestTimeout(settings.firstByteTimeout().toMillis());
            http.setResponseTimeout(settings.firstByteTimeout().toMillis());
            http.setClientConnectionManager(connections(settings, listed(hosts)));
            http.setHeaderFilterStrategy(filter(Headers.listed(environment)));
            http.setHttpActivityListener(new NoListener());
            http.setHttpClientConfigurer(client -> configure(
                    client.addExecInterceptorFirst("behind-a-proxy", (request, scope, chain) -> {
                        require(hosts, scope.route.getTargetHost().getHostName(),
                                scope.route.getTargetHost().getPort());
                        return inMemory(chain.proceed(request, scope), scope);
                    }), routes));
        });
    }

    /** With a listener, Camel adds the exchange to the context of the request, under the name of its class. */
    private static final class NoListener implements HttpActivityListener {

        @Override
        public void onRequestSubmitted(
                Object source, Exchange exchange, HttpHost host, HttpRequest request, HttpEntity entity) {
        }

        @Override
        public void onResponseReceived(Object source, Exchange exchange, HttpHost host, HttpResponse response,
                HttpEntity entity, long elapsed) {
        }
    }

    /** Keeps headers of the service from a backend, and a backend from setting headers of our response. */
    private static HttpHeaderFilterStrategy filter(Set<String> responseHeaders) {
        HttpHeaderFilterStrategy filter = new HttpHeaderFilterStrategy();
        Set<String> outcome = Set.of(Headers.RESULT_CODE, Headers.RESULT_DESC);
        outcome.forEach(name -> filter.getOutFilter().add(name.toLowerCase(Locale.ROOT)));
        Stream.of(outcome, Set.of(Headers.ALLOW, Headers.RETRY_AFTER), responseHeaders).flatMap(Set::stream)
                .forEach(name -> filter.getInFilter().add(name.toLowerCase(Locale.ROOT)));
        return filter;
    }

    private static ClassicHttpResponse inMemory(ClassicHttpResponse response, ExecChain.Scope scope)
            throws IOException {
        ExchangeBudget budget = budget(scope);
        for (Header header : response.getHeaders()) {
            budget.count(header.getValue());
        }
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            byte[] content;
            try {
                content = budget.counted(entity.getContent()).readAllBytes();
            } catch (RuntimeException refusal) {
                // Closing the response would read the rest.
                scope.execRuntime.discardEndpoint();
                throw refusal;
            }
            response.setEntity(new ByteArrayEntity(content, ContentType.parseLenient(entity.getContentType()),
                    entity.getContentEncoding()));
        }
        return response;
    }

    /** A polling consumer, which only an installation can open to routes, has a budget for each request. */
    private static ExchangeBudget budget(ExecChain.Scope scope) {
        Exchange exchange = (Exchange) scope.clientContext.getAttribute(Exchange.class.getName());
        return exchange == null ? new ExchangeBudget(null) : ExchangeBudget.of(exchange);
    }

    /** A client for addresses that the operator has set, which may be any address. */
    static CloseableHttpClient client(DownloadSettings settings, RoutesSettings routes) {
        Timeout firstByte = Timeout.of(settings.firstByteTimeout());
        return configure(HttpClientBuilder.create(), routes)
                .setConnectionManager(connections(settings, SystemDefaultDnsResolver.INSTANCE))
                .setDefaultRequestConfig(RequestConfig.custom().setConnectionRequestTimeout(firstByte)
                        .setResponseTimeout(firstByte).build()).build();
    }

    private static PoolingHttpClientConnectionManager connections(DownloadSettings settings, DnsResolver names) {
        // The head of a response is in memory as well.
        Http1Config head = Http1Config.custom().setMaxHeaderCount(100).setMaxLineLength(16 * 1024).build();
        return PoolingHttpClientConnectionManagerBuilder.create().setDnsResolver(names)
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder().http1Config(head).build())
                .setMaxConnTotal(settings.maxInFlight()).setMaxConnPerRoute(settings.maxInFlight())
                .setDefaultConnectionConfig(ConnectionConfig.custom().setConnectTimeout(CONNECT)
                        .setSocketTimeout(Timeout.of(settings.stallTimeout())).build()).build();
    }

    /**
     * Disables cookies, which all customers would share, and compression, because it changes lengths. Each connection
     * serves one request: after a surplus response, later ones would go to the wrong customer (decision 0012).
     */
    private static HttpClientBuilder configure(HttpClientBuilder client, RoutesSettings routes) {
        long timeout = routes.timeout().toMillis();
        return client.disableRedirectHandling().disableCookieManagement().disableContentCompression()
                .setConnectionReuseStrategy((request, response, context) -> false)
                .addExecInterceptorFirst("called-server", (request, scope, chain) -> {
                    HttpHost host = scope.route.getTargetHost();
                    routes.credentials().values().stream()
                            .filter(its -> its.areFor(host.getHostName(), host.getPort())).findFirst()
                            .map(CalledHosts.Credentials::authorization)
                            .ifPresent(login -> request.setHeader(HttpHeaders.AUTHORIZATION, login));
                    return inTime(timeout, request, scope, chain);
                });
    }

    /**
     * Aborts a request when its exchange has no time left. Time-outs of the client limit each wait and not their sum,
     * and an interrupt does not end the read of a platform thread. Wraps failures of the connection, because an
     * exception clause for IOException would also match other failures.
     */
    private static ClassicHttpResponse inTime(
            long timeout, ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        end.completeOnTimeout(null, Math.min(timeout, budget(scope).millisLeft()), TimeUnit.MILLISECONDS)
                .thenRunAsync(((Cancellable) scope.originalRequest)::cancel);
        try {
            return chain.proceed(request, scope);
        } catch (IOException | HttpException unreachable) {
            throw new StorageUnreachableException("no response of " + scope.route.getTargetHost() + ": "
                    + (end.isDone() ? ExchangeBudget.NO_TIME : unreachable.getMessage()), unreachable);
        } finally {
            end.cancel(false);
        }
    }

    /**
     * Resolves the hosts that routes may call. Every connection needs it, also one to a proxy or to a token server that
     * an option of the endpoint names.
     */
    private static DnsResolver listed(CalledHosts hosts) {
        return new SystemDefaultDnsResolver() {
            @Override
            public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
                require(hosts, host, port);
                InetAddress[] addresses = resolve(host);
                for (InetAddress address : addresses) {
                    if (isLocal(address) && host.indexOf(':') < 0 && !host.equals(address.getHostAddress())) {
                        throw new FileServiceRefusedException("a route called " + host + ", which is "
                                + address.getHostAddress() + ": list the address itself in filestream.routes.hosts");
                    }
                }
                return Stream.of(addresses).map(address -> new InetSocketAddress(address, port)).toList();
            }
        };
    }

    private static void require(CalledHosts hosts, String host, int port) {
        if (!hosts.allows(host, port)) {
            throw new FileServiceRefusedException("a route called " + host + ":" + port
                    + ", which filestream.routes.hosts does not list");
        }
    }

    private static boolean isLocal(InetAddress address) throws UnknownHostException {
        try {
            return address.isLoopbackAddress() || address.isAnyLocalAddress() || address.isLinkLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException unknown) {
            throw new UnknownHostException(unknown.getMessage());
        }
    }
}
