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
 * Accepts a response of the store only for the request that it belongs to (decision 0012). HTTP/1.1 knows them by their
 * order alone: after one surplus response on a connection that is kept open, every later one would go to the wrong
 * customer.
 *
 * <p>Each GET of an object asks the store for a header that no other response has: S3's override
 * {@code response-content-language} with a nonce. The nonce is a private-use language tag (RFC 5646 section 2.2.7). It
 * is part of the signature.
 *
 * <p>Where the store does not send the nonce back, each connection serves one request. Then a surplus response meets no
 * other request.
 */
final class ResponseVerification {

    private enum Nonces { NOT_SEEN, ECHOED, MISSING }

    // Why a response is not served: values of tag reason of the counter.
    private static final String UNBOUND = "unbound";
    private static final String PARTIAL = "partial";
    private static final String BAD_LENGTH = "bad-length";

    private static final Logger LOG = LoggerFactory.getLogger(ResponseVerification.class);

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
    private static final int RADIX = 36;
    /** Characters of a subtag; RFC 5646 allows 8. */
    private static final long SUBTAGS = (long) Math.pow(RADIX, 8);

    private final VerifyResponses mode;
    private final MeterRegistry meters;
    private final Tags store;
    private volatile Nonces nonces = Nonces.NOT_SEEN;

    /** @param store tells the meters of this store from those of another one */
    ResponseVerification(VerifyResponses mode, MeterRegistry meters, Tags store) {
        this.mode = mode;
        this.meters = meters;
        this.store = store;
        for (String reason : List.of(UNBOUND, PARTIAL, BAD_LENGTH)) {
            counter(reason);
        }
    }

    /** A response that must not be served. Its message says what the store sent. */
    static final class RejectedResponse extends Exception {

        private RejectedResponse(String message) {
            super(message);
        }
    }

    private Counter counter(String reason) {
        return Counter.builder("filestream.s3.responses.rejected").tags(store).tag("reason", reason)
                .description("Responses of the store that the service did not accept").register(meters);
    }

    /** A value for {@code response-content-language}; {@code null} if requests carry none. */
    String nonce() {
        if (mode == VerifyResponses.OFF) {
            return null;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "x-" + Long.toString(random.nextLong(SUBTAGS), RADIX) + "-"
                + Long.toString(random.nextLong(SUBTAGS), RADIX);
    }

    /** Whether each connection serves one request only. */
    boolean oneRequestPerConnection() {
        return mode == VerifyResponses.OFF || nonces == Nonces.MISSING;
    }

    /**
     * Checks the head of a response to a GET.
     *
     * @param nonce what the request asked for; {@code null} if nothing
     * @param ranged whether the request asked for a range
     * @param firstOnConnection whether no response came before on the same connection
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

    /** RFC 9110 section 8.6: digits, and the same in each header. Java would read {@code +5} as 5 and -1 as unknown. */
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

    /** What the health of a bucket says about it. */
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
