package org.ccmessaging.filestream.storage.s3;

import java.util.Map;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The S3 client of routes. It sends only the GETs that step {@code request-object} made; the SDK's interface refuses
 * any other operation. Each GET goes to the store of its branch (decision 0023) and has its deadline. So no route can
 * read, list, change or delete the object of another customer, or send a request to the store of another branch.
 */
record RouteS3Client(Map<String, S3Store> byBranch) implements S3Client {

    /** @throws UnauthorizedException if step {@code request-object} did not make the request */
    @Override
    @SuppressWarnings("unchecked") // Camel transforms to a ResponseInputStream.
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        ObjectGet get = ObjectGet.of(request);
        if (get == null) {
            throw new UnauthorizedException("a route sends a GET that step request-object did not make");
        }
        return (T) get.sendTo(byBranch.get(get.location.branch()));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        byBranch.values().stream().distinct().forEach(S3Store::close);
    }
}
