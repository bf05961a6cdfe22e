package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.apache.camel.support.DefaultExchange;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.storage.Confined;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.Variables;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The GET of request-object takes the path of the service; everything else of the client is the SDK's. */
@Tag("service")
class RouteS3ClientTest {

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        stage = new Stage(Stage.Kind.S3, Map.of());
        stage.put("standard", "a.txt", "theirs".getBytes(StandardCharsets.UTF_8));
    }

    private static Exchange exchangeWithRequest() {
        Exchange exchange = new DefaultExchange(stage.service().bean(CamelContext.class));
        Confined.to(exchange, new ObjectLocation("standard", "demo", "demo/a.txt"));
        stage.service().bean(RequestObject.class).process(exchange);
        return exchange;
    }

    private static Exchange exchangeWithResponse() {
        Exchange exchange = exchangeWithRequest();
        exchange.getMessage().setBody(stage.service().bean(S3Client.class).getObject(
                exchange.getVariable(Variables.OBJECT_REQUEST, GetObjectRequest.class)));
        return exchange;
    }

    private static StoredObject take(Exchange exchange) {
        stage.service().bean(TakeObject.class).process(exchange);
        return exchange.getMessage().getBody(StoredObject.class);
    }

    @Test
    void routeReadsNothingOfAResponseWhoseConnectionIsBackWhenTheExchangeIsDone() {
        Gauge leased = stage.service().bean(MeterRegistry.class).get("filestream.s3.connections").tag("state", "leased")
                .gauge();
        Exchange exchange = exchangeWithResponse();
        assertThatThrownBy(() -> exchange.getMessage().getBody(InputStream.class).readNBytes(3))
                .isInstanceOf(IOException.class).hasMessageContaining("take-object");
        assertThat(leased.value()).isEqualTo(1);

        exchange.getUnitOfWork().done(exchange);

        assertThat(leased.value()).isZero();
    }

    @Test
    void responseIsTakenOnceAndForItsOwnRequest() {
        Exchange exchange = exchangeWithResponse();
        Object response = exchange.getMessage().getBody();
        Exchange other = exchangeWithRequest();
        for (Object body : new Object[] {response, "theirs", null}) {
            other.getMessage().setBody(body);

            assertThatThrownBy(() -> take(other)).isInstanceOf(UnauthorizedException.class);
        }
        byte[] file = new byte[100];
        assertThat(new String(file, 0, take(exchange).fill(file), StandardCharsets.UTF_8)).isEqualTo("theirs");
        exchange.getMessage().setBody(response);
        assertThatThrownBy(() -> take(exchange)).isInstanceOf(UnauthorizedException.class);
        exchange.getUnitOfWork().done(exchange);
    }

    @Test
    void anotherBucketIsListedReadAndWrittenAsWithAnyClient() {
        S3Client client = stage.service().bean(S3Client.class);
        client.createBucket(bucket -> bucket.bucket("reports"));
        ProducerTemplate template = stage.service().bean(CamelContext.class).createProducerTemplate();
        String endpoint = "aws2-s3:reports?amazonS3Client=#s3Client";

        template.sendBodyAndHeader(endpoint, "a report", AWS2S3Constants.KEY, "2026/a.txt");

        assertThat(template.requestBody(endpoint + "&operation=listObjects", null, Object.class))
                .asInstanceOf(InstanceOfAssertFactories.list(S3Object.class))
                .extracting(S3Object::key).containsExactly("2026/a.txt");
        assertThat(client.getObjectAsBytes(get -> get.bucket("reports").key("2026/a.txt")).asUtf8String())
                .isEqualTo("a report");
    }
}
