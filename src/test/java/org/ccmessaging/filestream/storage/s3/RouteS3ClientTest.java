package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** All but the GETs of request-object, which {@code StoreOfEachBranchTest} has, are the SDK's. */
@Tag("service")
class RouteS3ClientTest {

    @Test
    void anotherBucketIsListedReadAndWrittenAsWithAnyClient() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.S3, Map.of())) {
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
}
