package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.util.Base64URL;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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

/** The verifier remembers a verified token, and forgets it in time. */
@Execution(ExecutionMode.CONCURRENT)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth", texts = "cannot be fetched")
class TokenVerifierTest {

    private final HandClock clock = new HandClock();
    private final AuthSettings settings = settings(Map.of());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TokenKeys keys = new TokenKeys(settings, new HealthSettings(Duration.ofSeconds(1)), meters);
    private final TokenIssuer issuer = new TokenIssuer(settings, clock);
    private final TokenVerifier verifier = new TokenVerifier(settings, keys, clock, meters);

    private static AuthSettings settings(Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(Map.of("filestream.auth.signing-key", Service.SIGNING_KEY));
        more.forEach((key, value) -> all.put("filestream.auth." + key, value));
        return ShippedSettings.of("filestream.auth", AuthSettings.class, all);
    }

    @Test
    void tokenThatWasVerifiedIsNotVerifiedAgain() {
        String token = issuer.issueAccessToken("app", Duration.ofMinutes(10)).value();

        assertThat(verifier.verifyAccessToken(token)).isSameAs(verifier.verifyAccessToken(token));
    }

    @Test
    void rememberedTokenIsRefusedWhenItHasExpiredAndTheSkewIsOver() {
        String token = issuer.issueAccessToken("app", Duration.ofMinutes(10)).value();
        verifier.verifyAccessToken(token);

        clock.advance(Duration.ofMinutes(10).plusSeconds(29));
        assertThat(verifier.verifyAccessToken(token).appKey()).isEqualTo("app");

        clock.advance(Duration.ofSeconds(2));
        assertThatThrownBy(() -> verifier.verifyAccessToken(token)).isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void accessTokenThatHasExpiredIsToldApartFromOneThatIsWrong() {
        String expired = issuer.issueAccessToken("app", Duration.ofMinutes(10)).value();
        String other = new TokenIssuer(settings(Map.of("issuer", "other")), clock)
                .issueAccessToken("app", Duration.ofMinutes(10)).value();
        clock.advance(Duration.ofMinutes(11));

        assertThatThrownBy(() -> verifier.verifyAccessToken(expired)).isInstanceOf(AccessTokenExpiredException.class)
                .hasNoCause();
        for (String wrong : new String[] {other, expired.substring(0, expired.length() - 8) + "AAAAAAAA", "x"}) {
            assertThatThrownBy(() -> verifier.verifyAccessToken(wrong))
                    .isExactlyInstanceOf(UnauthorizedException.class);
        }
    }

    /** Nobody can tell the hour that comes twice; no token is refused for it, and none lives longer than it says. */
    @Test
    void clockThatIsSetBackByAnHourRefusesNoTokenAndKeepsItsExpiry() {
        String remembered = issuer.issueAccessToken("app", Duration.ofMinutes(10)).value();
        String unknown = issuer.issueAccessToken("app", Duration.ofMinutes(11)).value();
        verifier.verifyAccessToken(remembered);

        clock.advance(Duration.ofHours(-1));
        assertThat(verifier.verifyAccessToken(remembered).appKey()).isEqualTo("app");
        assertThat(verifier.verifyAccessToken(unknown).appKey()).isEqualTo("app");

        clock.advance(Duration.ofMinutes(72));
        assertThatThrownBy(() -> verifier.verifyAccessToken(remembered)).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> verifier.verifyAccessToken(unknown)).isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void cacheIsBounded() {
        for (int i = 0; i < 10_200; i++) {
            verifier.verifyAccessToken(issuer.issueAccessToken("app-" + i, Duration.ofMinutes(10)).value());
        }

        await().until(() -> meters.get("cache.size").tag("cache", "access-tokens").gauge().value() <= 10_000);
        assertThat(meters.get("cache.evictions").tag("cache", "access-tokens").functionCounter().count()).isPositive();
    }

    @Test
    void rememberedTokenOfOneKindIsNotAcceptedAsTheOther() {
        String access = issuer.issueAccessToken("app", Duration.ofMinutes(10)).value();
        String session = issuer.issueSessionToken("app", new Customer("tenant", "channel", "user")).value();
        verifier.verifyAccessToken(access);
        verifier.verifySessionToken(session);

        assertThatThrownBy(() -> verifier.verifySessionToken(access)).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> verifier.verifyAccessToken(session)).isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void issuerThatFailsKeepsTheKeysThatAreKnown() throws Exception {
        try (TestIssuer company = new TestIssuer()) {
            TokenVerifier external = external(company);
            String known = company.sign(TestTokens.access());
            String alsoKnown = company.sign(TestTokens.access().claim("jti", "2"));
            external.verifyAccessToken(known);
            company.rotate();
            company.down(true);

            assertThatThrownBy(() -> external.verifyAccessToken(company.sign(TestTokens.access())))
                    .isInstanceOf(UnauthorizedException.class);
            assertThat(external.verifyAccessToken(alsoKnown).appKey()).isEqualTo(TestTokens.APP_KEY);
        }
    }

    @Test
    void issuerThatTakesMostOfASecondToRespondIsWaitedFor() throws Exception {
        try (TestIssuer company = new TestIssuer()) {
            company.delay(Duration.ofMillis(800));

            assertThat(external(company).verifyAccessToken(company.sign(TestTokens.access())).appKey())
                    .isEqualTo(TestTokens.APP_KEY);
        }
    }

    /** The client of an introspection endpoint tries again when a connection breaks, also within its deadline. */
    @Test
    void secondTryOfAnIntrospectionIsAbandonedWithItsRequest() throws Exception {
        try (ServerSocket gateway = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            TokenVerifier opaque = opaque("http://127.0.0.1:" + gateway.getLocalPort());
            CompletableFuture<Throwable> request = CompletableFuture.supplyAsync(() ->
                    catchThrowable(() -> opaque.verifyAccessToken("opaque")));
            gateway.accept().close();
            try (Socket second = gateway.accept()) {
                assertThat(request.get()).isInstanceOf(TokenKeysUnavailableException.class);
                second.setSoTimeout(10_000);

                assertThat(second.getInputStream().readAllBytes()).as("the request, until the client closes")
                        .isNotEmpty();
            }
        }
    }

    @Test
    void rememberedOpaqueTokenIsRefusedWhenItHasExpiredAndTheSkewIsOver() throws Exception {
        try (TestIssuer company = new TestIssuer()) {
            TokenVerifier opaque = opaque(company.introspection());
            company.introspect("opaque", "{'active':true,'sub':'app','aud':'apiaccess','exp':"
                    + clock.instant().plusSeconds(60).getEpochSecond() + "}");
            opaque.verifyAccessToken("opaque");

            clock.advance(Duration.ofSeconds(89));
            assertThat(opaque.verifyAccessToken("opaque").appKey()).isEqualTo("app");
            assertThat(company.introspections()).isEqualTo(1);

            clock.advance(Duration.ofSeconds(2));
            assertThatThrownBy(() -> opaque.verifyAccessToken("opaque")).isInstanceOf(UnauthorizedException.class);
        }
    }

    private TokenVerifier opaque(String introspection) {
        return new TokenVerifier(settings(Map.of("access-token.introspection-uri", introspection,
                "access-token.client-id", TestIssuer.CLIENT_ID, "access-token.client-secret", TestIssuer.CLIENT_SECRET,
                "access-token.introspection-cache", "5m")), keys, clock, meters);
    }

    private TokenVerifier external(TestIssuer company) {
        AuthSettings trusting = settings(Map.of("access-token.issuer-uri", company.uri()));
        return new TokenVerifier(trusting, new TokenKeys(trusting, new HealthSettings(Duration.ofSeconds(1)), meters),
                Clock.systemUTC(), meters);
    }

    @Test
    void malformedSignatureIsTheClientsFault() throws Exception {
        try (TestIssuer company = new TestIssuer()) {
            TokenVerifier external = external(company);
            String token = company.sign(TestTokens.access());
            for (String signature : new String[] {"", "AAAA", "A".repeat(86), "_".repeat(86)}) {
                assertThatThrownBy(() -> external.verifyAccessToken(
                        token.substring(0, token.lastIndexOf('.') + 1) + signature))
                                .isInstanceOf(UnauthorizedException.class);
            }
        }
    }

    @Test
    void tokensOfTheSameAppAndCustomerNameTheSameSession() {
        String first = verifier.sessionName(TestTokens.session().sign());

        assertThat(verifier.sessionName(TestTokens.session().expiring(60).claim("jti", "2").sign())).isEqualTo(first);
        for (String claim : new String[] {"azp", "tenantId", "channelId", "userId"}) {
            assertThat(verifier.sessionName(TestTokens.session().claim(claim, "other").sign())).as(claim)
                    .isNotEqualTo(first);
        }
    }

    @Test
    void tokenOfAnotherKindNamesASessionOfItsOwn() {
        String unknown = TestTokens.session().with(claims -> claims.issuer("another")).sign();

        assertThat(verifier.sessionName("opaque")).isEqualTo("opaque");
        assertThat(verifier.sessionName(unknown)).isEqualTo(unknown);
        assertThat(verifier.sessionName(null)).isNull();
        // A deep object has a hash that takes a stack of its depth.
        String claims = "{\"iss\":\"" + TestTokens.ISSUER + "\",\"userId\":" + "[".repeat(500) + "]".repeat(500) + "}";
        String deep = Base64URL.encode("{\"alg\":\"HS256\"}") + "." + Base64URL.encode(claims) + ".AAAA";
        assertThat(verifier.sessionName(deep)).isNotNull().doesNotContain("[[");
    }

    @Test
    void tokenPrintsNeitherItsValueNorItsClaims() {
        Token access = issuer.issueAccessToken("app", Duration.ofMinutes(10));
        Token session = issuer.issueSessionToken("app", new Customer("tenant", "channel", "user"));

        assertThat(access + " " + session).contains("app").doesNotContain(access.value(), session.value(), "tenant");
    }
}
