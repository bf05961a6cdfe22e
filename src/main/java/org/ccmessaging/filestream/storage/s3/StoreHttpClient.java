package org.ccmessaging.filestream.storage.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.apache.http.Header;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpEntity;
import org.apache.http.HttpException;
import org.apache.http.HttpHeaders;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.HttpStatus;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.config.SocketConfig;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.DefaultRoutePlanner;
import org.apache.http.impl.conn.DefaultSchemePortResolver;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.pool.ConnPoolControl;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpRequestExecutor;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.s3.ResponseVerification.RejectedResponse;
import org.ccmessaging.filestream.toolkit.RequestId;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.apache.ProxyConfiguration;

/**
 * Sends GETs to the store, within their deadlines ({@link Deadlines}) and with verified responses
 * ({@link ResponseVerification}). It is the SDK's own client, Apache HttpClient 4, with what the SDK's adapter does not
 * offer: sockets that know the deadline, the history of a connection, and bounds on what a store may send.
 *
 * <p>Requests of other methods go through the SDK's adapter and its own connections. Most of them are those of the
 * health check, so a full pool of downloads is not a store that is down.
 */
final class StoreHttpClient implements SdkHttpClient {

    /** Most bytes of an error that the SDK gets to parse. Amazon's errors have some hundred. */
    static final int LARGEST_ERROR = 64 * 1024;

    /** Longest line of a head in bytes. Amazon bounds all of an object's user-defined metadata to 2 KB. */
    private static final int LONGEST_LINE = 16 * 1024;
    private static final int MOST_HEADERS = 200;

    /** As the SDK's adapter has it. */
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(60);

    /** So that a load balancer before the store can spread connections anew. */
    private static final Duration OLDEST = Duration.ofMinutes(5);

    /** Milliseconds that a request without a deadline waits for a connection. */
    private static final int LONGEST_WAIT_FOR_CONNECTION = 10_000;

    private static final String USED = "filestream.used";
    private static final String NEW_CONNECTION = "filestream.new-connection";
    private static final String FIRST_ON_CONNECTION = "filestream.first-on-connection";

    private final PoolingHttpClientConnectionManager pool;
    private final CloseableHttpClient http;
    private final SdkHttpClient others;
    private final Deadlines deadlines;
    private final ResponseVerification verification;
    private final int connectTimeout;
    private final int readTimeout;

    /**
     * @param others sends requests that are no GETs
     * @param tls makes the sockets of https
     */
    StoreHttpClient(S3Settings settings, ProxyConfiguration proxy, SdkHttpClient others, SSLSocketFactory tls,
            Deadlines deadlines, ResponseVerification verification) {
        this.others = others;
        this.deadlines = deadlines;
        this.verification = verification;
        this.connectTimeout = (int) settings.connectTimeout().toMillis();
        this.readTimeout = (int) settings.readTimeout().toMillis();
        this.pool = new PoolingHttpClientConnectionManager(RegistryBuilder.<ConnectionSocketFactory>create()
                .register("http", new PlainSockets()).register("https", new TlsSockets(tls)).build(),
                null, DefaultSchemePortResolver.INSTANCE, null, OLDEST.toMillis(), TimeUnit.MILLISECONDS);
        pool.setMaxTotal(settings.maxConnections());
        pool.setDefaultMaxPerRoute(settings.maxConnections());
        pool.setDefaultSocketConfig(SocketConfig.custom().setTcpNoDelay(true).setSoTimeout(readTimeout).build());
        pool.setDefaultConnectionConfig(ConnectionConfig.custom().setMessageConstraints(MessageConstraints.custom()
                .setMaxLineLength(LONGEST_LINE).setMaxHeaderCount(MOST_HEADERS).build()).build());
        HttpClientBuilder builder = HttpClientBuilder.create().setConnectionManager(pool)
                .setRequestExecutor(new Executor())
                .evictExpiredConnections().evictIdleConnections(LONGEST_IDLE.toMillis(), TimeUnit.MILLISECONDS)
                .disableAutomaticRetries().disableRedirectHandling().disableContentCompression()
                .disableCookieManagement().disableAuthCaching().disableDefaultUserAgent();
        if (proxy.host() != null && proxy.port() > 0) {
            through(proxy, builder);
        }
        this.http = builder.build();
    }

