package org.ccmessaging.filestream.storage.s3;

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

/**
 * Gives every GET of an object its deadline and its nonce, whichever step or route sends it, and sends none that step
 * {@code request-object} did not make. So no edit of a route can leave them out, or read another customer's object.
 */
final class BoundGets extends DelegatingS3Client {

    private static final Logger LOG = LoggerFactory.getLogger(BoundGets.class);

    private final Deadlines deadlines;
    private final ResponseVerification verification;

    BoundGets(S3Client client, Deadlines deadlines, ResponseVerification verification) {
        super(client);
        this.deadlines = deadlines;
        this.verification = verification;
    }

    /** @throws UnauthorizedException if step {@code request-object} did not make the request */
    @Override
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        ObjectGet get = ObjectGet.of(request);
        if (get == null || !get.isFor(request)) {
            LOG.warn("A route was refused: it sends a GET that step request-object did not make");
            throw new UnauthorizedException("a GET that step request-object did not make");
        }
        GetObjectRequest bound = request.toBuilder().responseContentLanguage(verification.nonce()).build();
        if (!transformer.name().equals(TransformerType.STREAM.getName())) {
            // Such a transformer reads the complete object, which may take longer than a first byte.
            return super.getObject(bound, transformer);
        }
        Deadline deadline = get.deadline();
        try {
            T response = deadlines.within(deadline, () -> super.getObject(bound, transformer));
            get.responded(response);
            return response;
        } catch (S3Exception error) {
            // The SDK names an error by its status even if the deadline ended its body.
            deadlines.requireTime(deadline);
            throw error;
        }
    }
}
