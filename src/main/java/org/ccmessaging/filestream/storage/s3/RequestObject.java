package org.ccmessaging.filestream.storage.s3;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.storage.ConfinedLocation;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.storage.s3.StoreCircuit.Origin;
import org.ccmessaging.filestream.storage.s3.StoreCircuit.Requester;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.Variables;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** Step {@code request-object}: makes the {@link ObjectGet} for the location. */
@RouteStep(needs = "location", leaves = "objectRequest")
public record RequestObject(StorageSettings settings, Deadlines deadlines) implements Processor {

    @Override
    public void process(Exchange exchange) {
        ObjectLocation location = ConfinedLocation.require(exchange);
        String bucket = settings.named(location.branch()).bucket();
        Identity identity = Identity.require(exchange);
        ObjectGet get = new ObjectGet(complete(bucket, location.key()), new Origin(
                new Requester(identity.customer(), identity.appKey()), location), deadlines.ofFirstByte());
        exchange.setProperty(ObjectGet.PROPERTY, get);
        StoredObject.whenDone(exchange, get::abandon);
        exchange.setVariable(Variables.OBJECT_REQUEST, get.request);
    }

    static GetObjectRequest.Builder complete(String bucket, String key) {
        return GetObjectRequest.builder().bucket(bucket).key(key).checksumMode(ChecksumMode.ENABLED);
    }
}
