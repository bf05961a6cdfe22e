package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.failure.AccessTokenExpiredException;
import org.ccmessaging.filestream.failure.TokenKeysUnavailableException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.HealthSettings;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.HandClock;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.support.TestIssuer;
import org.ccmessaging.filestream.support.TestTokens;
import org.ccmessaging.filestream.toolkit.Customer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.health.contributor.Status;

@Execution(ExecutionMode.CONCURRENT)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth", texts = "cannot be fetched")
class TokenVerifierTest {

    private static final String FORMER_KEY = "the former key of the service, 32 bytes and more";
    private static final Customer CUSTOMER = new Customer("tenant", "channel", "user");

    private final HandClock clock = new HandClock();
    private final AuthSettings settings = settings(Map.of());
    private final TokenIssuer issuer = new TokenIssuer(settings, clock);
    private final TokenVerifier verifier = verifier(settings);

    private static AuthSettings settings(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(Map.of("filestream.auth.signing-key", Service.SIGNING_KEY));
        more.forEach((key, value) -> all.put("filestream.auth." + key, value));
        return ShippedSettings.of("filestream.auth", AuthSettings.class, all);
    }

    private TokenKeys keys(AuthSettings settings) {
        return new TokenKeys(settings, new HealthSettings(Duration.ofMillis(10)), new SimpleMeterRegistry());
    }

    private TokenVerifier verifier(AuthSettings settings) {
        return new TokenVerifier(settings, keys(settings), clock, new SimpleMeterRegistry());
    }

    private String access(String app) {
        return issuer.issueAccessToken(app, Duration.ofMinutes(10)).value();
    }

