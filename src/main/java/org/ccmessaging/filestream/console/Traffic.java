package org.ccmessaging.filestream.console;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.observe.Ending;
import org.ccmessaging.filestream.observe.FinishedDownload;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/** Samples counters for the console, because meters only have the sums since startup. */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
class Traffic implements FinishedDownload.Listener {

    /** Seconds between two samples. */
    private static final long INTERVAL = 10;

    /** Maximum number of samples: those of the last 15 minutes. Each takes some 2 KB. */
    private static final int MOST = 91;

    private static final List<String> COUNTERS = List.of("filestream.downloads", "filestream.downloads.refused",
            "filestream.connections.cut", "filestream.auth.guesses", "filestream.keyset.fetches");

    private final MeterRegistry meters;
    private final PeriodicTasks thread = new PeriodicTasks("console-traffic", 1);
    private final Deque<Sample> samples = new ConcurrentLinkedDeque<>();
    private final Map<Ending, LongAdder> endings = Stream.of(Ending.values())
            .collect(Collectors.toMap(ending -> ending, ending -> new LongAdder()));

    /**
     * Sums since startup.
     *
     * @param at milliseconds since 1970
     * @param counters by name and tags, such as {@code filestream.downloads branch=local cause=none
     *     resultCode=0}, without zeros, and the downloads by their {@link Ending}, such as {@code ending=SERVED}
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

    @Override
    public void ended(FinishedDownload download) {
        endings.get(download.ending()).increment();
    }

    void sample() {
        samples.add(now());
        if (samples.size() > MOST) {
            samples.remove();
        }
    }

    private Sample now() {
        Map<String, Long> counters = new TreeMap<>();
        COUNTERS.forEach(name -> meters.find(name).counters().stream().filter(counter -> counter.count() > 0)
                .forEach(counter -> counters.merge(series(counter.getId()), (long) counter.count(), Long::sum)));
        endings.forEach((ending, sum) -> counters.put("ending=" + ending, sum.sum()));
        Map<Long, Long> durations = new TreeMap<>();
        for (Timer timer : meters.find("filestream.download.duration").timers()) {
            for (CountAtBucket bucket : timer.takeSnapshot().histogramCounts()) {
                durations.merge((long) bucket.bucket(TimeUnit.MILLISECONDS), (long) bucket.count(), Long::sum);
            }
        }
        return new Sample(System.currentTimeMillis(), counters, durations);
    }

    private static String series(Meter.Id id) {
        return id.getName() + id.getTags().stream().map(tag -> " " + tag.getKey() + "=" + tag.getValue())
                .collect(Collectors.joining());
    }

    /** @param since milliseconds since 1970 */
    List<Sample> after(long since) {
        return samples.stream().filter(sample -> sample.at > since).toList();
    }

    /** Returns by how much each counter has grown in the last minutes, 15 at most. */
    Map<String, Long> grown(int minutes) {
        Map<String, Long> grown = now().counters;
        long start = System.currentTimeMillis() - TimeUnit.MINUTES.toMillis(minutes);
        samples.stream().reduce((before, next) -> next.at > start ? before : next).ifPresent(first ->
                grown.replaceAll((series, sum) -> sum - first.counters.getOrDefault(series, 0L)));
        return grown;
    }
}
