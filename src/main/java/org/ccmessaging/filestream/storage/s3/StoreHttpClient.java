package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import javax.net.ssl.SSLSocketFactory;
import org.apache.camel.util.IOHelper;
import org.apache.commons.io.input.ProxyInputStream;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpException;
import org.apache.http.HttpHeaders;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.HttpStatus;
import org.apache.http.HttpVersion;
import org.apache.http.RequestLine;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.ClientProtocolException;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.config.SocketConfig;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.DefaultClientConnectionReuseStrategy;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.DefaultRoutePlanner;
import org.apache.http.impl.conn.DefaultSchemePortResolver;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.impl.execchain.ClientExecChain;
import org.apache.http.message.BasicHttpResponse;
import org.apache.http.message.BasicRequestLine;
import org.apache.http.pool.PoolStats;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpRequestExecutor;
import org.apache.http.protocol.HttpRequestHandler;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.s3.BucketEndpoint.SignedGet;
import org.ccmessaging.filestream.storage.s3.ConcurrencyLimit.Permit;
import org.ccmessaging.filestream.storage.s3.ObjectGet.Response;
import org.ccmessaging.filestream.toolkit.RequestId;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.Abortable;
import software.amazon.awssdk.http.apache.ProxyConfiguration;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Sends GETs to the store through Apache HttpClient 4. Unlike the SDK's adapter of that client, its sockets have the
 * deadline of the thread ({@link Deadlines}), it knows whether a connection has served a request, and it limits the
 * size of heads and errors.
 *
 * <p>A GET passes, in this order, the {@link StoreCircuit}, the {@link ConcurrencyLimit}, the pool of connections and
 * {@link ResponseVerification}. It releases its permit of the limit when the head of the response has arrived, so a
 * client that reads slowly holds none. The circuit counts it when the body has ended.
 */
final class StoreHttpClient implements AutoCloseable {

    /** Maximum size of an error in bytes. Errors of Amazon have some hundred. */
    static final int LARGEST_ERROR = 64 * 1024;

    /** Maximum length of a header line in bytes. Amazon limits the user-defined metadata of an object to 2 KB. */
    private static final int LONGEST_LINE = 16 * 1024;
    private static final int MOST_HEADERS = 200;

    /** The default of the SDK's adapter. */
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(60);

    /** Maximum age of a connection, so that a load balancer of the store can distribute connections again. */
    private static final Duration OLDEST = Duration.ofMinutes(5);

    /** Milliseconds that a request without a deadline waits for a connection. */
    private static final int LONGEST_WAIT_FOR_CONNECTION = 10_000;

    /** Milliseconds. The circuit ignores silence that a deadline ends earlier. */
    private static final int SHORTEST_SILENCE = 500;

    private static final String USED = "filestream.used";
    static final String NEW_CONNECTION = "filestream.new-connection";
    static final String FIRST_ON_CONNECTION = "filestream.first-on-connection";

    private final PoolingHttpClientConnectionManager pool;
    private final CloseableHttpClient http;
    private final boolean proxied;
    private final Deadlines deadlines;
    private final ResponseVerification verification;
    private final StoreCircuit circuit;
    private final ConcurrencyLimit limit;
    private final int connectTimeout;
    private final int readTimeout;

