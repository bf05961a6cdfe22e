package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.http.impl.client.HttpClientBuilder;
import org.ccmessaging.filestream.settings.DownloadSettings.FileUrl;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import software.amazon.awssdk.http.SdkHttpClient;

/** Makes the S3 client of routes. All branches with the same settings share an {@link S3Store} (decision 0013). */
@Configuration(proxyBeanMethods = false)
class S3Configuration {

    /**
     * This bean is lazy, because a service without an S3 branch needs no region, no credentials and no client.
     *
     * @param clients an HTTP client in memory, only in tests of routes; {@code sdkInMemory} is the same for the SDK
     */
    @Bean
    @Lazy
    RouteS3Client s3Client(S3Settings shared, StorageSettings branches, SslBundles bundles, Deadlines deadlines,
            MeterRegistry meters, DownloadSettings downloads, ObjectProvider<HttpClientBuilder> clients,
            ObjectProvider<SdkHttpClient> sdkInMemory) {
        boolean links = downloads.fileUrl() == FileUrl.PRESIGNED;
        Map<S3Settings, List<String>> users = branches.ofType(StorageSettings.Type.S3).stream().collect(
                Collectors.groupingBy(branch -> shared.of(branch, branches.named(branch).s3()),
                        LinkedHashMap::new, Collectors.toList()));
        if (users.isEmpty()) {
            users.put(shared, List.of());
        }
        Map<S3Settings, S3Store> stores = new LinkedHashMap<>();
        Map<String, S3Store> byBranch = new HashMap<>();
        users.forEach((settings, names) -> {
            S3Store store = new S3Store(settings, String.join(",", names), bundles, deadlines, meters, links,
                    () -> clients.getIfAvailable(HttpClientBuilder::create), sdkInMemory.getIfAvailable());
            stores.put(settings, store);
            names.forEach(name -> byBranch.put(name, store));
        });
        return new RouteS3Client(stores.getOrDefault(shared, stores.values().iterator().next()).client(), byBranch);
    }
}
