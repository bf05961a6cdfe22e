package org.ccmessaging.filestream.routes.testing;

import java.util.Set;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.PollingConsumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.aws2.s3.AWS2S3Endpoint;
import org.apache.camel.spi.EndpointStrategy;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.URISupport;

/** Refuses each call to another system through a Camel endpoint, before any data leaves the process. */
record OutsideCalls(Recorder recorder) implements EndpointStrategy {

    /** Thrown when a step without a mock calls another system. The message is the address. */
    static final class NotMockedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private NotMockedException(String address) {
            super(address);
        }
    }

    /** Components that Camel classifies as remote, although they connect to no other system themselves. */
    private static final Set<String> LOCAL = Set.of("platform-http", "rest");

    @Override
    public Endpoint registerEndpoint(String uri, Endpoint endpoint) {
        return isInside(endpoint) ? endpoint : new Refusing(endpoint, recorder);
    }

    private static boolean isInside(Endpoint endpoint) {
        return !endpoint.isRemote() || LOCAL.contains(StringHelper.before(endpoint.getEndpointUri(), ":"))
                || endpoint instanceof AWS2S3Endpoint s3 && s3.getConfiguration().getAmazonS3Client()
                        == s3.getCamelContext().getRegistry().lookupByName("s3Client");
    }

    /** Replaces the endpoint of another system, so that Camel does not start that endpoint. */
    private static final class Refusing extends DefaultEndpoint {

        private final Endpoint refused;
        private final Recorder recorder;

        private Refusing(Endpoint refused, Recorder recorder) {
            this.refused = refused;
            this.recorder = recorder;
            setCamelContext(refused.getCamelContext());
            setEndpointUri(refused.getEndpointUri());
        }

        private NotMockedException refusal() {
            return new NotMockedException(URISupport.sanitizeUri(refused.getEndpointUri()));
        }

        @Override
        public Producer createProducer() {
            return new DefaultProducer(this) {

                @Override
                public void process(Exchange exchange) {
                    NotMockedException refusal = refusal();
                    recorder.refused(exchange, refusal);
                    throw refusal;
                }
            };
        }

        @Override
        public PollingConsumer createPollingConsumer() {
            throw refusal();
        }

        /** Opens no connection, because {@code test-settings.yaml} prevents the start of the consumer's route. */
        @Override
        public Consumer createConsumer(Processor processor) throws Exception {
            return refused.createConsumer(processor);
        }

        @Override
        public boolean isSingleton() {
            return refused.isSingleton();
        }
    }
}
