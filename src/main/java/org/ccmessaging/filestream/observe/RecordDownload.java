package org.ccmessaging.filestream.observe;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.SynchronizationAdapter;
import org.ccmessaging.filestream.toolkit.Steps;
import org.springframework.stereotype.Component;

/**
 * Step {@code record-download}: writes the log line and the meters of a download when its response has left or failed
 * to. The clauses in {@code result-codes.camel.yaml} log unforeseen failures with their stack traces.
 */
@Component(Steps.RECORD_DOWNLOAD)
public class RecordDownload implements Processor {

    private final DownloadMeters meters;
    private final DownloadLog log;

    RecordDownload(DownloadMeters meters, DownloadLog log) {
        this.meters = meters;
        this.log = log;
    }

    /** Records that the first byte of the response is about to leave. The HTTP edge calls it. */
    public static void responseStarts(Exchange exchange) {
        exchange.setProperty(FinishedDownload.RESPONSE_STARTED, System.nanoTime());
    }

    /**
     * Records what the response told the client, when its last byte has left. The HTTP edge calls it.
     *
     * @param resultCode {@code null} if the operation has none
     */
    public static void responded(Exchange exchange, String resultCode) {
        exchange.setProperty(FinishedDownload.RESPONDED, resultCode);
    }

    @Override
    public void process(Exchange exchange) {
        long start = System.nanoTime();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                FinishedDownload download = FinishedDownload.of(done, start);
                meters.record(download);
                log.write(download);
            }
        });
    }
}
