package org.ccmessaging.filestream.auth;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the calls of an external issuer. It logs a line when a call fails, and one when the next call succeeds. */
final class IssuerCalls {

    private static final Logger LOG = LoggerFactory.getLogger(IssuerCalls.class);

    private final String what;
    private final Counter successes;
    private final Counter failures;
    private String missing = "not called yet";
    private Instant failingSince;

    /** @param what the subject of the lines, such as {@code The key set of filestream.auth.jwk-set-uri} */
    IssuerCalls(String what, MeterRegistry meters) {
        this.what = what;
        this.successes = calls("success", meters);
        this.failures = calls("failure", meters);
    }

    private static Counter calls(String outcome, MeterRegistry meters) {
        return Counter.builder("filestream.keyset.fetches").tag("outcome", outcome)
                .description("Fetches of the key sets of external issuers, and introspections").register(meters);
    }

    /** Returns the reason of the failure, without any secret. */
    synchronized String failed(Throwable failure) {
        failures.increment();
        // Some messages of Java's client have the complete address, with a password or a key in its parameters.
        String reason = Objects.requireNonNullElse(failure.getMessage(), failure.toString())
                .replaceAll("//[^/@\\s]*@", "//(hidden)@").replaceAll("\\?\\S+", "?(hidden)");
        missing = missing == null ? null : reason;
        if (failingSince == null) {
            failingSince = Instant.now();
            LOG.warn("{} cannot be fetched: {}", what, LogText.visible(reason));
        }
        return reason;
    }

    synchronized void succeeded() {
        successes.increment();
        missing = null;
        if (failingSince != null) {
            LOG.info("{} is back after {} s", what, Duration.between(failingSince, Instant.now()).toSeconds());
            failingSince = null;
        }
    }

    /** Returns why no call has succeeded yet; {@code null} once one has. */
    synchronized String missing() {
        return missing;
    }
}
