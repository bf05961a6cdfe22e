package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.Customer;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The service accepts a token only if its own key has signed it, and only if its header and claims, as Jackson's tree
 * shows them, are those of section 6 of the contract.
 */
class TokenFuzzTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final ObjectMapper TREES = new ObjectMapper();
    private static final AuthSettings SETTINGS = ShippedSettings.of("filestream.auth", AuthSettings.class, Map.of(
            "filestream.auth.signing-key", Service.SIGNING_KEY, "filestream.auth.issuer", "issuer"));
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
    private static final TokenKeys KEYS =
            new TokenKeys(SETTINGS, new HealthSettings(Duration.ofSeconds(1)), METERS);
    private static final TokenVerifier VERIFIER = new TokenVerifier(SETTINGS, KEYS, CLOCK, METERS);
    private static final TokenIssuer ISSUER = new TokenIssuer(SETTINGS, CLOCK);
    private static final Authenticate AUTHENTICATE = new Authenticate(VERIFIER, ISSUER);
    private static final String ACCESS = ISSUER.issueAccessToken("app", Duration.ofMinutes(10)).value();
    private static final String SESSION =
            ISSUER.issueSessionToken("app", new Customer("tenant", "channel", "user")).value();
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

    static Stream<byte[]> lines() {
        String[] access = decoded(ACCESS);
        String[] session = decoded(SESSION);
        return Stream.of(ACCESS, SESSION, SESSION + "\napp\nBearer " + ACCESS, ACCESS + "\napp\nbearer " + SESSION,
                access[0] + "\n" + access[1], session[0] + "\n" + session[1],
                session[0] + "\n" + session[1].replace("{", "{\"nbf\":1767225600.5,\"exp\":1e10,"),
                "{\"alg\":\"none\",\"crit\":[],\"b64\":false,\"zip\":\"DEF\",\"cty\":\"JWT\",\"kid\":null}\n"
                        + "{\"aud\":[\"apiaccess\",\"ccmessaging\"],\"iat\":1e400,\"iat\":-1}")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    private static String[] decoded(String token) {
        return Stream.of(token.split("\\.")).map(part -> new Base64URL(part).decodeToString()).toArray(String[]::new);
    }

    /** One line is a token, two are the header and the claims of a token, and three are the headers of a request. */
    @MethodSource("lines")
    @FuzzTest
    void token(byte[] data) throws Exception {
        String[] lines = new String(data, StandardCharsets.UTF_8).split("\n", 3);
        if (lines.length == 1) {
            assertThat(isAccepted(lines[0], true)).isEqualTo(isGenuine(lines[0], ACCESS));
            assertThat(isAccepted(lines[0], false)).isEqualTo(isGenuine(lines[0], SESSION));
        } else if (lines.length == 2) {
            String signed = Base64URL.encode(lines[0]) + "." + Base64URL.encode(lines[1]);
            String token = signed + "." + new MACSigner(Service.SIGNING_KEY).sign(new JWSHeader(JWSAlgorithm.HS256),
                    signed.getBytes(StandardCharsets.US_ASCII));
            if (isAccepted(token, true)) {
                assertHeader(lines[0]);
                assertClaims(lines[1], "apiaccess");
            }
            if (isAccepted(token, false)) {
                assertHeader(lines[0]);
                assertCustomer(assertClaims(lines[1], "ccmessaging"), VERIFIER.verifySessionToken(token));
            }
        } else {
            assertThat(isAuthenticated(lines)).isEqualTo(isGenuine(lines[0], SESSION) && lines[1].equals("app")
                    && lines[2].matches("(?i)bearer [^ ]+") && isGenuine(lines[2].substring(7), ACCESS));
        }
    }

    private static boolean isAccepted(String text, boolean access) {
        // The HTTP edge calls it before a step verifies anything.
        assertThatNoException().isThrownBy(() -> VERIFIER.sessionName(text).hashCode());
        try {
            return (access ? VERIFIER.verifyAccessToken(text) : VERIFIER.verifySessionToken(text)) != null;
        } catch (UnauthorizedException refused) {
            return false;
        }
    }

    /** Compares the signed bytes. Some texts of a signature are the same signature. */
    private static boolean isGenuine(String text, String genuine) {
        int signature = genuine.lastIndexOf('.') + 1;
        return text.startsWith(genuine.substring(0, signature)) && text.indexOf('.', signature) < 0
                && new Base64URL(text.substring(signature)).decode().length == 32
                && new Base64URL(genuine.substring(signature)).equals(Base64URL.encode(
                        new Base64URL(text.substring(signature)).decode()));
    }

    private static boolean isAuthenticated(String[] headers) {
        Exchange exchange = new DefaultExchange(CAMEL);
        ClientRequest.keep(exchange, Map.of(ClientRequest.SESSION_TOKEN, headers[0], ClientRequest.APP_KEY, headers[1],
                ClientRequest.AUTHORIZATION, headers[2]), null, null);
        try {
            AUTHENTICATE.process(exchange);
            return true;
        } catch (UnauthorizedException refused) {
            return false;
        }
    }

    private static void assertHeader(String json) throws JsonProcessingException {
        JsonNode header = TREES.readTree(json);
        assertThat(header.path("alg").textValue()).isEqualTo("HS256");
        assertThat(header.has("crit") || header.has("b64") || header.has("zip")).as(json).isFalse();
    }

    private static JsonNode assertClaims(String json, String audience) throws JsonProcessingException {
        JsonNode claims = TREES.readTree(json);
        assertThat(claims.path("iss").textValue()).isEqualTo("issuer");
        assertThat(claims.path("exp").isNumber()).isTrue();
        assertAudience(claims, audience);
        assertTimes(claims);
        return claims;
    }

    static void assertAudience(JsonNode claims, String audience) {
        assertThat(claims.path("aud").toString()).contains("\"" + audience + "\"")
                .doesNotContain(audience.equals("apiaccess") ? "\"ccmessaging\"" : "\"apiaccess\"");
    }

    /** Within a second, since a time may have a fraction. */
    static void assertTimes(JsonNode claims) {
        double now = NOW.getEpochSecond();
        double skew = TokenVerifier.CLOCK_SKEW.toSeconds() + 1.0;
        assertThat(claims.path("exp").asDouble(now)).isGreaterThan(now - skew);
        assertThat(claims.path("nbf").asDouble(now)).isLessThan(now + skew);
        assertThat(claims.path("iat").asDouble(0)).isLessThan(claims.path("exp").asDouble(now) + 1);
    }

    static void assertCustomer(JsonNode claims, Token token) {
        assertThat(token.customer()).isEqualTo(new Customer(text(claims, "tenantId"), text(claims, "channelId"),
                text(claims, "userId")));
    }

    private static String text(JsonNode claims, String name) {
        JsonNode value = claims.path(name);
        return value.isTextual() ? value.textValue() : value.isNumber() ? value.asText() : null;
    }
}
