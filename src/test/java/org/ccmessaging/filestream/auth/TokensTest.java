package org.ccmessaging.filestream.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Test;

/** A verified token is remembered, and forgotten in time. */
class TokensTest {

    private static final class Hand extends Clock {

        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        private void advance(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private final Hand clock = new Hand();
    private final Tokens tokens = new Tokens(new AuthSettings(new Secret(Service.SIGNING_KEY), null, "issuer", true,
            Map.of()), clock, new SimpleMeterRegistry());

    @Test
    void tokenThatWasVerifiedIsNotVerifiedAgain() {
        String token = tokens.issueAccessToken("app", Duration.ofMinutes(10)).getTokenValue();

        assertThat(tokens.verifyAccessToken(token)).isSameAs(tokens.verifyAccessToken(token));
    }

    @Test
    void rememberedTokenIsRefusedWhenItHasExpiredAndTheSkewIsOver() {
        String token = tokens.issueAccessToken("app", Duration.ofMinutes(10)).getTokenValue();
        tokens.verifyAccessToken(token);

        clock.advance(Duration.ofMinutes(10).plusSeconds(29));
        assertThat(tokens.verifyAccessToken(token).getSubject()).isEqualTo("app");

        clock.advance(Duration.ofSeconds(2));
        assertThatThrownBy(() -> tokens.verifyAccessToken(token)).isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void rememberedTokenOfOneKindIsNotAcceptedAsTheOther() {
        String access = tokens.issueAccessToken("app", Duration.ofMinutes(10)).getTokenValue();
        String session = tokens.issueSessionToken("app", new Customer("tenant", "channel", "user")).getTokenValue();
        tokens.verifyAccessToken(access);
        tokens.verifySessionToken(session);

        assertThatThrownBy(() -> tokens.verifySessionToken(access)).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> tokens.verifyAccessToken(session)).isInstanceOf(UnauthorizedException.class);
    }

    @Test
    void tokenThatDiffersInItsLastCharacterIsVerifiedAnew() {
        String token = tokens.issueAccessToken("app", Duration.ofMinutes(10)).getTokenValue();
        tokens.verifyAccessToken(token);
        char last = token.charAt(token.length() - 2);
        String other = token.substring(0, token.length() - 2) + (last == 'A' ? 'B' : 'A')
                + token.charAt(token.length() - 1);

        assertThatThrownBy(() -> tokens.verifyAccessToken(other)).isInstanceOf(UnauthorizedException.class);
    }
}
