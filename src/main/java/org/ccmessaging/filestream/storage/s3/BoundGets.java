package org.ccmessaging.filestream.storage.s3;

import java.util.function.Function;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.core.sync.ResponseTransformer.TransformerType;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * Gives every GET of an object its store, its deadline and its nonce, whichever step or route sends it, and sends none
 * that step {@code request-object} did not make. So no edit of a route can leave them out, read another customer's
 * object, or send a request to the store of another branch.
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
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        ObjectGet get = ObjectGet.of(request);
        S3Store store = get == null || !get.isFor(request) ? null : stores.of(get.branch());
        if (store == null) {
            LOG.warn("A route was refused: it sends a GET that step request-object did not make");
            throw new UnauthorizedException("a GET that step request-object did not make");
        }
        S3Client client = store.client();
        GetObjectRequest bound = request.toBuilder().responseContentLanguage(store.verification().nonce()).build();
        if (!transformer.name().equals(TransformerType.STREAM.getName())) {
            // Such a transformer reads the complete object, which may take longer than a first byte.
            return client.getObject(bound, transformer);
        }
        Deadline deadline = get.deadline();
        try {
            T response = deadlines.within(deadline, () -> client.getObject(bound, transformer));
            get.responded(response);
            return response;
        } catch (S3Exception error) {
            // The SDK names an error by its status even if the deadline ended its body.
            deadlines.requireTime(deadline);
            throw error;
        }
    }

    /** @throws UnauthorizedException always: the client of the store itself sends any request */
    @Override
    public S3Client delegate() {
        LOG.warn("A route was refused: it asks for the client of the store");
        throw new UnauthorizedException("the client of the store itself");
    }

    /**
     * Sends any other request, as long as it cannot reach a wrong store.
     *
     * @throws UnauthorizedException if there are several stores, because only a location says which
     */
    @Override
    protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
        if (stores.areSeveral()) {
            LOG.warn("A route was refused: it sends another request than a GET, and there are several stores");
            throw new UnauthorizedException("a request without a location, while there are several stores");
        }
        return super.invokeOperation(request, operation);
    }
}
