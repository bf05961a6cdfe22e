package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.apache.http.Header;
import org.apache.http.HttpHeaders;
import org.apache.http.HttpResponse;
import org.apache.http.HttpStatus;
import org.ccmessaging.filestream.storage.S3Settings.VerifyResponses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies that a response of the store belongs to its request (decision 0012). HTTP/1.1 matches responses to requests
 * only by their order: after one surplus response on a connection that stays open, every later response would go to the
 * wrong customer.
 *
 * <p>Each GET of an object asks the store for a unique header, by the S3 override {@code response-content-language}
 * with a nonce. The nonce is a private-use language tag (RFC 5646 section 2.2.7) and part of the signature.
 *
 * <p>If the store does not send the nonce back, each connection serves one request. Then a surplus response cannot
 * reach another request.
 */
final class ResponseVerification {

    private enum Nonces { NOT_SEEN, ECHOED, MISSING }

    // Values of tag reason of the counter.
    private static final String UNBOUND = "unbound";
    private static final String PARTIAL = "partial";
    private static final String BAD_LENGTH = "bad-length";

    private static final Logger LOG = LoggerFactory.getLogger(ResponseVerification.class);

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final int RADIX = 36;
    /** Number of subtags of 8 characters, the maximum length by RFC 5646. */
    private static final long SUBTAGS = (long) Math.pow(RADIX, 8);

    private final VerifyResponses mode;
    private final MeterRegistry meters;
    private final Tags store;
    private volatile Nonces nonces = Nonces.NOT_SEEN;

    /** @param store the tags of the meters of this store */
    ResponseVerification(VerifyResponses mode, MeterRegistry meters, Tags store) {
        this.mode = mode;
        this.meters = meters;
        this.store = store;
        for (String reason : List.of(UNBOUND, PARTIAL, BAD_LENGTH)) {
            counter(reason);
        }
    }

    /** Reports a response that must not be served. The message describes the response. */
    static final class RejectedResponse extends Exception {

        private RejectedResponse(String message) {
            super(message);
        }
    }

    private Counter counter(String reason) {
        return Counter.builder("filestream.s3.responses.rejected").tags(store).tag("reason", reason)
                .description("Responses of the store that the service did not accept").register(meters);
    }

    /** A new value for {@code response-content-language}; {@code null} if requests have none. */
    String nonce() {
        if (mode == VerifyResponses.OFF) {
            return null;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "x-" + Long.toString(random.nextLong(SUBTAGS), RADIX) + "-"
                + Long.toString(random.nextLong(SUBTAGS), RADIX);
    }

    /** Returns whether each connection serves only one request. */
    boolean oneRequestPerConnection() {
        return mode == VerifyResponses.OFF || nonces == Nonces.MISSING;
    }

    /**
     * Checks the head of a response to a GET.
     *
     * @param nonce the nonce of the request; {@code null} if it has none
     * @param ranged whether the request is for a range
     * @param firstOnConnection whether this is the first response on its connection
     * @throws RejectedResponse if the response must not be served
     */
    void check(HttpResponse response, String nonce, boolean ranged, boolean firstOnConnection)
            throws RejectedResponse {
        int status = response.getStatusLine().getStatusCode();
        if (status >= HttpStatus.SC_MULTIPLE_CHOICES) {
            return;
        }
        if (!ranged && (status != HttpStatus.SC_OK || response.containsHeader(HttpHeaders.CONTENT_RANGE))) {
            throw rejected(PARTIAL, "a part of the object (" + status + ") and not all of it");
        }
        requireOneLength(response);
        if (nonce == null) {
            return;
        }
        Header echo = response.getFirstHeader(HttpHeaders.CONTENT_LANGUAGE);
        if (echo != null && nonce.equals(echo.getValue())) {
            nonces = Nonces.ECHOED;
        } else if (mode == VerifyResponses.AUTO && nonces != Nonces.ECHOED && firstOnConnection) {
            if (nonces == Nonces.NOT_SEEN) {
                LOG.warn("The store does not apply response-content-language, so responses cannot be verified. The"
                        + " service uses each connection to it once. See filestream.s3.verify-responses");
            }
            nonces = Nonces.MISSING;
        } else {
            throw rejected(UNBOUND, "the response to another request");
        }
    }

    /** Requires digits, the same in each header (RFC 9110 section 8.6). Java would parse {@code +5} and {@code -1}. */
    private void requireOneLength(HttpResponse response) throws RejectedResponse {
        Header[] lengths = response.getHeaders(HttpHeaders.CONTENT_LENGTH);
        for (Header length : lengths) {
            if (!length.getValue().equals(lengths[0].getValue()) || !LENGTH.matcher(length.getValue()).matches()) {
                throw rejected(BAD_LENGTH, "a bad length");
            }
        }
    }

    private RejectedResponse rejected(String reason, String what) {
        counter(reason).increment();
        LOG.warn("Response rejected: the store sent {}", what);
        return new RejectedResponse("the store sent " + what);
    }

    /** Describes the verification for the health of a bucket. */
    String state() {
        if (mode == VerifyResponses.OFF) {
            return "off: each connection serves one request";
        }
        return switch (nonces) {
            case NOT_SEEN -> "no response yet";
            case ECHOED -> "verified";
            case MISSING -> "not possible with this store: each connection serves one request";
        };
    }
}
