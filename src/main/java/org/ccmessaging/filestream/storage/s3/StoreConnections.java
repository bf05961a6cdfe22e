package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.camel.util.IOHelper;
import org.apache.commons.io.input.ProxyInputStream;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.HttpVersion;
import org.apache.http.RequestLine;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.config.SocketConfig;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.DefaultClientConnectionReuseStrategy;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.DefaultRoutePlanner;
import org.apache.http.impl.conn.DefaultSchemePortResolver;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.message.BasicRequestLine;
import org.apache.http.pool.PoolStats;
import org.apache.http.protocol.HttpContext;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.s3.BucketEndpoint.SignedGet;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ProxyConfiguration;

/**
 * The connections to a store, through Apache HttpClient 4. Unlike the SDK's adapter for this client, this class limits
 * the size of response heads, and ends each read at a deadline ({@link Deadlines}).
 */
final class StoreConnections implements Closeable {

    /** Maximum length of a header line in bytes. Amazon limits the user-defined metadata of an object to 2 KB. */
    private static final int LONGEST_LINE = 16 * 1024;
    private static final int MOST_HEADERS = 200;

    /** Maximum idle time of a connection: the default of the SDK. */
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(60);

    /** Maximum age of a connection. A load balancer of the store can distribute only new connections. */
    private static final Duration OLDEST = Duration.ofMinutes(5);

    /** Maximum wait for a free connection, in milliseconds. */
    private static final int LONGEST_WAIT_FOR_CONNECTION = 10_000;

    /** Minimum silence in milliseconds that counts as a failure of the store. */
    private static final int SHORTEST_SILENCE = 500;

    private final PoolingHttpClientConnectionManager pool;
    private final CloseableHttpClient http;
    private final boolean proxied;
    private final Deadlines deadlines;
    private final int connectTimeout;
    private final int readTimeout;

    /** @param builder a new builder, which this constructor changes */
    StoreConnections(HttpClientBuilder builder, S3Settings settings, StoreTls tls, Deadlines deadlines) {
        this.deadlines = deadlines;
        this.connectTimeout = (int) settings.connectTimeout().toMillis();
        this.readTimeout = (int) settings.readTimeout().toMillis();
        this.pool = new PoolingHttpClientConnectionManager(RegistryBuilder.<ConnectionSocketFactory>create()
                .register("http", new PlainConnectionSocketFactory() {
                    @Override
                    public Socket createSocket(HttpContext context) {
                        return new StoreSocket();
                    }
                }).register("https", tls.sockets(StoreSocket::new)).build(),
                null, DefaultSchemePortResolver.INSTANCE, null, OLDEST.toMillis(), TimeUnit.MILLISECONDS);
        pool.setMaxTotal(settings.maxConnections());
        pool.setDefaultMaxPerRoute(settings.maxConnections());
        pool.setDefaultSocketConfig(SocketConfig.custom().setTcpNoDelay(true).setSoTimeout(readTimeout).build());
        pool.setDefaultConnectionConfig(ConnectionConfig.custom().setMessageConstraints(MessageConstraints.custom()
                .setMaxLineLength(LONGEST_LINE).setMaxHeaderCount(MOST_HEADERS).build()).build());
        builder.setConnectionManager(pool)
                // Closes connections after 204, 205 and 304. The store may send a body, which the next GET would read.
                .setConnectionReuseStrategy((response, context) -> response.getEntity() != null
                        && DefaultClientConnectionReuseStrategy.INSTANCE.keepAlive(response, context))
                .evictExpiredConnections().evictIdleConnections(LONGEST_IDLE.toMillis(), TimeUnit.MILLISECONDS)
                .disableAutomaticRetries().disableRedirectHandling().disableContentCompression()
                .disableCookieManagement().disableAuthCaching().disableDefaultUserAgent();
        ProxyConfiguration proxy = proxy(settings);
        this.proxied = proxy.host() != null && proxy.port() > 0;
        if (proxied) {
            useProxy(proxy, builder);
        }
        this.http = builder.build();
    }

    static ProxyConfiguration proxy(S3Settings settings) {
        ProxyConfiguration.Builder proxy = ProxyConfiguration.builder();
        if (settings.proxy() != null) {
            proxy.endpoint(settings.proxy()).useSystemPropertyValues(false).useEnvironmentVariableValues(false);
        }
        if (settings.proxyUsername() != null) {
            proxy.username(settings.proxyUsername()).password(settings.proxyPassword().reveal());
        }
        return proxy.build();
    }

