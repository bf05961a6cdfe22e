package org.ccmessaging.filestream.observe;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.jspecify.annotations.Nullable;

/**
 * Step {@code record-download}: records a download in the log and the meters when its response has left or failed. Then
 * it calls the route {@code direct:download-ended}, if it exists. The clauses in {@code result-codes.camel.yaml} log
 * unforeseen failures with their stack traces.
 *
 * @param failures {@code null} without a console
 */
@RouteStep(description = "Writes one log line and the metrics when the response has been sent.",
        frame = true)
public record RecordDownload(DownloadMeters meters, DownloadLog log, DownloadEnded ended, StorageSettings storage,
        SideBySide sides, RouteMeters routes, RecentRequests requests, @Nullable Failures failures)
        implements Processor {

    /** Exchange property of a download that is recorded: whether a route follows it. */
    private static final String FOLLOWED = RecordDownload.class.getName() + ".followed";

    /**
     * Returns whether a route follows the download in the same thread. The HTTP edge then ends the response first, so
     * that the client does not wait.
     */
    public static boolean isFollowed(Exchange exchange) {
        return Boolean.TRUE.equals(exchange.getProperty(FOLLOWED));
    }

    /** Records that the first byte of the response is about to leave. The HTTP edge calls it. */
    public static void responseStarts(Exchange exchange) {
        exchange.setProperty(FinishedDownload.RESPONSE_STARTED, System.nanoTime());
    }

    /**
     * Records the code of a response when its last byte has left, 500 for a text that is no code. The HTTP edge calls
     * it.
     *
     * @param resultCode {@code null} if the operation has no codes
     */
    public static void responded(Exchange exchange, String resultCode) {
        if (resultCode != null) {
            exchange.setProperty(FinishedDownload.RESPONDED,
                    Headers.isResultCode(resultCode) ? resultCode : SideBySide.BUSINESS_FAILURE);
        }
    }

    @Override
    public void process(Exchange exchange) {
        long start = System.nanoTime();
        exchange.setProperty(FOLLOWED, ended.route(exchange.getContext()).isPresent());
        // Now, because a route may change them.
        Map<String, String> headers = requests.headers(exchange);
        // Completions run in reverse order, so the permit is back and the file is closed by then.
        StoredObject.whenDone(exchange,
                () -> record(exchange, FinishedDownload.of(exchange, start, storage), headers));
    }

    private void record(Exchange exchange, FinishedDownload download, Map<String, String> headers) {
        // An edit is compared with the active routes, and not with a canary.
        if (routes.isServing(exchange.getContext())) {
            requests.record(exchange, download, headers);
        }
        meters.record(download);
        log.write(download);
        sides.record(download, FinishedDownload.failure(exchange));
        if (failures != null && download.isFailed()) {
            failures.add(download, exchange);
        }
        if (isFollowed(exchange)) {
            ended.route(exchange.getContext()).ifPresent(route -> ended.call(route, download));
        }
    }
}
