package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.http.protocol.HttpRequestHandler;
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

/** Makes the stores and the S3 client of routes. */
@Configuration(proxyBeanMethods = false)
class S3Configuration {

    @Bean
    Deadlines deadlines(DownloadSettings settings) {
        return new Deadlines(settings, System::nanoTime);
    }

    /**
     * Makes one store for all branches with the same settings (decision 0023). Lazy: a service without an S3 branch
     * needs no region, no credentials and no client. Tests of routes replace all connections to stores.
     */
    @Bean
    @Lazy
    RouteS3Client s3Client(S3Settings shared, StorageSettings branches, SslBundles bundles, Deadlines deadlines,
            MeterRegistry meters, DownloadSettings downloads, ObjectProvider<HttpRequestHandler> inMemory,
            ObjectProvider<SdkHttpClient> sdkInMemory) {
        boolean verifiedLinks = downloads.fileUrl() == FileUrl.PRESIGNED && !downloads.fileUrlUnverified();
        Map<S3Settings, List<String>> users = branches.ofType(StorageSettings.Type.S3).stream().collect(
                Collectors.groupingBy(branch -> shared.of(branch, branches.named(branch).s3()),
                        LinkedHashMap::new, Collectors.toList()));
        Map<String, S3Store> byBranch = new HashMap<>();
        users.forEach((settings, names) -> {
            S3Store store = new S3Store(settings, String.join(",", names), bundles, deadlines, meters,
                    verifiedLinks, inMemory.getIfAvailable(), sdkInMemory.getIfAvailable());
            names.forEach(name -> byBranch.put(name, store));
        });
        return new RouteS3Client(byBranch);
    }
}
