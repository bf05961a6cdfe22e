package org.ccmessaging.filestream.storage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Step {@code take-object} of {@code read-s3}: the S3 response and variable {@code location} in, a {@link StoredObject}
 * out, whose reads are resumed where they break.
 *
 * <p>What is asked for then does not pass through step {@code get-object}: it is asked while the answer is being
 * written, when the exchange has left the routes. It uses the same S3 client, and a request like the one
 * that step {@code request-object} makes.
 */
@Component("s3Object")
public class S3Object implements Processor, ResumingStream.Store {

    private final long mostBytes;
    private final S3ObjectRequest requests;
    private final ObjectProvider<S3Client> client;
    private final Counter resumed;
    private final Counter givenUp;

    /** @param client not asked for before a read breaks, since a service without an S3 branch has none */
    S3Object(DownloadSettings settings, S3ObjectRequest requests, ObjectProvider<S3Client> client,
            MeterRegistry meters) {
        this.mostBytes = settings.maxFileSize().toBytes();
        this.requests = requests;
        this.client = client;
        this.resumed = counter(meters, "resumed");
        this.givenUp = counter(meters, "given-up");
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("filestream.reads.resumed").tag("outcome", outcome)
                .description("Breaks in reads of the S3 store, by what came of them").register(meters);
    }

    /** @throws org.ccmessaging.filestream.failure.FileServiceRefusedException where it is larger than is served */
    @Override
    public void process(Exchange exchange) {
        @SuppressWarnings("unchecked")
        ResponseInputStream<GetObjectResponse> response =
                (ResponseInputStream<GetObjectResponse>) exchange.getMessage().getBody();
        ObjectLocation location = exchange.getVariable("location", ObjectLocation.class);
        ResumingStream content = new ResumingStream(response, location, this);
        new StoredObject(content, content.length(), mostBytes, content).attachTo(exchange);
    }

    @Override
    public ResponseInputStream<GetObjectResponse> rest(ObjectLocation location, long offset, String etag) {
        GetObjectRequest whole = requests.of(location);
        return client.getObject().getObject(whole.toBuilder().range("bytes=" + offset + "-").ifMatch(etag)
                .checksumMode((ChecksumMode) null).build());
    }

    @Override
    public void count(boolean wentOn) {
        (wentOn ? resumed : givenUp).increment();
    }
}
