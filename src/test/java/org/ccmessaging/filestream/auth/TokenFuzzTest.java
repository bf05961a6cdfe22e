package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.ccmessaging.filestream.support.HandClock;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.Customer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ClassPathResource;

/**
 * The service accepts a token only if its own key has signed it, and only if its header and claims, as Jackson's tree
 * shows them, are those of section 6 of the contract.
 */
class TokenFuzzTest {

    private static final HandClock CLOCK = new HandClock();
    private static final ObjectMapper TREES =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final AuthSettings SETTINGS = ShippedSettings.of("filestream.auth", AuthSettings.class, Map.of(
            "filestream.auth.signing-key", Service.SIGNING_KEY, "filestream.auth.issuer", "issuer"));
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
    private static final TokenVerifier VERIFIER = new TokenVerifier(SETTINGS,
            new TokenKeys(SETTINGS, new HealthSettings(Duration.ofSeconds(1)), METERS), CLOCK, METERS);
    private static final TokenIssuer ISSUER = new TokenIssuer(SETTINGS, CLOCK);
    private static final Authenticate AUTHENTICATE = new Authenticate(VERIFIER, ISSUER);
    private static final String ACCESS = ISSUER.issueAccessToken("app", Duration.ofMinutes(10)).value();
    private static final String SESSION =
            ISSUER.issueSessionToken("app", new Customer("tenant", "channel", "user")).value();
    private static final String HS256 = "{\"alg\":\"HS256\"}";
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

    static Stream<byte[]> lines() {
        String[] access = decoded(ACCESS);
        String[] session = decoded(SESSION);
        return Stream.of(ACCESS, SESSION, SESSION.replaceAll(".{5}$", "!$0"),
                SESSION + "\napp\nBearer " + ACCESS, ACCESS + "\napp\nbearer " + SESSION,
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
            String token = sign(lines[0], lines[1]);
            if (isAccepted(token, true)) {
                assertClaims(lines, "apiaccess");
            }
            if (isAccepted(token, false)) {
                JsonNode claims = assertClaims(lines, "ccmessaging");
                assertThat(VERIFIER.verifySessionToken(token).customer()).isEqualTo(new Customer(
                        text(claims, "tenantId"), text(claims, "channelId"), text(claims, "userId")));
            }
        } else {
            assertThat(isAuthenticated(lines[0], lines[1], lines[2])).isEqualTo(isGenuine(lines[0], SESSION)
                    && lines[1].equals("app") && lines[2].matches("(?i)bearer [^ ]+")
                    && isGenuine(lines[2].substring(7), ACCESS));
        }
    }

