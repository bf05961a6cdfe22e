package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.http.HttpHeaders;
import org.apache.http.client.utils.DateUtils;
import org.ccmessaging.filestream.storage.s3.ObjectGet.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Gives the time for signatures: the time of this machine, until the store refuses it and sends its own. The AWS SDK
 * learns the time of the store as well. Without this class, each GET would take a second request of the SDK.
 */
final class StoreClock {

    /**
     * Maximum offset: more than two time zones can differ. Without a limit, a store could collect signatures that are
     * valid in years.
     */
    private static final Duration LONGEST = Duration.ofDays(1);

    /** A difference that every store accepts. */
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(StoreClock.class);

    private final String branches;
    private volatile long offset;

    StoreClock(String branches, MeterRegistry meters) {
        this.branches = branches;
        Gauge.builder("filestream.s3.clock.offset", this, clock -> clock.offset).tag("branches", branches)
                .baseUnit("seconds").description("Time of the store minus that of this machine, if the store refuses"
                        + " the latter").register(meters);
    }

    Instant now() {
        return Instant.now().plusSeconds(offset);
    }

    /** Returns how the clock of the store differs; {@code null} if the store accepts that of this machine. */
    String difference() {
        long seconds = offset;
        return seconds == 0 ? null : Math.abs(seconds) + " s " + (seconds > 0 ? "ahead of" : "behind")
                + " that of this machine";
    }

    /** Learns the time of a store that refuses the time of a signature. */
    void learnFrom(S3Exception refusal) {
        if (offset != 0 || "RequestTimeTooSkewed".equals(refusal.awsErrorDetails().errorCode())) {
            refusal.awsErrorDetails().sdkHttpResponse().firstMatchingHeader(HttpHeaders.DATE).ifPresent(this::learn);
        }
    }

    /**
     * Updates the offset from a successful response. While the clocks agree, the service does not parse the date of
     * each response, because that would slow down every download.
     */
    void learnFrom(Response response) {
        if (offset != 0 && response.header(HttpHeaders.DATE) != null) {
            learn(response.header(HttpHeaders.DATE));
        }
    }

    private void learn(String date) {
        if (isPlausible(date)) {
            long seconds = secondsAhead(date);
            set(Math.abs(seconds) < SHORTEST.toSeconds() ? 0 : seconds);
        }
    }

    /** Returns whether a clock that is only set wrong can show the date. */
    static boolean isPlausible(String date) {
        return DateUtils.parseDate(date) != null && Math.abs(secondsAhead(date)) <= LONGEST.toSeconds();
    }

    private static long secondsAhead(String date) {
        return Instant.now().until(DateUtils.parseDate(date).toInstant(), ChronoUnit.SECONDS);
    }

    private synchronized void set(long seconds) {
        boolean agreed = offset == 0;
        offset = seconds;
        if (agreed && seconds != 0) {
            LOG.warn("The clock of the store of {} is {}. The service signs with the store's time. Set both clocks by"
                    + " NTP", branches, difference());
        } else if (!agreed && seconds == 0) {
            LOG.info("The store of {} accepts the clock of this machine again", branches);
        }
    }
}