    private static void useProxy(ProxyConfiguration proxy, HttpClientBuilder builder) {
        HttpHost host = new HttpHost(proxy.host(), proxy.port(), proxy.scheme());
        builder.setRoutePlanner(new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE) {
            @Override
            protected HttpHost determineProxy(HttpHost target, HttpRequest request, HttpContext context) {
                return isDirect(proxy, target.getHostName()) ? null : host;
            }
        });
        if (proxy.username() != null && proxy.password() != null) {
            BasicCredentialsProvider credentials = new BasicCredentialsProvider();
            credentials.setCredentials(new AuthScope(host),
                    new UsernamePasswordCredentials(proxy.username(), proxy.password()));
            builder.setDefaultCredentialsProvider(credentials);
        }
    }

    static boolean isDirect(ProxyConfiguration proxy, String host) {
        return proxy.nonProxyHosts().stream().anyMatch(pattern -> host.toLowerCase().matches(pattern));
    }

    void registerMeters(MeterRegistry meters, Tags store) {
        String connections = "Connections to the store, in use or kept open for the next request";
        gauge("filestream.s3.connections", PoolStats::getLeased).tags(store).tag("state", "leased")
                .description(connections).register(meters);
        gauge("filestream.s3.connections", PoolStats::getAvailable).tags(store).tag("state", "available")
                .description(connections).register(meters);
        gauge("filestream.s3.connections.pending", PoolStats::getPending).tags(store)
                .description("Requests that wait for a connection to the store").register(meters);
        gauge("filestream.s3.connections.limit", PoolStats::getMax).tags(store)
                .description("filestream.s3.max-connections").register(meters);
    }

    private Gauge.Builder<?> gauge(String name, ToDoubleFunction<PoolStats> value) {
        return Gauge.builder(name, pool, connections -> value.applyAsDouble(connections.getTotalStats()));
    }

    void closeIdle() {
        pool.closeIdleConnections(0, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        IOHelper.close(http);
    }

    HttpGet get(SignedGet signed) {
        HttpGet get = proxied ? new HttpGet(signed.target().toURI() + signed.path()) : new HttpGet() {
            @Override
            public RequestLine getRequestLine() {
                // Sends the signed path unchanged. The client would parse and rewrite a URI.
                return new BasicRequestLine(METHOD_NAME, signed.path(), HttpVersion.HTTP_1_1);
            }
        };
        signed.headers().forEach(get::addHeader);
        return get;
    }

    /** @throws SdkClientException if the deadline of the thread has passed */
    HttpResponse execute(HttpHost target, HttpGet get, boolean onNewConnection) throws IOException {
        HttpClientContext context = HttpClientContext.create();
        // The pool reuses a connection only for requests with the same user token.
        context.setUserToken(onNewConnection ? new Object() : this);
        get.setConfig(RequestConfig.custom().setNormalizeUri(false)
                .setConnectionRequestTimeout(deadlines.millisLeft(LONGEST_WAIT_FOR_CONNECTION))
                .setConnectTimeout(deadlines.millisLeft(connectTimeout)).build());
        return http.execute(target, get, context);
    }

    /** A socket whose reads end at the deadline of the thread. TLS also reads through this socket. */
    private final class StoreSocket extends Socket {

        /** The timeout in milliseconds. The pool sets 1 to test an idle connection. */
        private int timeout;

        @Override
        public synchronized void setSoTimeout(int millis) {
            timeout = millis;
        }

        @Override
        public synchronized int getSoTimeout() {
            return timeout;
        }

        /** Limits the timeout of a read. Returns true if this timeout is too short to blame a silent store. */
        private synchronized boolean limitByDeadline() throws SocketException {
            int wait = deadlines.millisLeft(timeout);
            super.setSoTimeout(wait);
            return wait < Math.min(timeout, SHORTEST_SILENCE);
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new ProxyInputStream(super.getInputStream()) {
                private boolean hurried;

                @Override
                protected void beforeRead(int most) throws IOException {
                    hurried = limitByDeadline();
                }

                @Override
                protected void handleIOException(IOException failure) throws IOException {
                    if (hurried && failure instanceof SocketTimeoutException) {
                        deadlines.millisLeft(readTimeout);
                    }
                    throw failure;
                }
            };
        }
    }
}
