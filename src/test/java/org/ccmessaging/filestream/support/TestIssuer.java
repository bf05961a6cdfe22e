package org.ccmessaging.filestream.support;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.impl.EdDSAProvider;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An identity provider: its metadata (OpenID Connect Discovery), its key set, and tokens that it signs. */
public final class TestIssuer implements AutoCloseable {

    private static final int ED25519_BYTES = 32;

    private final HttpServer server;
    private final AtomicInteger fetches = new AtomicInteger();
    private final KeyPair ed;
    private volatile RSAKey rsa;
    private volatile boolean down;

    /** Listens on a free port. */
    public TestIssuer() throws IOException, GeneralSecurityException {
        ed = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        rotate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/.well-known/openid-configuration", exchange -> {
            byte[] metadata = ("{'issuer':'" + uri() + "','jwks_uri':'" + keySet() + "','authorization_endpoint':'"
                    + uri() + "/login','response_types_supported':['code'],'subject_types_supported':['public'],"
                    + "'id_token_signing_alg_values_supported':['RS256']}").replace('\'', '"')
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(down ? 503 : 200, metadata.length);
            exchange.getResponseBody().write(metadata);
            exchange.close();
        });
        server.createContext("/keys", exchange -> {
            fetches.incrementAndGet();
            byte[] keys = new JWKSet(List.<JWK>of(rsa, edKey())).toString(true).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(down ? 503 : 200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        server.start();
    }

    private OctetKeyPair edKey() {
        byte[] encoded = ed.getPublic().getEncoded();
        return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(
                Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length))).keyID("ed").build();
    }

    /** The {@code iss} of its tokens. */
    public String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The address of its key set. */
    public String keySet() {
        return uri() + "/keys";
    }

    /** Returns the number of requests for the key set. */
    public int fetches() {
        return fetches.get();
    }

    /** Sets whether this issuer responds with 503. */
    public void down(boolean now) {
        down = now;
    }

    /** Replaces its RSA key by a new one with a new ID. */
    public void rotate() {
        try {
            rsa = new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate();
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Signs with its RSA key. */
    public String sign(TestTokens token) {
        try {
            RSAKey key = rsa;
            return token.with(claims -> claims.issuer(uri())).sign(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), new RSASSASigner(key));
        } catch (JOSEException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Signs with its Ed25519 key. */
    public String signEd25519(TestTokens token) {
        return token.with(claims -> claims.issuer(uri())).sign(
                new JWSHeader.Builder(JWSAlgorithm.EdDSA).keyID("ed").build(), new Ed25519Signer());
    }

    private final class Ed25519Signer extends EdDSAProvider implements JWSSigner {

        @Override
        public Base64URL sign(JWSHeader header, byte[] input) throws JOSEException {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(ed.getPrivate());
                signature.update(input);
                return Base64URL.encode(signature.sign());
            } catch (GeneralSecurityException impossible) {
                throw new JOSEException(impossible.getMessage(), impossible);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
