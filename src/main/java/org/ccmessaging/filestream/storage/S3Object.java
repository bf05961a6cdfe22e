package org.ccmessaging.filestream.storage;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Step {@code take-object} of {@code read-s3}: the S3 response in, a {@link StoredObject} out. */
@Component("s3Object")
public class S3Object implements Processor {

    private final long mostBytes;

    S3Object(DownloadSettings settings) {
        this.mostBytes = settings.maxFileSize().toBytes();
    }

    /** @throws org.ccmessaging.filestream.failure.FileServiceRefusedException where it is larger than is served */
    @Override
    public void process(Exchange exchange) {
        @SuppressWarnings("unchecked")
        ResponseInputStream<GetObjectResponse> response =
                (ResponseInputStream<GetObjectResponse>) exchange.getMessage().getBody();
        Long announced = response.response().contentLength();
        long length = announced == null ? StoredObject.UNKNOWN_LENGTH : announced;
        new StoredObject(response, length, mostBytes, new StoredObject.Source() {
            @Override
            public void abort() {
                response.abort();
            }

            @Override
            public void requireUnchanged() {
                // One GET reads one version of an S3 object.
            }
        }).attachTo(exchange);
    }
}