    /**
     * @param tls makes the sockets of https; called before each handshake
     * @param limit {@code null} for no limit
     * @param inMemory responds in place of the store; {@code null} for a real store
     */
    StoreHttpClient(S3Settings settings, Supplier<SSLSocketFactory> tls, Deadlines deadlines,
            ResponseVerification verification, StoreCircuit circuit, ConcurrencyLimit limit,
            HttpRequestHandler inMemory) {
        this.deadlines = deadlines;
        this.verification = verification;
        this.circuit = circuit;
        this.limit = limit;
        this.connectTimeout = (int) settings.connectTimeout().toMillis();
        this.readTimeout = (int) settings.readTimeout().toMillis();
        this.pool = new PoolingHttpClientConnectionManager(RegistryBuilder.<ConnectionSocketFactory>create()
                .register("http", new PlainConnectionSocketFactory() {
                    @Override
                    public Socket createSocket(HttpContext context) {
                        return new StoreSocket();
                    }
                }).register("https", new TlsSockets(tls) {
                    @Override
                    public Socket createSocket(HttpContext context) {
                        return new StoreSocket();
                    }
                }).build(),
                null, DefaultSchemePortResolver.INSTANCE, null, OLDEST.toMillis(), TimeUnit.MILLISECONDS);
        pool.setMaxTotal(settings.maxConnections());
        pool.setDefaultMaxPerRoute(settings.maxConnections());
        pool.setDefaultSocketConfig(SocketConfig.custom().setTcpNoDelay(true).setSoTimeout(readTimeout).build());
        pool.setDefaultConnectionConfig(ConnectionConfig.custom().setMessageConstraints(MessageConstraints.custom()
                .setMaxLineLength(LONGEST_LINE).setMaxHeaderCount(MOST_HEADERS).build()).build());
        HttpClientBuilder builder = builder(inMemory).setConnectionManager(pool)
                .setRequestExecutor(new Executor())
                // A store may send a body after a 204 or 304 all the same. The next response would start with it.
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

    private static HttpClientBuilder builder(HttpRequestHandler inMemory) {
        return inMemory == null ? HttpClientBuilder.create() : new HttpClientBuilder() {
            @Override
            protected ClientExecChain decorateMainExec(ClientExecChain connections) {
                return (route, request, context, abortable) -> {
                    InMemoryResponse response = new InMemoryResponse();
                    try {
                        inMemory.handle(request, response, context);
                    } catch (HttpException impossible) {
                        throw new ClientProtocolException(impossible);
                    }
                    return response;
                };
            }
        };
    }

    private static final class InMemoryResponse extends BasicHttpResponse implements CloseableHttpResponse {

        InMemoryResponse() {
            super(HttpVersion.HTTP_1_1, HttpStatus.SC_OK, "");
        }

        @Override
        public void close() {
            // Nothing is open.
        }
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

    /** Only a scrape reads the pool. A {@code MetricPublisher} of the SDK would cost time in every request. */
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

    @Override
    public void close() {
        circuit.stop();
        IOHelper.close(http);
    }

    /**
     * Sends the GET once.
     *
     * @throws S3Exception if the store refuses
     * @throws SdkClientException if the deadline has passed, the circuit is open or the response is another's; a
     *     further attempt is pointless
     */
    Response send(SignedGet signed) throws IOException {
        deadlines.millisLeft(Integer.MAX_VALUE);
        StoreCircuit.Call counted = circuit.begin();
        try {
            HttpGet get = get(signed);
            HttpResponse response = limited(signed, get);
            InputStream content = response.getEntity() == null ? InputStream.nullInputStream()
                    : response.getEntity().getContent();
            int status = response.getStatusLine().getStatusCode();
            if (status < HttpStatus.SC_MULTIPLE_CHOICES) {
                return new Response(response, new Body(content, get, counted));
            }
            if (status >= HttpStatus.SC_INTERNAL_SERVER_ERROR) {
                counted.failed(new IOException("status " + status));
            }
            throw StoreError.of(response, error(content, get, counted));
        } catch (IOException | RuntimeException failure) {
            counted.failed(failure);
            throw failure;
        }
    }

    private HttpGet get(SignedGet signed) {
        HttpGet get = proxied ? new HttpGet(signed.target().toURI() + signed.path()) : new HttpGet() {
            @Override
            public RequestLine getRequestLine() {
                // The client would parse a URI, and rewrite it for the target (decision 0006).
                return new BasicRequestLine(METHOD_NAME, signed.path(), HttpVersion.HTTP_1_1);
            }
        };
        signed.headers().forEach(get::addHeader);
        // Not part of the signature.
        if (RequestId.current() != null) {
            get.setHeader(RequestId.HEADER, RequestId.current());
        }
        if (verification.oneRequestPerConnection()) {
            get.addHeader(HttpHeaders.CONNECTION, "close");
        }
        return get;
    }

    private HttpResponse limited(SignedGet signed, HttpGet get) throws IOException {
        if (limit == null) {
            return verified(signed, get);
        }
        Permit permit = limit.acquire();
        boolean succeeded = false;
        try {
            HttpResponse response = verified(signed, get);
            succeeded = response.getStatusLine().getStatusCode() < HttpStatus.SC_MULTIPLE_CHOICES;
            return response;
        } finally {
            limit.release(permit, succeeded);
        }
    }

    /** Repeats a request with a rejected response once, on a new connection. */
    private HttpResponse verified(SignedGet signed, HttpGet get) throws IOException {
        for (boolean again = false;; again = true) {
            HttpClientContext context = HttpClientContext.create();
            context.setAttribute(NEW_CONNECTION, again);
            HttpResponse response = execute(signed.target(), get, context);
            String rejection = verification.rejection(response, signed.nonce(), get.containsHeader(HttpHeaders.RANGE),
                    Boolean.TRUE.equals(context.getAttribute(FIRST_ON_CONNECTION)));
            if (rejection == null) {
                return response;
            }
            // The other connections may have surplus responses as well.
            get.abort();
            pool.closeIdleConnections(0, TimeUnit.MILLISECONDS);
            if (again) {
                // The cause distinguishes it from an unreachable store.
                throw SdkClientException.create(rejection, new ReadBrokenException(rejection));
            }
            get.reset();
        }
    }

    private HttpResponse execute(HttpHost target, HttpGet get, HttpClientContext context) throws IOException {
        while (true) {
            get.setConfig(RequestConfig.custom().setNormalizeUri(false)
                    .setConnectionRequestTimeout(deadlines.millisLeft(LONGEST_WAIT_FOR_CONNECTION))
                    .setConnectTimeout(deadlines.millisLeft(connectTimeout))
                    .setSocketTimeout(readTimeout).build());
            try {
                return http.execute(target, get, context);
            } catch (ConnectionRefused used) {
                get.reset();
            }
        }
    }

    /** Reads an error up to the maximum size. Closes the connection of a longer one, which may be endless. */
    private static byte[] error(InputStream content, HttpGet get, StoreCircuit.Call counted) {
        try {
            byte[] error = content.readNBytes(LARGEST_ERROR);
            counted.succeeded();
            return error;
        } catch (IOException broken) {
            // The status says enough.
            counted.failed(broken);
            return new byte[0];
        } finally {
            // No effect after the end of the body, when the pool has got the connection back.
            get.abort();
        }
    }

    /** The bytes of an object. The reader must read them to the end, close or abort them. */
    static final class Body extends ProxyInputStream implements Abortable {

        private final HttpGet get;
        private final StoreCircuit.Call counted;
        private volatile boolean unread = true;

        Body(InputStream content, HttpGet get, StoreCircuit.Call counted) {
            super(content);
            this.get = get;
            this.counted = counted;
        }

        @Override
        protected void beforeRead(int most) {
            unread = false;
        }

        @Override
        protected void afterRead(int count) {
            if (count < 0) {
                counted.succeeded();
            } else {
                counted.progressed();
            }
        }

        @Override
        protected void handleIOException(IOException broken) throws IOException {
            counted.failed(broken);
            throw broken;
        }

        @Override
        public void abort() {
            // The store is well, even if a response has only the link to the object, or the object is too large.
            if (unread) {
                counted.succeeded();
            } else {
                counted.abandoned();
            }
            get.abort();
        }

        /** Never reads the rest, which has no deadline here. */
        @Override
        public void close() {
            abort();
        }
    }

    /** Remembers for each connection whether it has served a request. */
    private final class Executor extends HttpRequestExecutor {

        @Override
        public HttpResponse execute(HttpRequest request, HttpClientConnection connection, HttpContext context)
                throws IOException, HttpException {
            if (!"CONNECT".equals(request.getRequestLine().getMethod())) {
                HttpContext history = (HttpContext) connection;
                boolean used = history.getAttribute(USED) != null;
                if (used && (Boolean.TRUE.equals(context.getAttribute(NEW_CONNECTION))
                        || verification.oneRequestPerConnection())) {
                    connection.close();
                    throw new ConnectionRefused();
                }
                history.setAttribute(USED, true);
                context.setAttribute(FIRST_ON_CONNECTION, !used);
            }
            return super.execute(request, connection, context);
        }
    }

    /** The request has not been sent, because its connection must not carry another one. */
    private static final class ConnectionRefused extends IOException {
    }

    /** Uses the current authorities, which may have been reloaded since the client was made. */
    static class TlsSockets extends SSLConnectionSocketFactory {

        private final Supplier<SSLSocketFactory> tls;

        TlsSockets(Supplier<SSLSocketFactory> tls) {
            super(tls.get(), getDefaultHostnameVerifier());
            this.tls = tls;
        }

        @Override
        public Socket createLayeredSocket(Socket socket, String target, int port, HttpContext context)
                throws IOException {
            return new SSLConnectionSocketFactory(tls.get(), getDefaultHostnameVerifier())
                    .createLayeredSocket(socket, target, port, context);
        }
    }

    /** A socket whose reads end at the deadline of the reading thread. TLS reads through it as well. */
    private final class StoreSocket extends Socket {

        /** The timeout that the pool has set, in milliseconds; 1 to test an idle connection. */
        private int timeout;

        @Override
        public synchronized void setSoTimeout(int millis) throws SocketException {
            timeout = millis;
            super.setSoTimeout(millis);
        }

        @Override
        public synchronized int getSoTimeout() {
            return timeout;
        }

        /** Limits the next read by the deadline. Returns whether it is too short to blame the store for its silence. */
        private synchronized boolean limitByDeadline() throws SocketException {
            int most = timeout == 0 ? readTimeout : timeout;
            int wait = deadlines.millisLeft(most);
            super.setSoTimeout(wait);
            return wait < Math.min(most, SHORTEST_SILENCE);
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
