package org.ccmessaging.filestream.observe;

import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RouteStep;

/** Step {@code record-download}: writes the log line and meters of a download after the response. */
@RouteStep
public record RecordDownload(List<FinishedDownload.Listener> listeners, DownloadEnded ended, StorageSettings storage)
        implements Processor {

    /** Records the time just before the first byte of the response. */
    public static void responseStarts(Exchange exchange) {
        exchange.setProperty(FinishedDownload.RESPONSE_STARTED, System.nanoTime());
    }

    /** @param resultCode {@code null} for a response with a new token; an invalid code counts as 500 */
    public static void responded(Exchange exchange, int status, String resultCode) {
        exchange.setProperty(FinishedDownload.STATUS, status);
        if (resultCode != null) {
            exchange.setProperty(FinishedDownload.RESPONDED,
                    Headers.isResultCode(resultCode) ? resultCode : Ending.BUSINESS_FAILURE);
        }
    }

    @Override
    public void process(Exchange exchange) {
        long start = System.nanoTime();
        // Camel runs completions in reverse order. This completion runs after the file is closed and the permit is
        // released.
        StoredObject.whenDone(exchange, () -> record(FinishedDownload.of(exchange, start, storage)));
    }

    private void record(FinishedDownload download) {
        for (FinishedDownload.Listener each : listeners) {
            each.ended(download);
        }
        ended.call(download);
    }
}
