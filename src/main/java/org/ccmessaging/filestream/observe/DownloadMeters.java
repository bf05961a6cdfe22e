package org.ccmessaging.filestream.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.failure.Refusal;
import org.springframework.stereotype.Component;

/**
 * The meters of downloads and of log lines. No tag has the name of a file, a customer or a tenant, so the number of
 * series is limited. The buckets of the histograms are settings in {@code application.yaml}.
 */
@Component
public class DownloadMeters implements FinishedDownload.Listener {

    private static final String BRANCH = "branch";

    private final MeterRegistry meters;
    private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);

    /** A search in the registry for each meter would cost each download some microseconds. */
    private final Map<Labels, Handles> handles = new ConcurrentHashMap<>();

    private record Labels(String branch, String resultCode, Cause cause) {
    }

    private record Handles(Counter downloads, Counter fileBytes, Timer duration, Timer firstByte) {
    }

    DownloadMeters(MeterRegistry meters) {
        this.meters = meters;
        // A rate needs the zero before the first refusal.
        for (Refusal each : Refusal.values()) {
            refused.put(each, Counter.builder("filestream.downloads.refused").tag("reason", each.tag())
                    .description("Downloads refused with 503").register(meters));
        }
        ConsoleQueue.countDropped(meters);
    }

    @Override
    public void ended(FinishedDownload download) {
        Handles found = handles.computeIfAbsent(
                new Labels(download.branch(), download.resultCode(), download.cause()), this::register);
        found.downloads.increment();
        if (download.refusal() != null) {
            refused(download.refusal());
        }
        found.fileBytes.increment(download.bytes());
        found.duration.record(download.nanoseconds(), TimeUnit.NANOSECONDS);
        if (download.firstByteNanoseconds() != null) {
            found.firstByte.record(download.firstByteNanoseconds(), TimeUnit.NANOSECONDS);
        }
    }

    /** Counts a refused download. The HTTP edge counts those that it refuses before any route. */
    public void refused(Refusal reason) {
        refused.get(reason).increment();
    }

    private Handles register(Labels labels) {
        return new Handles(
                Counter.builder("filestream.downloads").tag(BRANCH, labels.branch)
                        .tag("resultCode", labels.resultCode).tag("cause", labels.cause.label())
                        .description("Responses to downloadFileStream, by branch, resultCode and cause")
                        .register(meters),
                Counter.builder("filestream.download").baseUnit("bytes").tag(BRANCH, labels.branch)
                        .description("Bytes of files read for clients, before Base64").register(meters),
                Timer.builder("filestream.download.duration").tag(BRANCH, labels.branch)
                        .description("From the request to the last byte of the response").register(meters),
                Timer.builder("filestream.download.first.byte").tag(BRANCH, labels.branch)
                        .description("From the end of the request to the first byte of the response").register(meters));
    }
}
