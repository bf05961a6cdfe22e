package org.ccmessaging.filestream.storage.s3;

import org.apache.camel.Endpoint;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.component.aws2.s3.AWS2S3Endpoint;
import org.apache.camel.spi.EndpointStrategy;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Refuses endpoints of {@code aws2-s3} that do without the S3 client of routes. With the AWS default chain of the host
 * such an endpoint would have a client of its own, or sign links to the objects of any tenant.
 */
@Component
final class StoreEndpoints implements EndpointStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(StoreEndpoints.class);

    /** @throws UnauthorizedException if the endpoint has no S3 client, or credentials besides it */
    @Override
    public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
        if (endpoint instanceof AWS2S3Endpoint store && !isOfRoutes(store.getConfiguration())) {
            LOG.warn("A route was refused: it asks the store with the credentials of the host");
            throw new UnauthorizedException("an endpoint with the credentials of the host");
        }
        return endpoint;
    }

    private static boolean isOfRoutes(AWS2S3Configuration options) {
        return options.getAmazonS3Client() != null && options.getAmazonS3Presigner() == null
                && !options.isUseDefaultCredentialsProvider() && !options.isUseProfileCredentialsProvider()
                && !options.isUseSessionCredentials();
    }
}
