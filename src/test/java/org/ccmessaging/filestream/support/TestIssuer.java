package org.ccmessaging.filestream.support;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An identity provider: its metadata (OpenID Connect Discovery), its key set, and tokens that it signs. */
public final class TestIssuer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger fetches = new AtomicInteger();
    private final ECKey ec;
    private final RSAKey rsa;
    private volatile boolean down;

    public TestIssuer() throws IOException, JOSEException {
        ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        rsa = new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/.well-known/openid-configuration", exchange -> respond(exchange,
                ("{'issuer':'" + uri() + "','jwks_uri':'" + keySet() + "','authorization_endpoint':'" + uri()
                        + "/login','response_types_supported':['code'],'subject_types_supported':['public'],"
                        + "'id_token_signing_alg_values_supported':['RS256']}").replace('\'', '"')));
        server.createContext("/keys", exchange -> {
            fetches.incrementAndGet();
            respond(exchange, new JWKSet(List.<JWK>of(rsa, ec)).toString(true));
        });
        server.start();
    }

    private void respond(HttpExchange exchange, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(down ? 503 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** The {@code iss} of its tokens. */
    public String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public String keySet() {
        return uri() + "/keys";
    }

    public int fetches() {
        return fetches.get();
    }

    public RSAKey rsa() {
        return rsa;
    }

    public ECKey ec() {
        return ec;
    }

    public void down(boolean now) {
        down = now;
    }

    public String sign(TestTokens token) {
        return sign(token, null);
    }

    /** Signs with its RSA key a token of a type, such as {@code at+jwt}. */
    public String sign(TestTokens token, String type) {
        try {
            return token.with(claims -> claims.issuer(uri())).sign(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(rsa.getKeyID())
                            .type(type == null ? null : new JOSEObjectType(type)).build(), new RSASSASigner(rsa));
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
