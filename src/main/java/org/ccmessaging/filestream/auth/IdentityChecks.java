package org.ccmessaging.filestream.auth;

import com.nimbusds.jose.proc.BadJOSEException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.ccmessaging.filestream.settings.Examination;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** Examines the issuers of tokens, and verifies tokens as a request does. */
@Lazy
@Component("identity")
record IdentityChecks(AuthSettings settings, TokenVerifier verifier, Clock clock, MeterRegistry meters)
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

    private void issuer(TrustedIssuer issuer, Notes notes) throws Exception {
        if (issuer.address() == null) {
            notes.must(true, "algorithms: HS256, with keys: " + issuer.signingKeys().size(), "");
            return;
        }
        notes.trying("issuer", "Correct " + issuer.setting() + ", or the network between the service and the issuer");
        Attempt call = issuer.client() == null ? to -> keys(issuer, to) : to -> introspect(issuer, to);
        try {
            call.run(notes);
        } catch (Exception first) {
            // In a new process, or on a busy machine, the time may be over before the request has left.
            call.run(notes);
        }
    }

    private void keys(TrustedIssuer issuer, Notes notes) {
        IssuerKeySet keySet = new IssuerKeySet(issuer, new IssuerCalls(issuer, meters));
        keySet.refresh(0);
        if (keySet.missing() != null) {
            throw new IllegalStateException(keySet.missing());
        }
        notes.must(true, "issuer: " + keySet.state().text(), "");
    }

    private void introspect(TrustedIssuer issuer, Notes notes) {
        try {
            new Introspection(issuer, clock, meters).claims("doctor-" + UUID.randomUUID());
            notes.must(false, "introspection: an invented token is active", "Correct " + issuer.setting());
        } catch (BadJOSEException inactive) {
            notes.must(true, "introspection: an invented token is " + inactive.getMessage(), "");
        }
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
