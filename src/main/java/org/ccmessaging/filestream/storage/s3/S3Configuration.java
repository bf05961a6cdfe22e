package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.component.aws2.s3.AWS2S3Endpoint;
import org.apache.camel.spi.EndpointStrategy;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes the stores, the S3 client by which the steps reach them, and makes sure that routes have no other one. */
@Configuration(proxyBeanMethods = false)
class S3Configuration {

    private static final Logger LOG = LoggerFactory.getLogger(S3Configuration.class);

    /** The name of the bean that tests of routes put in place of all connections to stores. */
    private static final String STORE_IN_MEMORY = "storeInMemory";

    @Bean
    Deadlines deadlines(DownloadSettings settings) {
        return new Deadlines(settings, System::nanoTime);
    }

    /**
     * Refuses endpoints of {@code aws2-s3} that do without the S3 client of routes. With the AWS default chain of the
     * host such an endpoint would have a client of its own, or sign links to the objects of any tenant.
     */
    @Bean
    static EndpointStrategy storeEndpoints() {
        return (uri, endpoint) -> {
            if (endpoint instanceof AWS2S3Endpoint store && !isOfRoutes(store.getConfiguration())) {
                LOG.warn("A route was refused: it asks the store with the credentials of the host");
                throw new UnauthorizedException("an endpoint with the credentials of the host");
            }
            return endpoint;
        };
    }

    private static boolean isOfRoutes(AWS2S3Configuration options) {
        return options.getAmazonS3Client() != null && options.getAmazonS3Presigner() == null
                && !options.isUseDefaultCredentialsProvider() && !options.isUseProfileCredentialsProvider()
                && !options.isUseSessionCredentials();
    }

    /** Lazy: a service without an S3 branch needs no region, no credentials and no client. */
    @Bean
    @Lazy
    S3Stores s3Stores(S3Settings shared, StorageSettings branches, SslBundles bundles, Deadlines deadlines,
            MeterRegistry meters, @Qualifier(STORE_IN_MEMORY) ObjectProvider<SdkHttpClient> inMemory) {
        return new S3Stores(shared, branches, bundles, deadlines, meters, inMemory.getIfAvailable());
    }

    /** Its {@link S3Stores} close the clients. */
    @Bean(destroyMethod = "")
    @Lazy
    S3Client s3Client(S3Stores stores, Deadlines deadlines) {
        return new BoundGets(stores, deadlines);
    }
}
