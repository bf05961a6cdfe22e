package org.ccmessaging.filestream.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.ccmessaging.filestream.support.Service;

/**
 * What a service holds at a moment, by its own meters.
 *
 * @param permits downloads in flight
 * @param leases connections to the store that are in use
 * @param threads platform threads
 * @param descriptors files and sockets
 */
record Resources(int permits, int leases, int threads, int descriptors) {

    static Resources of(Service service) {
        return new Resources((int) service.metric("filestream_downloads_in_flight"), leased(service.metrics()),
                (int) service.metric("jvm_threads_live_threads"), (int) service.metric("process_files_open_files"));
    }

    /** The sum over all stores. */
    private static int leased(String metrics) {
        return metrics.lines().filter(line -> line.matches("filestream_s3_connections\\{.*state=\"leased\".*"))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf('}') + 2))).sum();
    }

    /**
     * Waits until the service holds what it held, and fails if it never does.
     *
     * @param kept threads and connections that the service may keep for the next requests
     * @return what it holds now
     */
    Resources awaitBack(Service service, int kept) {
        await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            Resources now = of(service);
            assertThat(now.permits).as("permits in flight").isZero();
            assertThat(now.leases).as("leased connections").isZero();
            assertThat(now.threads).as("threads, %d before", threads).isLessThanOrEqualTo(threads + kept);
            assertThat(now.descriptors).as("descriptors, %d before", descriptors)
                    .isLessThanOrEqualTo(descriptors + kept);
        });
        return of(service);
    }
}
