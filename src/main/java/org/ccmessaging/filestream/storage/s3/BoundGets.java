package org.ccmessaging.filestream.storage.s3;

import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.core.sync.ResponseTransformer.TransformerType;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Gives every GET of an object its deadline and its nonce, whichever step or route sends it. So no edit of a route can
 * leave them out.
 */
final class BoundGets extends DelegatingS3Client {

    /** The deadline of a request, which step {@code request-object} starts. */
    static final ExecutionAttribute<Deadline> DEADLINE = new ExecutionAttribute<>("filestream.deadline");

    private final Deadlines deadlines;
    private final ResponseVerification verification;

    BoundGets(S3Client client, Deadlines deadlines, ResponseVerification verification) {
        super(client);
        this.deadlines = deadlines;
        this.verification = verification;
    }

    @Override
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        GetObjectRequest bound = request.toBuilder().responseContentLanguage(verification.nonce()).build();
        if (!transformer.name().equals(TransformerType.STREAM.getName())) {
            // Such a transformer reads the complete object, which may take longer than a first byte.
            return super.getObject(bound, transformer);
        }
        Deadline carried = deadlineOf(request);
        Deadline deadline = carried == null ? deadlines.ofFirstByte() : carried;
        try {
            return deadlines.within(deadline, () -> super.getObject(bound, transformer));
        } catch (S3Exception error) {
            // The SDK names an error by its status even if the deadline ended its body.
            deadlines.requireTime(deadline);
            throw error;
        }
    }

    /** The deadline that the request carries, or {@code null}. */
    static Deadline deadlineOf(GetObjectRequest request) {
        return request.overrideConfiguration()
                .map(override -> override.executionAttributes().getAttribute(DEADLINE)).orElse(null);
    }
}
