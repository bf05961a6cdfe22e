package org.ccmessaging.filestream.storage.s3;

import java.util.Map;
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
import software.amazon.awssdk.services.s3.model.S3Request;
import software.amazon.awssdk.services.s3.waiters.S3Waiter;

/**
 * The S3 client of routes. It sends only the GETs that step {@code request-object} made. Each GET goes to the store of
 * its branch (decision 0023) and has its deadline, whichever route or step sends it. So no edit of a route can read,
 * list, change or delete the object of another customer, or send a request to the store of another branch.
 */
final class RouteS3Client extends DelegatingS3Client {

    private static final Logger LOG = LoggerFactory.getLogger(RouteS3Client.class);

    private final Map<String, S3Store> byBranch;

    RouteS3Client(Map<String, S3Store> byBranch) {
        super(byBranch.values().stream().findAny()
                .orElseThrow(() -> new IllegalStateException("no branch is of type s3")).client());
        this.byBranch = byBranch;
    }

    /** The store of the branch of that name; {@code null} if no branch of type {@code s3} has it. */
    S3Store store(String branch) {
        return byBranch.get(branch);
    }

    /** @throws UnauthorizedException if step {@code request-object} did not make the request */
    @Override
    @SuppressWarnings("unchecked") // STREAM is the name of transformers to a ResponseInputStream.
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        ObjectGet get = ObjectGet.of(request);
        S3Store store = get == null ? null : store(get.location.branch());
        if (store == null || !transformer.name().equals(TransformerType.STREAM.getName())) {
            throw refused("a GET that step request-object did not make");
        }
        return (T) get.sendTo(store);
    }

    /** @throws UnauthorizedException always: the client of the store sends any request */
    @Override
    public S3Client delegate() {
        throw refused("the client of the store");
    }

    /** @throws UnauthorizedException always: a waiter sends requests through the client of the store */
    @Override
    public S3Waiter waiter() {
        throw refused("a waiter of the client of the store");
    }

    /** Requests that list, write, copy or delete reach the objects of every tenant, and so do those that name one. */
    @Override
    protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
        throw refused("a " + request.getClass().getSimpleName());
    }

    private static UnauthorizedException refused(String use) {
        LOG.warn("A route was refused: it uses the S3 client for {}. The client sends only the GET that step"
                + " request-object made", use);
        return new UnauthorizedException(use);
    }

    @Override
    public void close() {
        byBranch.values().stream().distinct().forEach(S3Store::close);
    }
}
