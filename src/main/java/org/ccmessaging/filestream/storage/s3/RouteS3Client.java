package org.ccmessaging.filestream.storage.s3;

import java.util.Map;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The S3 client of routes. The {@link S3Store} of a branch sends the GETs of step {@code request-object}, applies
 * their deadlines and verifies their responses. The SDK sends all other requests.
 */
final class RouteS3Client extends DelegatingS3Client {

    private final Map<String, S3Store> byBranch;

    /** @param sdk sends the requests that step {@code request-object} did not make */
    RouteS3Client(S3Client sdk, Map<String, S3Store> byBranch) {
        super(sdk);
        this.byBranch = byBranch;
    }

    S3Store of(String branch) {
        return byBranch.get(branch);
    }

    @Override
    @SuppressWarnings("unchecked") // Camel transforms to a ResponseInputStream.
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        ObjectGet get = ObjectGet.of(request);
        return get == null ? super.getObject(request, transformer) : (T) get.sendTo(of(get.origin.object().branch()));
    }

    @Override
    public void close() {
        byBranch.values().stream().distinct().forEach(S3Store::close);
    }
}
