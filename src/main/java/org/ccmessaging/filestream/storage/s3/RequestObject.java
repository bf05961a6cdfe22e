package org.ccmessaging.filestream.storage.s3;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.storage.s3.client.SingleAttemptGets;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.Steps;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * Step {@code request-object} of {@code read-s3}: makes the S3 request from variable {@code location} and sets variable
 * {@code objectRequest}. The request carries the key and no header does, because the S3 component evaluates
 * <code>${…}</code> in a key header as an expression (decision 0005).
 */
@Component(Steps.REQUEST_OBJECT)
public class RequestObject implements Processor {

    private final StorageSettings settings;
    private final Deadlines deadlines;

    RequestObject(StorageSettings settings, Deadlines deadlines) {
        this.settings = settings;
        this.deadlines = deadlines;
    }

    @Override
    public void process(Exchange exchange) {
        exchange.setVariable(Variables.OBJECT_REQUEST,
                of(exchange.getVariable(Variables.LOCATION, ObjectLocation.class), deadlines.ofFirstByte()));
    }

    /** The request for the complete object and for the checksum that the store has of it. */
    GetObjectRequest of(ObjectLocation location, Deadline deadline) {
        return SingleAttemptGets.completeObject(settings.named(location.branch()).bucket(), location.key())
                .toBuilder()
                .overrideConfiguration(override -> override.putExecutionAttribute(BoundGets.DEADLINE, deadline))
                .build();
    }
}
