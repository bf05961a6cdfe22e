package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.http.protocol.HttpRequestHandler;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.DownloadSettings.FileUrl;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The S3 client of routes. It sends only the GETs that step {@code request-object} made; the SDK's interface refuses
 * any other operation. Each GET goes to the store of its branch and has its deadline. So no route can read, list,
 * change or delete the object of another customer, or send a request to the store of another branch.
 *
 * <p>All branches with the same settings share a store (decision 0023). Lazy: a service without an S3 branch needs no
 * region, no credentials and no client.
 */
@Lazy
@Component("s3Client")
final class RouteS3Client implements S3Client {

    private final Map<String, S3Store> byBranch = new HashMap<>();

    /** @param inMemory responds to GETs in place of all stores in tests of routes, as {@code sdkInMemory} to the SDK */
    RouteS3Client(S3Settings shared, StorageSettings branches, SslBundles bundles, Deadlines deadlines,
            MeterRegistry meters, DownloadSettings downloads, ObjectProvider<HttpRequestHandler> inMemory,
            ObjectProvider<SdkHttpClient> sdkInMemory) {
        boolean verifiedLinks = downloads.fileUrl() == FileUrl.PRESIGNED && !downloads.fileUrlUnverified();
        Map<S3Settings, List<String>> users = branches.ofType(StorageSettings.Type.S3).stream().collect(
                Collectors.groupingBy(branch -> shared.of(branch, branches.named(branch).s3()),
                        LinkedHashMap::new, Collectors.toList()));
        users.forEach((settings, names) -> {
            S3Store store = new S3Store(settings, String.join(",", names), bundles, deadlines, meters,
                    verifiedLinks, inMemory.getIfAvailable(), sdkInMemory.getIfAvailable());
            names.forEach(name -> byBranch.put(name, store));
        });
    }

    S3Store of(String branch) {
        return byBranch.get(branch);
    }

    /** @throws UnauthorizedException if step {@code request-object} did not make the request */
    @Override
    @SuppressWarnings("unchecked") // Camel transforms to a ResponseInputStream.
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        ObjectGet get = ObjectGet.of(request);
        if (get == null) {
            throw new UnauthorizedException("a route sends a GET that step request-object did not make");
        }
        return (T) get.sendTo(of(get.location.branch()));
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
