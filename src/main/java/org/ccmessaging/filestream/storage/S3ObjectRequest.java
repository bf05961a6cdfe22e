package org.ccmessaging.filestream.storage;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * Step {@code request-object} of {@code read-s3}: variable {@code location} in, the S3 request out. A request object
 * and not headers, because the S3 component evaluates <code>${…}</code> in a key header as an expression.
 */
@Component("s3ObjectRequest")
public class S3ObjectRequest implements Processor {

    private final StorageSettings settings;

    S3ObjectRequest(StorageSettings settings) {
        this.settings = settings;
    }

    @Override
    public void process(Exchange exchange) {
        exchange.getMessage().setBody(of(exchange.getVariable("location", ObjectLocation.class)));
    }

    /** The request for the whole object, and for the checksum that the store has of it. */
    GetObjectRequest of(ObjectLocation location) {
        return whole(settings.named(location.branch()).bucket(), location.key());
    }

    /** The same by bucket and key; {@link DirectGets} knows it again. */
    static GetObjectRequest whole(String bucket, String key) {
        return GetObjectRequest.builder().bucket(bucket).key(key).checksumMode(ChecksumMode.ENABLED).build();
    }
}