    @Test
    void verifiedTokenIsRememberedUntilItHasExpiredAndTheSkewIsOver() {
        String token = access("app");
        Token verified = verifier.verifyAccessToken(token);

        clock.advance(Duration.ofMinutes(10).plusSeconds(29));
        assertThat(verifier.verifyAccessToken(token)).isSameAs(verified);

        clock.advance(Duration.ofSeconds(2));
        assertThatThrownBy(() -> verifier.verifyAccessToken(token)).isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void accessTokenThatHasExpiredIsToldApartFromOneThatIsWrong() {
        String expired = access("app");
        String other = new TokenIssuer(settings(Map.of("issuer", "other")), clock)
                .issueAccessToken("app", Duration.ofMinutes(10)).value();
        clock.advance(Duration.ofMinutes(11));

        assertThatThrownBy(() -> verifier.verifyAccessToken(expired)).isInstanceOf(AccessTokenExpiredException.class)
                .hasNoCause();
        for (String wrong : List.of(other, expired.replaceFirst(".{8}$", "AAAAAAAA"), "x")) {
            assertThatThrownBy(() -> verifier.verifyAccessToken(wrong))
                    .isExactlyInstanceOf(UnauthorizedException.class);
        }
    }

    /** The times of a token in seconds from now. It has expired 30 s after its {@code exp}. */
    @ParameterizedTest
    @CsvSource({"-30, , , true", "-31, , , false", ", , , false", "600, 599, , true", "600, 600, , false",
        "600, , 30, true", "600, , 31, false"})
    void timesOfATokenDecide(Long expiry, Long issued, Long notBefore, boolean good) {
        String token = TestTokens.access().with(claims -> claims.expirationTime(at(expiry)).issueTime(at(issued))
                .notBeforeTime(at(notBefore))).sign();

        assertThat(catchThrowable(() -> verifier.verifyAccessToken(token)) == null).isEqualTo(good);
    }

    private Date at(Long seconds) {
        return seconds == null ? null : Date.from(clock.instant().plusSeconds(seconds));
    }

    @Test
    void sessionTokenIsRenewedInItsLastQuarterByTheServiceThatSignedIt() {
        Token session = verifier.verifySessionToken(issuer.issueSessionToken("app", CUSTOMER).value());
        clock.advance(Duration.ofMinutes(45).minusSeconds(1));
        assertThat(issuer.renew(session)).isEmpty();

        clock.advance(Duration.ofSeconds(1));
        TokenIssuer.IssuedToken fresh = issuer.renew(session).orElseThrow();

        assertThat(fresh.issuedAt()).isEqualTo(clock.instant());
        assertThat(verifier.verifySessionToken(fresh.value())).returns(CUSTOMER, Token::customer)
                .returns("app", Token::appKey).returns(clock.instant().plusSeconds(3600), Token::expiresAt);
        assertThat(new TokenIssuer(settings(Map.of("issuer", "other")), clock).renew(session)).isEmpty();
    }

    @Test
    void appThatMovedToAnotherTenantRenewsNothingOfTheOldOne() {
        Token session = verifier.verifySessionToken(issuer.issueSessionToken("app", CUSTOMER).value());
        clock.advance(Duration.ofMinutes(50));

        for (String tenant : List.of("tenant", "new")) {
            AuthSettings now = settings(Map.of("apps.app.tenant-id", tenant, "apps.app.secret", "long enough"));
            Token verified = new Token("app", session.customer(), session.expiresAt(), now.sessionTokens().get(0));
            assertThat(new TokenIssuer(now, clock).renew(verified).isPresent()).isEqualTo(tenant.equals("tenant"));
        }
    }

    @Test
    void rotationOfALeakedKeyRefusesItsForgedSessionsAndRenewsNone() {
        String forged = TestTokens.session().with(claims -> claims.expirationTime(at(60L)).issueTime(at(0L))).sign();
        Token remembered = verifier.verifySessionToken(forged);
        assertThat(issuer.renew(remembered)).isPresent();

        AuthSettings rotated = settings(Map.of("signing-key", "the key after the one that leaks"));

        assertThatThrownBy(() -> verifier(rotated).verifySessionToken(forged))
                .isInstanceOf(UnauthorizedException.class);
        assertThat(new TokenIssuer(rotated, clock).renew(remembered)).isEmpty();
    }

    @Test
    void replacedKeyStillVerifiesAndTheNewOneSigns() throws Exception {
        String key = "session-token.signing-keys";
        AuthSettings both = settings(Map.of(key + "[0].kid", "new", key + "[0].secret", Service.SIGNING_KEY,
                key + "[1].kid", "old", key + "[1].secret", FORMER_KEY));
        TokenVerifier restarted = verifier(both);
        restarted.verifySessionToken(sign("old"));
        restarted.verifySessionToken(sign(null));
        for (String wrong : List.of("new", "other")) {
            assertThatThrownBy(() -> restarted.verifySessionToken(sign(wrong)))
                    .isInstanceOf(UnauthorizedException.class);
        }

        verifier.verifySessionToken(new TokenIssuer(both, clock).issueSessionToken("app", CUSTOMER).value());
    }

    private static String sign(String kid) throws JOSEException {
        return TestTokens.session().sign(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(kid).build(),
                new MACSigner(FORMER_KEY));
    }

    @Test
    void appThatIsNotListedIsRefusedAndAListedOneMayHaveItsTenantFromTheSettings() {
        AuthSettings listed = settings(Map.of("only-listed-apps", "true", "apps.app.tenant-id", "its tenant",
                "apps.app.secret", "long enough", "session-token.claims.tenant-id", "app", "session-grace", "10s"));
        TokenVerifier strict = verifier(listed);
        TokenIssuer any = new TokenIssuer(listed, clock);

        assertThat(strict.verifyAccessToken(any.issueAccessToken("app", Duration.ofMinutes(1)).value()).appKey())
                .isEqualTo("app");
        assertThatThrownBy(() -> strict.verifyAccessToken(any.issueAccessToken("x", Duration.ofMinutes(1)).value()))
                .hasMessage("AccessToken: the app is not listed");
        for (String app : List.of("app", "x")) {
            String session = any.issueSessionToken(app, CUSTOMER).value();
            clock.advance(Duration.ofHours(1).plusSeconds(40));
            assertThat(strict.verifySessionToken(session).customer().tenantId())
                    .isEqualTo(app.equals("x") ? null : "its tenant");
        }
    }

    @Test
    void claimMayBeInAnObjectAndMayBeANumber() {
        AuthSettings nested = settings(Map.of("access-token.claims.app-key", "resource.app"));
        String token = TestTokens.access().claim("resource", Map.of("app", 7)).sign();

        assertThat(verifier(nested).verifyAccessToken(token).appKey()).isEqualTo("7");
    }

    /** Nobody can tell the hour that comes twice; no token is refused for it, and none lives longer than it says. */
    @Test
    void clockThatIsSetBackByAnHourRefusesNoTokenAndKeepsItsExpiry() {
        String remembered = access("app");
        String unknown = issuer.issueAccessToken("app", Duration.ofMinutes(11)).value();
        verifier.verifyAccessToken(remembered);

        clock.advance(Duration.ofHours(-1));
        assertThat(verifier.verifyAccessToken(remembered).appKey()).isEqualTo("app");
        assertThat(verifier.verifyAccessToken(unknown).appKey()).isEqualTo("app");

        clock.advance(Duration.ofMinutes(72));
        assertThatThrownBy(() -> verifier.verifyAccessToken(remembered)).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> verifier.verifyAccessToken(unknown)).isInstanceOf(UnauthorizedException.class);
    }

