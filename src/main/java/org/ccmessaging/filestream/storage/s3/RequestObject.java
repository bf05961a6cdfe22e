package org.ccmessaging.filestream.storage.s3;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.storage.ConfinedLocation;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.storage.s3.client.SingleAttemptGets;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.Steps;
import org.ccmessaging.filestream.toolkit.Variables;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * Step {@code request-object} of {@code read-s3}: makes the S3 request for the {@link ConfinedLocation} and sets
 * variable {@code objectRequest}. The request carries the key and no header does, because the S3 component evaluates
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

    /**
     * @throws org.ccmessaging.filestream.failure.UnauthorizedException if the exchange has no location that step
     *     {@code resolve-key} made
     */
    @Override
    public void process(Exchange exchange) {
        exchange.setVariable(Variables.OBJECT_REQUEST,
                of(ConfinedLocation.require(exchange).location(), deadlines.ofFirstByte()));
    }

    /** The request for the complete object and for the checksum that the store has of it. */
    GetObjectRequest of(ObjectLocation location, Deadline deadline) {
        return ObjectGet.bind(SingleAttemptGets.completeObject(
                settings.named(location.branch()).bucket(), location.key()), location, deadline);
    }
}
