package org.ccmessaging.filestream.auth;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.ccmessaging.filestream.settings.Examination;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Examines the issuers of tokens, and verifies tokens as a request does. */
@Lazy
@Component("identity")
record IdentityChecks(AuthSettings settings, TokenVerifier verifier, MeterRegistry meters)
        implements Examination {

    @Override
    public Map<String, Attempt> attempts(Given given) {
        Map<String, Attempt> attempts = new LinkedHashMap<>();
        Stream.of(settings.accessTokens(), settings.sessionTokens()).flatMap(List::stream)
                .forEach(issuer -> attempts.putIfAbsent(issuer.setting(), notes -> issuer(issuer, notes)));
        if (given.accessToken() != null || given.sessionToken() != null) {
            attempts.put("tokens", notes -> tokens(given, notes));
        }
        return attempts;
    }

    private void issuer(TrustedIssuer issuer, Notes notes) {
        if (issuer.address() == null) {
            notes.must(true, "algorithms: HS256, with keys: " + issuer.signingKeys().size(), "");
            return;
        }
        notes.trying("issuer", "Correct " + issuer.setting() + ", or the network between the service and the issuer");
        try {
            keys(issuer, notes);
        } catch (IllegalStateException first) {
            // In a new process, or on a busy machine, the time may be over before the request has left.
            keys(issuer, notes);
        }
    }

    private void keys(TrustedIssuer issuer, Notes notes) {
        IssuerKeys keySet = TokenKeys.keySet(issuer, meters);
        keySet.refresh(Duration.ZERO);
        if (keySet.missing() != null) {
            throw new IllegalStateException(keySet.missing());
        }
        notes.must(true, "issuer: " + keySet.state(), "");
    }

    private void tokens(Given given, Notes notes) {
        Token access = verify("AccessToken", given.accessToken(), verifier::verifyAccessToken, notes);
        Token session = verify("session token", given.sessionToken(), verifier::verifySessionToken, notes);
        if (access != null && session != null) {
            notes.must(String.valueOf(access.appKey()).equals(session.appKey()), "apps: " + access.appKey()
                    + " of the AccessToken, " + session.appKey() + " of the session token",
                    "Fetch both tokens for the same app");
        }
    }

    /** Returns the token; {@code null} if the operator gave none, or the verifier refuses it. */
    private static Token verify(String kind, String text, Function<String, Token> verifier, Notes notes) {
        if (text == null) {
            return null;
        }
        try {
            Token token = verifier.apply(text);
            notes.must(true, kind + ": accepted, " + token.issuer().setting() + ", until "
                    + token.expiresAt(), "");
            return token;
        } catch (DocumentedFailure refused) {
            notes.must(false, "refused: " + refused.getMessage(), "Compare the token with docs/identity.md");
            return null;
        }
    }
}