    /** A client chooses how long its tokens and their claims are. */
    @Test
    void rememberedTokensTakeABoundedShareOfTheHeapHoweverLongTheirClaimsAre() {
        SimpleMeterRegistry caches = new SimpleMeterRegistry();
        TokenVerifier small = new TokenVerifier(settings, keys(settings), clock, caches, 100_000);
        Gauge size = caches.get("cache.size").tag("cache", "access-tokens").gauge();

        for (int i = 0; i < 100; i++) {
            small.verifyAccessToken(access(i + "x".repeat(4_000)));
        }
        await().until(() -> size.value() <= 100_000 / 8_000);
        for (int i = 0; i < 200; i++) {
            small.verifyAccessToken(TestTokens.access().with(claims -> claims.expirationTime(at(600L))
                    .issueTime(at(0L))).claim("number", i).claim("groups", "x".repeat(4_000)).sign());
        }
        await().until(() -> size.value() > 50);
    }

    @Test
    void metadataOfAnotherIssuerGiveNoKeys() throws Exception {
        try (TestIssuer company = new TestIssuer()) {
            AuthSettings wrong = settings(Map.of("access-token.issuer-uri", company.uri() + "/"));
            TokenKeys none = keys(wrong);
            String token = TestTokens.access().with(claims -> claims.issuer(company.uri() + "/")).sign(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(company.rsa().getKeyID()).build(),
                    new RSASSASigner(company.rsa()));

            TokenVerifier without = new TokenVerifier(wrong, none, clock, new SimpleMeterRegistry());
            assertThatThrownBy(() -> without.verifyAccessToken(token)).hasMessageContaining("of another issuer")
                    .isInstanceOf(TokenKeysUnavailableException.class).hasNoCause();
            assertThat(none.health().toString()).contains("DOWN",
                    company.uri() + "/=no keys: IOException: the metadata is that of another issuer");
        }
    }

    @Test
    void malformedSignatureIsTheClientsFault() throws Exception {
        try (TestIssuer company = new TestIssuer()) {
            TokenVerifier external = verifier(settings(Map.of("access-token.issuer-uri", company.uri())));
            String token = company.sign(TestTokens.access());
            for (String signature : List.of("", "AAAA", "A".repeat(86), "_".repeat(86))) {
                assertThatThrownBy(() -> external.verifyAccessToken(token.replaceFirst("[^.]+$", signature)))
                        .isInstanceOf(UnauthorizedException.class);
            }
        }
    }

    @Test
    void issuerThatIsDownAtStartupIsCalledUntilItResponds() throws Exception {
        try (TestIssuer company = new TestIssuer()) {
            company.down(true);
            TokenKeys fetched = keys(settings(Map.of("access-token.jwk-set-uri", company.keySet())));
            fetched.start();
            await().until(() -> company.fetches() > 2);
            company.down(false);
            await().until(() -> fetched.health().getStatus().equals(Status.UP));
            fetched.stop();
        }
    }
}
