package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.http.HttpHeaders;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.ConfinedLocation;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.storage.s3.ObjectGet.ObjectResponse;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.RouteStep;

/** Step {@code take-object}: makes a {@link StoredObject} that resumes broken reads (decision 0001). */
@RouteStep(needs = "objectRequest", leaves = "file")
public class TakeObject implements Processor {

    private final long mostBytes;
    private final Deadlines deadlines;
    private final Counter resumed;
    private final Counter givenUp;

    TakeObject(DownloadSettings settings, Deadlines deadlines, MeterRegistry meters) {
        this.mostBytes = settings.maxFileSize().toBytes();
        this.deadlines = deadlines;
        MeterProvider<Counter> broken = Counter.builder("filestream.reads.resumed")
                .description("Reads of the S3 store that broke, by outcome").withRegistry(meters);
        this.resumed = broken.withTag("outcome", "resumed");
        this.givenUp = broken.withTag("outcome", "given-up");
    }

    @Override
    public void process(Exchange exchange) {
        ObjectLocation location = ConfinedLocation.require(exchange);
        ObjectGet get = exchange.getProperty(ObjectGet.PROPERTY, ObjectGet.class);
        ObjectResponse response = get.handOver(exchange.getMessage().getBody(), location);
        ResumingStream content = new ResumingStream(get, response, deadlines, resumed, givenUp);
        new StoredObject(content, response.length(), mostBytes, content).attachTo(exchange);
        // Without a length, only the chunked coding or a checksum shows that an object is complete.
        if (response.length() == StoredObject.UNKNOWN_LENGTH && !content.hasChecksum()
                && !"chunked".equalsIgnoreCase(response.header(HttpHeaders.TRANSFER_ENCODING))) {
            throw new ReadBrokenException("the store announced neither length nor checksum");
        }
    }
}
