package org.ccmessaging.filestream.storage.s3;

import java.util.function.Function;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.ResponseTransformer.TransformerType;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;
import software.amazon.awssdk.services.s3.waiters.S3Waiter;

/**
 * The S3 client of routes: sends the very GETs that step {@code request-object} made, and no other request. It gives
 * each its store and its deadline, whichever step or route sends it. So no edit of a route can leave them out, read,
 * list, change or delete another customer's object, or send a request to the store of another branch.
 */
final class BoundGets extends DelegatingS3Client {

    private static final Logger LOG = LoggerFactory.getLogger(BoundGets.class);

    private final S3Stores stores;
    private final Deadlines deadlines;

    BoundGets(S3Stores stores, Deadlines deadlines) {
        super(stores.any().client());
        this.stores = stores;
        this.deadlines = deadlines;
    }

    /** @throws UnauthorizedException if step {@code request-object} did not make the request */
    @Override
    @SuppressWarnings("unchecked") // STREAM is the name of transformers to a ResponseInputStream.
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        ObjectGet get = ObjectGet.of(request);
        S3Store store = get == null ? null : stores.of(get.branch());
        if (store == null || !transformer.name().equals(TransformerType.STREAM.getName())) {
            throw refused("it sends a GET that step request-object did not make",
                    "a GET that step request-object did not make");
        }
        try {
            return (T) deadlines.within(get.deadline(), () -> store.send(get));
        } catch (S3Exception error) {
            // The SDK names an error by its status even if the deadline ended its body.
            deadlines.requireTime(get.deadline());
            throw error;
        }
    }

    /** @throws UnauthorizedException always: the client of the store itself sends any request */
    @Override
    public S3Client delegate() {
        throw refused("it asks for the client of the store", "the client of the store itself");
    }

    /** @throws UnauthorizedException always: a waiter sends requests by the client of the store itself */
    @Override
    public S3Waiter waiter() {
        throw refused("it asks for a waiter of the client of the store", "a waiter of the client of the store");
    }

    /**
     * Sends nothing. What lists, writes, copies or deletes reaches the objects of every tenant, and what asks for one
     * names any. The service's own other requests, such as those of the health, have the client of the store.
     *
     * @throws UnauthorizedException always
     */
    @Override
    protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
        String kind = request.getClass().getSimpleName();
        throw refused("it sends the store a " + kind + ", and the store gets nothing but the GET that step"
                + " request-object made", "a " + kind);
    }

    private static UnauthorizedException refused(String what, String message) {
        LOG.warn("A route was refused: {}", what);
        return new UnauthorizedException(message);
    }
}