    private static void through(ProxyConfiguration proxy, HttpClientBuilder builder) {
        HttpHost host = new HttpHost(proxy.host(), proxy.port(), proxy.scheme());
        builder.setRoutePlanner(new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE) {
            @Override
            protected HttpHost determineProxy(HttpHost target, HttpRequest request, HttpContext context) {
                boolean direct = proxy.nonProxyHosts().stream()
                        .anyMatch(pattern -> target.getHostName().toLowerCase().matches(pattern));
                return direct ? null : host;
            }
        });
        if (proxy.username() != null && proxy.password() != null) {
            BasicCredentialsProvider credentials = new BasicCredentialsProvider();
            credentials.setCredentials(new AuthScope(host),
                    new UsernamePasswordCredentials(proxy.username(), proxy.password()));
            builder.setDefaultCredentialsProvider(credentials);
        }
    }

    /** The connections for GETs. */
    ConnPoolControl<HttpRoute> pool() {
        return pool;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return request.httpRequest().method() == SdkHttpMethod.GET ? new Get(request.httpRequest())
                : others.prepareRequest(request);
    }

    @Override
    public String clientName() {
        return "Store";
    }

    @Override
    public void close() {
        others.close();
        pool.shutdown();
    }

    private final class Get implements ExecutableHttpRequest {

        private final SdkHttpRequest request;
        private final HttpGet get;

        Get(SdkHttpRequest request) {
            this.request = request;
            URI uri = request.getUri();
            this.get = new HttpGet(uri);
            if (request.firstMatchingHeader(HttpHeaders.HOST).isEmpty()) {
                get.addHeader(HttpHeaders.HOST, uri.getRawAuthority());
            }
            request.forEachHeader((name, values) -> values.forEach(value -> get.addHeader(name, value)));
            // No part of the signature, which the SDK has made before.
            if (RequestId.current() != null) {
                get.setHeader(RequestId.HEADER, RequestId.current());
            }
            if (verification.oneRequestPerConnection()) {
                get.addHeader(HttpHeaders.CONNECTION, "close");
            }
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            try {
                return toSdk(verified(false));
            } catch (RejectedResponse rejected) {
                // Not left to the SDK, which repeats nothing while most requests fail.
                get.reset();
                try {
                    return toSdk(verified(true));
                } catch (RejectedResponse again) {
                    // The cause tells it from a store that is not reached, and the SDK repeats nothing for it.
                    throw SdkClientException.create(again.getMessage(), new ReadBrokenException(again.getMessage()));
                }
            }
        }

        /** @param onNewConnection whether the request must not use a connection that has served another one */
        private HttpResponse verified(boolean onNewConnection) throws IOException, RejectedResponse {
            HttpClientContext context = HttpClientContext.create();
            context.setAttribute(NEW_CONNECTION, onNewConnection);
            HttpResponse response = execute(context);
            try {
                verification.check(response,
                        request.firstMatchingRawQueryParameter("response-content-language").orElse(null),
                        get.containsHeader(HttpHeaders.RANGE),
                        Boolean.TRUE.equals(context.getAttribute(FIRST_ON_CONNECTION)));
                return response;
            } catch (RejectedResponse rejected) {
                // What came before this response may have reached the other connections as well.
                get.abort();
                pool.closeIdleConnections(0, TimeUnit.MILLISECONDS);
                throw rejected;
            }
        }

        /** Tries one connection after the other until the request has been sent. */
        private HttpResponse execute(HttpClientContext context) throws IOException {
            while (true) {
                try {
                    return attempt(context);
                } catch (ConnectionRefused unfit) {
                    get.reset();
                }
            }
        }

        private HttpResponse attempt(HttpClientContext context) throws IOException {
            get.setConfig(RequestConfig.custom().setNormalizeUri(false)
                    .setConnectionRequestTimeout(deadlines.millisLeft(LONGEST_WAIT_FOR_CONNECTION))
                    .setConnectTimeout(deadlines.millisLeft(connectTimeout))
                    .setSocketTimeout(readTimeout).build());
            return http.execute(get, context);
        }

        private HttpExecuteResponse toSdk(HttpResponse response) throws IOException {
            SdkHttpResponse.Builder head = SdkHttpResponse.builder()
                    .statusCode(response.getStatusLine().getStatusCode())
                    .statusText(response.getStatusLine().getReasonPhrase());
            for (Header header : response.getAllHeaders()) {
                head.appendHeader(header.getName(), header.getValue());
            }
            return HttpExecuteResponse.builder().response(head.build()).responseBody(body(response)).build();
        }

        private AbortableInputStream body(HttpResponse response) throws IOException {
            HttpEntity entity = response.getEntity();
            if (entity == null) {
                return null;
            }
            InputStream content = entity.getContent();
            boolean error = response.getStatusLine().getStatusCode() >= HttpStatus.SC_MULTIPLE_CHOICES;
            return AbortableInputStream.create(error ? new ErrorBody(content) : content, get::abort);
        }

        @Override
        public void abort() {
            get.abort();
        }

        /** The start of an error. Then the connection is given up, because the store may go on for ever. */
        private final class ErrorBody extends FilterInputStream {

            private int left = LARGEST_ERROR;
            private boolean ended;

            ErrorBody(InputStream content) {
                super(content);
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int from, int most) throws IOException {
                int count = left == 0 ? -1 : super.read(buffer, from, Math.min(most, left));
                ended = count < 0 && left > 0;
                left -= Math.max(0, count);
                return count;
            }

            /** A connection can serve another request only if the error has ended. */
            @Override
            public void close() throws IOException {
                if (ended) {
                    super.close();
                } else {
                    get.abort();
                }
            }
        }
    }

    /** Remembers on each connection whether it has served a request. */
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

    /** A connection that must not carry another request. The request has not been sent. */
    private static final class ConnectionRefused extends IOException {
    }

    private final class PlainSockets extends PlainConnectionSocketFactory {

        @Override
        public Socket createSocket(HttpContext context) {
            return new StoreSocket();
        }
    }

    private final class TlsSockets extends SSLConnectionSocketFactory {

        TlsSockets(SSLSocketFactory tls) {
            super(tls, getDefaultHostnameVerifier());
        }

        @Override
        public Socket createSocket(HttpContext context) {
            return new StoreSocket();
        }
    }

    /** A socket whose reads end with the deadline of the thread that reads. TLS reads through it as well. */
    private final class StoreSocket extends Socket {

        /** What its user set, in milliseconds: 1 to look whether the store has closed an idle connection. */
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

        private synchronized void endWithTheDeadline() throws SocketException {
            super.setSoTimeout(deadlines.millisLeft(timeout == 0 ? readTimeout : timeout));
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    endWithTheDeadline();
                    return super.read();
                }

                @Override
                public int read(byte[] buffer, int from, int most) throws IOException {
                    endWithTheDeadline();
                    return super.read(buffer, from, most);
                }
            };
        }
    }
}