    private static String sign(String header, String claims) throws JOSEException {
        String signed = Base64URL.encode(header) + "." + Base64URL.encode(claims);
        return signed + "." + new MACSigner(Service.SIGNING_KEY).sign(new JWSHeader(JWSAlgorithm.HS256),
                signed.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean isAccepted(String text, boolean access) {
        try {
            return (access ? VERIFIER.verifyAccessToken(text) : VERIFIER.verifySessionToken(text)) != null;
        } catch (UnauthorizedException refused) {
            return false;
        }
    }

    /** Compares the signed bytes. Some texts of a signature are the same signature. */
    private static boolean isGenuine(String text, String genuine) {
        int signature = genuine.lastIndexOf('.') + 1;
        return text.startsWith(genuine.substring(0, signature)) && text.substring(signature).matches("[\\w-]{43}")
                && new Base64URL(genuine.substring(signature)).equals(Base64URL.encode(
                        new Base64URL(text.substring(signature)).decode()));
    }

    private static boolean isAuthenticated(String session, String app, String authorization) {
        Exchange exchange = new DefaultExchange(CAMEL);
        ClientRequest.keep(exchange, Map.of(ClientRequest.SESSION_TOKEN, session, ClientRequest.APP_KEY, app,
                ClientRequest.AUTHORIZATION, authorization), null, null);
        try {
            AUTHENTICATE.process(exchange);
            return Identity.of(exchange) != null;
        } catch (UnauthorizedException refused) {
            return false;
        }
    }

    private static JsonNode assertClaims(String[] headerAndClaims, String audience) throws JsonProcessingException {
        JsonNode header = TREES.readTree(headerAndClaims[0]);
        assertThat(header.path("alg").textValue()).isEqualTo("HS256");
        assertThat(header.has("crit") || header.has("b64") || header.has("zip")).as("%s", header).isFalse();
        JsonNode claims = TREES.readTree(headerAndClaims[1]);
        assertThat(claims.path("iss").textValue()).isEqualTo("issuer");
        assertThat(claims.path("exp").isNumber()).isTrue();
        assertThat(claims.path("aud").toString()).contains("\"" + audience + "\"")
                .doesNotContain(audience.equals("apiaccess") ? "\"ccmessaging\"" : "\"apiaccess\"");
        double now = CLOCK.instant().getEpochSecond();
        // Within a second, since a time may have a fraction.
        double skew = TokenVerifier.CLOCK_SKEW.toSeconds() + 1.0;
        assertThat(claims.path("exp").asDouble(now)).isGreaterThan(now - skew);
        assertThat(claims.path("nbf").asDouble(now)).isLessThan(now + skew);
        assertThat(claims.path("iat").asDouble(0)).isLessThan(claims.path("exp").asDouble(now) + 1);
        return claims;
    }

    private static String text(JsonNode claims, String name) {
        JsonNode value = claims.path(name);
        return value.isTextual() ? value.textValue() : value.isNumber() ? value.asText() : null;
    }

    private static boolean areAuthenticated(String accessToken, String sessionToken) {
        return isAuthenticated(sessionToken, "app", "Bearer " + accessToken);
    }

    /** Takes the place of the claim with that name. */
    private static String with(String claims, String name, String value) {
        String claim = "\"" + name + "\":";
        return claims.contains(claim)
                ? claims.replaceFirst(claim + "(\"[^\"]*\"|\\d+)", Matcher.quoteReplacement(claim + value))
                : claims.replace("{", "{" + claim + value + ",");
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/tokens/odd-claims.csv", delimiter = '|', quoteCharacter = '`')
    void tokenWithAnOddClaimIsRefused(String name, String value) throws JOSEException {
        assertThat(areAuthenticated(sign(HS256, with(decoded(ACCESS)[1], name, value)), SESSION)).isFalse();
        assertThat(areAuthenticated(ACCESS, sign(HS256, with(decoded(SESSION)[1], name, value)))).isFalse();
    }

    static Stream<String> oddHeaders() throws IOException {
        return Stream.concat(new ClassPathResource("tokens/odd-headers.txt").getContentAsString(StandardCharsets.UTF_8)
                .lines(), Stream.of("{\"alg\":\"HS256\",\"a\":" + "[".repeat(3_000) + "]".repeat(3_000) + "}"));
    }

    @ParameterizedTest
    @MethodSource("oddHeaders")
    void tokenWithAnOddHeaderIsRefused(String header) throws JOSEException {
        assertThat(areAuthenticated(sign(header, decoded(ACCESS)[1]), SESSION)).isFalse();
        assertThat(areAuthenticated(ACCESS, sign(header, decoded(SESSION)[1]))).isFalse();
    }

    static Stream<String> oddPayloads() {
        String good = decoded(ACCESS)[1];
        String open = good.substring(0, good.length() - 1);
        return Stream.of("", "null", "[]", "1", "\"\"", "x", open, good + "x", good + good, "\ufeff" + good,
                open + ",\"exp\":9999999999}", open + ",\"aud\":\"apiaccess\"}", open + ",\"sub\":\"app\"}",
                open + ",\"a\":1,\"a\":1}", open + ",\"a\":" + "[".repeat(3_000) + "]".repeat(3_000) + "}",
                open + ",\"a\":" + "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000) + "}",
                open + ",\"a\":NaN}", open + ",\"a\":Infinity}", good.replace("\"", "'"),
                with(good, "sub", "\"app\\u0000\""), with(good, "sub", "[\"app\"]"), with(good, "sub", "null"),
                with(good, "sub", "{}"));
    }

    @ParameterizedTest
    @MethodSource("oddPayloads")
    void tokenWithAnOddPayloadIsRefused(String payload) throws JOSEException {
        assertThat(areAuthenticated(sign(HS256, payload), SESSION)).isFalse();
    }

    /** Otherwise the tests above would prove nothing. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"{\"alg\":\"HS256\"} | nbf | 0",
        "{\"alg\":\"HS256\"} | nbf | 1767225630", "{\"alg\":\"HS256\"} | exp | 253402300799",
        "{\"alg\":\"HS256\",\"typ\":\"JWT\"} | nbf | 1.5",
        "{\"alg\":\"HS256\",\"typ\":\"jwt\",\"kid\":\"1\",\"other\":{\"a\":[1]}} | other | [null,{}]"})
    void tokenThatIsNotOddIsAccepted(String header, String name, String value) throws JOSEException {
        assertThat(areAuthenticated(sign(header, with(decoded(ACCESS)[1], name, value)),
                sign(header, with(decoded(SESSION)[1], name, value)))).isTrue();
        assertThat(areAuthenticated(sign(header, with(decoded(ACCESS)[1], "aud", "[\"apiaccess\",\"other\"]")),
                sign(header, with(decoded(SESSION)[1], "aud", "[\"ccmessaging\",\"other\"]")))).isTrue();
    }
}
