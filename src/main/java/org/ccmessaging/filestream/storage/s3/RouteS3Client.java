package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.http.impl.client.HttpClientBuilder;
import org.ccmessaging.filestream.settings.DownloadSettings.FileUrl;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The S3 client of routes. {@link S3Store} sends the GETs of step {@code request-object}, and the SDK sends all other
 * requests. Branches with the same settings share an {@link S3Store} (decision 0013).
 *
 * <p>This bean is lazy, because a service without an S3 branch needs no region and no credentials.
 */
@Lazy
@Component("s3Client")
final class RouteS3Client extends DelegatingS3Client {

    /** The bucket of a branch. {@code prefix} is the start of the configuration keys for {@code settings}. */
    record Bucket(String branch, String name, S3Settings settings, String prefix, S3Store store) {
    }

    private final S3Settings shared;
    private final StorageSettings branches;
    private final Collection<S3Store> stores;
    private final Map<String, S3Store> byBranch;

    /** Only route tests supply {@code clients} and {@code sdkInMemory}, for an in-memory store. */
    @Autowired
    RouteS3Client(S3Settings shared, StorageSettings branches, SslBundles bundles, Deadlines deadlines,
            MeterRegistry meters, DownloadSettings downloads, ObjectProvider<HttpClientBuilder> clients,
            ObjectProvider<SdkHttpClient> sdkInMemory) {
        this(shared, branches, stores(shared, branches, (settings, names) -> new S3Store(settings, names, bundles,
                deadlines, meters, downloads.fileUrl() == FileUrl.PRESIGNED,
                () -> clients.getIfAvailable(HttpClientBuilder::create), sdkInMemory.getIfAvailable())));
    }

    private RouteS3Client(S3Settings shared, StorageSettings branches, Map<S3Settings, S3Store> stores) {
        super(stores.getOrDefault(shared, stores.values().iterator().next()).client());
        this.shared = shared;
        this.branches = branches;
        this.stores = stores.values();
        this.byBranch = branches.ofType(StorageSettings.Type.S3).stream()
                .collect(Collectors.toMap(Function.identity(), name -> stores.get(settings(name, shared, branches))));
    }

    private static Map<S3Settings, S3Store> stores(S3Settings shared, StorageSettings branches,
            BiFunction<S3Settings, String, S3Store> factory) {
        Map<S3Settings, String> users = branches.ofType(StorageSettings.Type.S3).stream().collect(
                Collectors.groupingBy(name -> settings(name, shared, branches), LinkedHashMap::new,
                        Collectors.joining(",")));
        if (users.isEmpty()) {
            users.put(shared, "");
        }
        Map<S3Settings, S3Store> stores = new LinkedHashMap<>();
        users.forEach((settings, names) -> stores.put(settings, factory.apply(settings, names)));
        return stores;
    }

    private static S3Settings settings(String branch, S3Settings shared, StorageSettings branches) {
        return shared.of(branch, branches.named(branch).s3());
    }

    S3Store of(String branch) {
        return byBranch.get(branch);
    }

    Bucket bucket(String branch) {
        return new Bucket(branch, branches.named(branch).bucket(), settings(branch, shared, branches),
                branches.named(branch).s3() == null ? "filestream.s3." : "filestream.storage." + branch + ".s3.",
                of(branch));
    }

    @Override
    @SuppressWarnings("unchecked") // Camel requests a ResponseInputStream.
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        ObjectGet get = ObjectGet.of(request);
        return get == null ? super.getObject(request, transformer) : (T) get.sendTo(of(get.origin.object().branch()));
    }

    @Override
    public void close() {
        stores.forEach(S3Store::close);
    }
}
