package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.retry.ClockSkew;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.HttpStatusCode;

/**
 * Gives the time for signatures: the time of this machine, until the store refuses it and sends its own. The AWS SDK
 * learns the time of the store as well. Without this class, each GET would take a second request of the SDK.
 */
final class StoreClock {

    /** More than time zones differ. Without a limit, a store could collect signatures that are valid in years. */
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

    /** Learns the time of the store. Returns the response, without a time that is too far off for the SDK to learn. */
    HttpExecuteResponse learnFrom(HttpExecuteResponse response) throws IOException {
        if (offset == 0 && response.httpResponse().isSuccessful()) {
            // The SDK learns from failures only, and a date is too slow to parse for each download.
            return response;
        }
        Instant time = ClockSkew.getServerTime(response.httpResponse()).orElse(null);
        if (time == null) {
            return response;
        }
        long seconds = Instant.now().until(time, ChronoUnit.SECONDS);
        if (Math.abs(seconds) > LONGEST.toSeconds()) {
            return HttpExecuteResponse.builder().responseBody(response.responseBody().orElse(null))
                    .response(response.httpResponse().toBuilder().removeHeader("Date").build()).build();
        }
        if (offset != 0 || refusesTime(response)) {
            set(Math.abs(seconds) < SHORTEST.toSeconds() ? 0 : seconds);
        }
        return response;
    }

    private static boolean refusesTime(HttpExecuteResponse response) throws IOException {
        if (response.httpResponse().statusCode() != HttpStatusCode.FORBIDDEN || response.responseBody().isEmpty()) {
            return false;
        }
        // StoreHttpClient has read the body into memory, so the SDK can read it again.
        AbortableInputStream error = response.responseBody().get();
        error.mark(StoreHttpClient.LARGEST_ERROR);
        String text = new String(error.readNBytes(StoreHttpClient.LARGEST_ERROR), StandardCharsets.UTF_8);
        error.reset();
        return text.contains("<Code>RequestTimeTooSkewed</Code>");
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
