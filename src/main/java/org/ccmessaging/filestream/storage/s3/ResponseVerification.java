package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.http.Header;
import org.apache.http.HttpHeaders;
import org.apache.http.HttpResponse;
import org.apache.http.HttpStatus;
import org.ccmessaging.filestream.storage.S3Settings.VerifyResponses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies that a response belongs to its request, by a nonce that the store copies to the response (decision 0012).
 * HTTP/1.1 matches responses to requests only by order. After one surplus response on a connection, every later
 * response would go to the wrong customer.
 */
final class ResponseVerification {

    private enum Nonces { NOT_SEEN, ECHOED, MISSING }

    private static final String UNBOUND = "unbound";
    private static final String PARTIAL = "partial";
    private static final String BAD_LENGTH = "bad-length";
    private static final String ENCODED = "encoded";

    private static final Logger LOG = LoggerFactory.getLogger(ResponseVerification.class);

    private static final String WITHOUT_LINKS = " Files have no fileUrl, since the store may send HTML and SVG with"
            + " their type, and a browser would run them.";

    private static final Set<String> NO_CODINGS = Set.of("", "identity", "aws-chunked");
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final int RADIX = 36;
    /** Number of possible values of one subtag of a nonce. A subtag has at most 8 characters (RFC 5646). */
    private static final long SUBTAGS = (long) Math.pow(RADIX, 8);

    private final VerifyResponses mode;
    private final MeterRegistry meters;
    private final Tags store;
    private final boolean links;
    private final AtomicReference<Nonces> nonces = new AtomicReference<>(Nonces.NOT_SEEN);

    /** @param links whether the configuration allows links to files */
    ResponseVerification(VerifyResponses mode, MeterRegistry meters, Tags store, boolean links) {
        this.mode = mode;
        this.meters = meters;
        this.store = store;
        this.links = links;
        if (mode == VerifyResponses.OFF && links) {
            LOG.warn("filestream.s3.verify-responses is off.{}", WITHOUT_LINKS);
        }
        for (String reason : List.of(UNBOUND, PARTIAL, BAD_LENGTH, ENCODED)) {
            counter(reason);
        }
    }

    private Counter counter(String reason) {
        return Counter.builder("filestream.s3.responses.rejected").tags(store).tag("reason", reason)
                .description("Responses of the store that the service did not accept").register(meters);
    }

    /** Returns a nonce as a private-use language tag (RFC 5646 section 2.2.7); {@code null} if verification is off. */
    String nonce() {
        if (mode == VerifyResponses.OFF) {
            return null;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "x-" + Long.toString(random.nextLong(SUBTAGS), RADIX) + "-"
                + Long.toString(random.nextLong(SUBTAGS), RADIX);
    }

    /** Returns true until the store has returned a nonce. */
    boolean oneRequestPerConnection() {
        return nonces.get() != Nonces.ECHOED;
    }

    /** Returns the reason to reject the response, or {@code null}. Rejects no response with a status of 300 or more. */
    String rejection(HttpResponse response, String nonce, boolean ranged) {
        int status = response.getStatusLine().getStatusCode();
        if (status >= HttpStatus.SC_MULTIPLE_CHOICES) {
            return null;
        }
        if (!ranged && (status != HttpStatus.SC_OK || response.containsHeader(HttpHeaders.CONTENT_RANGE))) {
            return rejected(PARTIAL, "a part of the object (" + status + ") and not all of it");
        }
        if (!hasOneLength(response)) {
            return rejected(BAD_LENGTH, "a bad length");
        }
        if (!isPlain(response)) {
            return rejected(ENCODED, "the object in another encoding");
        }
        if (nonce == null) {
            return null;
        }
        Header echo = response.getFirstHeader(HttpHeaders.CONTENT_LANGUAGE);
        if (echo != null && nonce.equals(echo.getValue())) {
            nonces.set(Nonces.ECHOED);
        } else if (mode == VerifyResponses.AUTO && nonces.compareAndSet(Nonces.NOT_SEEN, Nonces.MISSING)) {
            LOG.warn("The store does not apply response-content-language, so responses cannot be verified. The"
                    + " service uses each connection to it once. See filestream.s3.verify-responses.{}",
                    links ? WITHOUT_LINKS : "");
        } else if (mode != VerifyResponses.AUTO || nonces.get() == Nonces.ECHOED) {
            return rejected(UNBOUND, "the response to another request");
        }
        return null;
    }

    /** Requires the same digits in each {@code Content-Length} (RFC 9110 section 8.6). Java would also parse +5. */
    private static boolean hasOneLength(HttpResponse response) {
        Header[] lengths = response.getHeaders(HttpHeaders.CONTENT_LENGTH);
        return lengths.length == 0 || LENGTH.matcher(lengths[0].getValue()).matches() && (lengths.length == 1
                || Stream.of(lengths).allMatch(length -> length.getValue().equals(lengths[0].getValue())));
    }

    /** Ignores aws-chunked, the coding of the upload, which some stores send with an object that is not encoded. */
    private static boolean isPlain(HttpResponse response) {
        return Stream.of(response.getHeaders(HttpHeaders.CONTENT_ENCODING))
                .allMatch(coding -> NO_CODINGS.contains(coding.getValue().toLowerCase(Locale.ROOT)));
    }

    private String rejected(String reason, String what) {
        counter(reason).increment();
        LOG.warn("Response rejected: the store sent {}", what);
        return "the store sent " + what;
    }

    /**
     * Returns false if links are configured, and the store has not repeated a nonce yet. Such a store may also ignore
     * parameter {@code response-content-type} of a link.
     */
    boolean allowsLinks() {
        return !links || nonces.get() == Nonces.ECHOED;
    }

    String state() {
        return mode == VerifyResponses.OFF ? "off: each connection serves one request" : switch (nonces.get()) {
            case NOT_SEEN -> "no response yet";
            case ECHOED -> "verified";
            case MISSING -> "not possible with this store: each connection serves one request";
        };
    }
}
