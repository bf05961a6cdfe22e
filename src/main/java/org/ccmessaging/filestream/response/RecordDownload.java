package org.ccmessaging.filestream.response;

import static org.ccmessaging.filestream.response.ResultHeaders.RESULT_CODE;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.support.SynchronizationAdapter;
import org.ccmessaging.filestream.auth.Customer;
import org.ccmessaging.filestream.storage.StoredObject;
import org.slf4j.event.KeyValuePair;
import org.springframework.stereotype.Component;

/**
 * Step {@code record-download}: one log line and the meters of a download, written when its response has left or failed
 * to. Never a token, a secret or file content. What an unforeseen failure was, with its stack trace, is logged by its
 * clause in {@code result-codes.camel.yaml}.
 */
@Component("recordDownload")
public class RecordDownload implements Processor {

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /** In place of a code where the client went away before the answer's end: nobody was told one. */
    private static final String ABORTED = "aborted";

    /** When the answer began, as {@link System#nanoTime()}. */
    private static final String BEGUN = RecordDownload.class.getName() + ".begun";

    /** Bounds of histograms: a file from a near store takes milliseconds, one over a slow line takes minutes. */
    private static final Duration[] BOUNDS = {Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
        Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10),
        Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(300)};

    private final DownloadLog downloadLog;
    private final UserIds userIds;
    private final MeterProvider<Counter> downloads;
    private final MeterProvider<Counter> fileBytes;
    private final MeterProvider<Timer> durations;
    private final MeterProvider<Timer> firstBytes;

    RecordDownload(MeterRegistry meters, DownloadLog downloadLog, UserIds userIds) {
        this.downloadLog = downloadLog;
        this.userIds = userIds;
        this.downloads = Counter.builder("filestream.downloads")
                .description("Downloads answered, by branch and resultCode").withRegistry(meters);
        this.fileBytes = Counter.builder("filestream.download").baseUnit("bytes")
                .description("Bytes of files read to be sent").withRegistry(meters);
        this.durations = Timer.builder("filestream.download.duration")
                .description("From the request to the last byte of the answer").serviceLevelObjectives(BOUNDS)
                .withRegistry(meters);
        this.firstBytes = Timer.builder("filestream.download.first.byte")
                .description("From the request to the first byte of the answer").serviceLevelObjectives(BOUNDS)
                .withRegistry(meters);
    }

    /** To be told when the first byte of an answer is about to go out. */
    public static void answerBegins(Exchange exchange) {
        exchange.setProperty(BEGUN, System.nanoTime());
    }

    @Override
    public void process(Exchange exchange) {
        long start = System.nanoTime();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                record(done, start);
            }
        });
    }

    private void record(Exchange exchange, long start) {
        long nanoseconds = System.nanoTime() - start;
        boolean aborted = exchange.isFailed();
        String resultCode = aborted ? ABORTED : exchange.getMessage().getHeader(RESULT_CODE, "none", String.class);
        String branch = exchange.getVariable("branch", "none", String.class);
        long bytes = StoredObject.bytesRead(exchange);
        downloads.withTags("branch", branch, "resultCode", resultCode).increment();
        fileBytes.withTag("branch", branch).increment(bytes);
        durations.withTag("branch", branch).record(nanoseconds, TimeUnit.NANOSECONDS);
        Long begun = exchange.getProperty(BEGUN, Long.class);
        if (begun != null) {
            firstBytes.withTag("branch", branch).record(begun - start, TimeUnit.NANOSECONDS);
        }
        log(exchange, branch, resultCode, bytes, TimeUnit.NANOSECONDS.toMillis(nanoseconds));
    }

    private void log(Exchange exchange, String branch, String resultCode, long bytes, long milliseconds) {
        Throwable failure = exchange.isFailed() ? exchange.getException()
                : exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Throwable.class);
        List<KeyValuePair> facts = new ArrayList<>();
        Customer customer = exchange.getVariable("customer", Customer.class);
        if (customer != null) {
            facts.add(new KeyValuePair("tenantId", oneLine(customer.tenantId())));
            facts.add(new KeyValuePair("channelId", oneLine(customer.channelId())));
            String userId = oneLine(userIds.shown(customer.userId()));
            if (userId != null) {
                facts.add(new KeyValuePair("userId", userId));
            }
        }
        facts.add(new KeyValuePair("branch", branch));
        facts.add(new KeyValuePair("resultCode", resultCode));
        facts.add(new KeyValuePair("bytes", bytes));
        facts.add(new KeyValuePair("ms", milliseconds));
        if (failure != null) {
            facts.add(new KeyValuePair("reason", oneLine(failure.getMessage())));
        }
        downloadLog.write(facts);
    }

    /** What came from outside must not be able to start a line of its own in the log. */
    private static String oneLine(String text) {
        return text == null ? null : CONTROL.matcher(text).replaceAll("?");
    }
}
