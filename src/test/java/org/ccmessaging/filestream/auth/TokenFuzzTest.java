package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.Customer;

/**
 * A token that differs from a genuine one is refused as unauthorized, and so is any other text. Odd headers and claims
 * under the right key are those of {@code OddTokensContractTest}.
 */
class TokenFuzzTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final AuthSettings SETTINGS = ShippedSettings.of("filestream.auth", AuthSettings.class, Map.of(
            "filestream.auth.signing-key", Service.SIGNING_KEY, "filestream.auth.issuer", "issuer"));
    private static final SimpleMeterRegistry METERS = new SimpleMeterRegistry();
    private static final TokenKeys KEYS =
            new TokenKeys(SETTINGS, new HealthSettings(Duration.ofSeconds(1)), METERS);
    private static final TokenVerifier VERIFIER = new TokenVerifier(SETTINGS, KEYS, CLOCK, METERS);
    private static final TokenIssuer ISSUER = new TokenIssuer(SETTINGS, CLOCK);
    private static final String ACCESS = ISSUER.issueAccessToken("app", Duration.ofMinutes(10)).value();
    private static final String SESSION =
            ISSUER.issueSessionToken("app", new Customer("tenant", "channel", "user")).value();

    private static void assertRefused(String text) {
        // The HTTP edge asks for it before anything is verified.
        assertThatNoException().isThrownBy(() -> VERIFIER.sessionName(text).hashCode());
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
        // A token that is remembered is no help to one that differs.
        VERIFIER.verifyAccessToken(ACCESS);
        VERIFIER.verifySessionToken(SESSION);
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

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
