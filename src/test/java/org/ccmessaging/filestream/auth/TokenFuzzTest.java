package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.Customer;

/** A token that differs from a genuine one is refused as unauthorized, and so is any other text. */
class TokenFuzzTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final AuthSettings SETTINGS = ShippedSettings.of("filestream.auth", AuthSettings.class, Map.of(
            "filestream.auth.signing-key", Service.SIGNING_KEY, "filestream.auth.issuer", "issuer"));
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
    private static final TokenKeys KEYS =
            new TokenKeys(SETTINGS, new HealthSettings(Duration.ofSeconds(1)), METERS);
    private static final TokenVerifier VERIFIER = new TokenVerifier(SETTINGS, KEYS, CLOCK, METERS);
    private static final TokenIssuer ISSUER = new TokenIssuer(SETTINGS, KEYS, CLOCK);
    private static final String ACCESS = ISSUER.issueAccessToken("app", Duration.ofMinutes(10)).value();
    private static final String SESSION =
            ISSUER.issueSessionToken("app", new Customer("tenant", "channel", "user")).value();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String[] VALUES = {"null", "true", "\"\"", "\"issuer\"", "\"apiaccess\"", "\"ccmessaging\"",
        "[\"apiaccess\"]", "[\"apiaccess\",\"ccmessaging\"]", "[]", "{}", "[null]", "0", "-1", "1767225600",
        "1767226000",
        "1767222000.5", "9223372036854775807", "1e18", "1e300", "-1e300", "\"1767226000\"", "\"never\"",
        "99999999999999999999"};

    private static void assertRefused(String text) {
        assertThatThrownBy(() -> VERIFIER.verifyAccessToken(text)).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> VERIFIER.verifySessionToken(text)).isInstanceOf(UnauthorizedException.class);
    }

    @Property
    void anyText(@ForAll String text) {
        assertRefused(text);
    }

    @Property
    void threePartsOfAnyBytes(@ForAll byte[] header, @ForAll byte[] claims, @ForAll byte[] signature) {
        assertRefused(base64(header) + "." + base64(claims) + "." + base64(signature));
    }

    /** The last character of a signature has two bits that say nothing; the other 42 and both other parts say all. */
    @Property
    void genuineTokenWithAnotherCharacter(@ForAll long seed) {
        Random random = new Random(seed);
        String genuine = random.nextBoolean() ? ACCESS : SESSION;
        int place = random.nextInt(genuine.length() - 1);
        char other = "ABCDEFabcdef0189-_.=+/ \n\u00e4".charAt(random.nextInt(25));
        if (genuine.charAt(place) != other) {
            assertRefused(genuine.substring(0, place) + other + genuine.substring(place + 1));
        }
    }

    @Property
    void genuineTokensWithPartsCutSwappedOrDoubled(@ForAll long seed) {
        Random random = new Random(seed);
        String[] access = ACCESS.split("\\.");
        String[] session = SESSION.split("\\.");
        StringBuilder mixed = new StringBuilder();
        int parts = 1 + random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            String part = (random.nextBoolean() ? access : session)[random.nextInt(3)];
            int end = random.nextInt(3) == 0 ? random.nextInt(part.length()) : part.length();
            mixed.append(i == 0 ? "" : ".").append(part, 0, end);
        }
        if (!mixed.toString().equals(ACCESS) && !mixed.toString().equals(SESSION)) {
            assertRefused(mixed.toString());
        }
    }

    @Property
    void headerOfAnyKindUnderTheRightKey(@ForAll("headers") String header) throws Exception {
        String claims = new String(Base64.getUrlDecoder().decode(ACCESS.split("\\.")[1]), StandardCharsets.UTF_8);
        if (isAccepted(signed(header, claims), VERIFIER::verifyAccessToken)) {
            JsonNode read = JSON.readTree(header);
            assertThat(read.path("alg").asText()).as(header).isEqualTo("HS256");
            assertThat(read.has("crit")).as(header).isFalse();
        }
    }

    @Provide
    Arbitrary<String> headers() {
        Arbitrary<String> algorithms = Arbitraries.of("\"HS256\"", "\"hs256\"", "\"none\"", "\"HS384\"", "\"RS256\"",
                "null", "[]",
                "1", "\"\"");
        Arbitrary<String> more = Arbitraries.of("", ",\"typ\":\"JWT\"", ",\"typ\":1", ",\"kid\":\"x\"", ",\"kid\":{}",
                ",\"alg\":\"none\"", ",\"b64\":false,\"crit\":[\"b64\"]", ",\"crit\":[\"x\"]", ",\"crit\":\"x\"",
                ",\"crit\":[]",
                ",\"zip\":\"DEF\"",
                ",\"jku\":\"http://127.0.0.1:1/\"", ",\"x5u\":\"http://127.0.0.1:1/\"", ",\"jwk\":{}",
                ",\"cty\":\"JWT\"",
                ",\"enc\":\"A128GCM\"", "}");
        return Combinators.combine(algorithms, more).as((algorithm, rest) -> "{\"alg\":" + algorithm + rest + "}");
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void claimsOfAnyKindUnderTheRightKey(@ForAll("claims") String claims) throws Exception {
        if (isAccepted(signed("{\"alg\":\"HS256\"}", claims), VERIFIER::verifyAccessToken)) {
            JsonNode read = JSON.readTree(claims);
            assertThat(read.path("iss").asText()).as(claims).isEqualTo("issuer");
            assertThat(read.path("aud").toString()).as(claims).contains("apiaccess").doesNotContain("ccmessaging");
            assertThat(read.path("exp").asDouble()).as(claims).isGreaterThan(NOW.getEpochSecond() - 31);
            assertThat(read.path("nbf").asDouble()).as(claims).isLessThan(NOW.getEpochSecond() + 31);
        }
    }

    @Provide
    Arbitrary<String> claims() {
        Arbitrary<String> iss = oftenRight("\"issuer\"");
        Arbitrary<String> aud = oftenRight("\"apiaccess\"");
        Arbitrary<String> exp = oftenRight("1767226000");
        return Combinators.combine(iss, aud, exp, Arbitraries.of(VALUES), Arbitraries.of(VALUES),
                Arbitraries.of("", ",\"exp\":1767226000", ",\"jti\":{}", ",\"x\":[[[]]]", "}", ",")).as(
                (issuer, audience, expiry, before, issued, more) -> "{\"iss\":" + issuer + ",\"aud\":" + audience
                        + ",\"exp\":" + expiry + ",\"nbf\":" + before + ",\"iat\":" + issued + more + "}");
    }

    private static Arbitrary<String> oftenRight(String right) {
        return Arbitraries.oneOf(Arbitraries.just(right), Arbitraries.of(VALUES));
    }

    /** Fails if the verifier throws anything else than that the token is not valid. */
    private static boolean isAccepted(String token, Function<String, Token> verify) {
        try {
            verify.apply(token);
            return true;
        } catch (UnauthorizedException refused) {
            return false;
        }
    }

    private static String signed(String header, String claims) throws GeneralSecurityException {
        String input = base64(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64(claims.getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Service.SIGNING_KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return input + "." + base64(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
