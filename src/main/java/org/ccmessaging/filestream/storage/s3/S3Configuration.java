package org.ccmessaging.filestream.storage.s3;

import io.micrometer.core.instrument.MeterRegistry;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes the stores, and the S3 client by which the steps reach them. */
@Configuration(proxyBeanMethods = false)
class S3Configuration {

    /** The name of the bean that tests of routes put in place of all connections to stores. */
    private static final String STORE_IN_MEMORY = "storeInMemory";

    @Bean
    Deadlines deadlines(DownloadSettings settings) {
        return new Deadlines(settings, System::nanoTime);
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
    @ConditionalOnWebApplication
    S3Client s3Client(S3Stores stores, Deadlines deadlines) {
        return new BoundGets(stores, deadlines);
    }

    /**
     * For commands, which ask no store: they only need to know that there is a client. Spring looks at the methods of
     * a factory, and does not load the classes of all that a client can be asked.
     */
    @Bean("s3Client")
    @Lazy
    @ConditionalOnNotWebApplication
    FactoryBean<S3Client> s3ClientOfNoStore() {
        return new FactoryBean<>() {

            @Override
            public S3Client getObject() {
                return new NoStore();
            }

            @Override
            public Class<S3Client> getObjectType() {
                return S3Client.class;
            }
        };
    }

    private static final class NoStore implements S3Client {

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
