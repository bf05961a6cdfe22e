package org.ccmessaging.filestream.console;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/** Samples counters for the console, because meters only have the sums since startup. */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
class Traffic {

    /** Seconds between two samples. */
    private static final long INTERVAL = 10;

    /** Maximum number of samples: those of the last 15 minutes. Each takes some 2 KB. */
    private static final int MOST = 91;

    private static final List<String> COUNTERS = List.of("filestream.downloads", "filestream.downloads.refused",
            "filestream.connections.cut", "filestream.auth.guesses", "filestream.keyset.fetches",
            "filestream.s3.responses.rejected", "filestream.log.lines.dropped");

    private final MeterRegistry meters;
    private final PeriodicTasks thread = new PeriodicTasks("console-traffic", 1);
    private final Deque<Sample> samples = new ArrayDeque<>();

    /**
     * Sums since startup.
     *
     * @param at milliseconds since 1970
     * @param counters by name and tags, such as {@code filestream.downloads branch=local cause=none
     *     resultCode=0}, without zeros
     * @param durations number of downloads that took at most so many milliseconds
     */
    record Sample(long at, Map<String, Long> counters, Map<Long, Long> durations) {
    }

    Traffic(MeterRegistry meters) {
        this.meters = meters;
    }

    @PostConstruct
    void start() {
        thread.scheduleWithFixedDelay(this::sample, 0, INTERVAL, TimeUnit.SECONDS);
    }

    @PreDestroy
    void stop() {
        thread.shutdown();
    }

    void sample() {
        Sample now = now();
        synchronized (samples) {
            samples.add(now);
            if (samples.size() > MOST) {
                samples.remove();
            }
        }
    }

    private Sample now() {
        Map<String, Long> counters = new TreeMap<>();
        COUNTERS.forEach(name -> meters.find(name).counters().stream().filter(counter -> counter.count() > 0)
                .forEach(counter -> counters.merge(series(counter), (long) counter.count(), Long::sum)));
        Map<Long, Long> durations = new TreeMap<>();
        for (Timer timer : meters.find("filestream.download.duration").timers()) {
            for (CountAtBucket bucket : timer.takeSnapshot().histogramCounts()) {
                durations.merge((long) bucket.bucket(TimeUnit.MILLISECONDS), (long) bucket.count(), Long::sum);
            }
        }
        return new Sample(System.currentTimeMillis(), counters, durations);
    }

    private static String series(Counter counter) {
        Meter.Id id = counter.getId();
        return id.getName() + id.getTags().stream().map(tag -> " " + tag.getKey() + "=" + tag.getValue())
                .collect(Collectors.joining());
    }

    /** @param since milliseconds since 1970 */
    List<Sample> after(long since) {
        synchronized (samples) {
            return samples.stream().filter(sample -> sample.at > since).toList();
        }
    }

    /** Returns by how much each counter has grown in the last 15 minutes. */
    Map<String, Long> lately() {
        Sample oldest;
        synchronized (samples) {
            oldest = samples.peek();
        }
        Map<String, Long> grown = now().counters;
        if (oldest != null) {
            grown.replaceAll((series, sum) -> sum - oldest.counters.getOrDefault(series, 0L));
        }
        return grown;
    }
}
