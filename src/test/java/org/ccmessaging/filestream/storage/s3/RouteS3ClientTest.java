package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** All but the GETs of request-object, which {@code StoreOfEachBranchTest} has, are the SDK's. */
@Tag("service")
@Isolated("sets properties that the SDK reads in every test")
class RouteS3ClientTest {

    private static final Properties SYSTEM = System.getProperties();

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

    /** Credentials come from the token of a Kubernetes service account, by a client of the SDK with its own pool. */
    @Test
    void connectionsToTheStoreAndForItsDefaultCredentialsEndWithTheServiceEvenWithoutABranch(@TempDir Path folder)
            throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "a-token");
        try (FaultyServer store = new FaultyServer(); FaultyServer credentials = new FaultyServer()) {
            store.putEverywhere("<ListAllMyBucketsResult/>".getBytes(), Turn::right);
            credentials.putEverywhere("""
                    <AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
                    <AccessKeyId>AKIA1</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session
                    </SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>
                    </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>""".getBytes(), Turn::right);
            credentials.probes(Turn::right);
            SYSTEM.putAll(Map.of("aws.webIdentityTokenFile", token.toString(), "aws.roleArn", "arn:aws:iam::1:role/a",
                    "aws.region", "us-east-1", "aws.endpointUrlSts", credentials.endpoint().toString()));
            try (Stage stage =
                    new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.s3.endpoint", store.endpoint()))) {
                assertThat(stage.service().bean(S3Client.class).listBuckets().buckets()).isEmpty();
                assertThat(store.connections()).isEqualTo(1);
                assertThat(credentials.connections()).isEqualTo(1);
            }
            await().untilAsserted(() -> assertThat(store.connections()).as("to the store").isZero());
            await().untilAsserted(() -> assertThat(credentials.connections()).as("for credentials").isZero());
        } finally {
            SYSTEM.keySet().removeAll(
                    Set.of("aws.webIdentityTokenFile", "aws.roleArn", "aws.region", "aws.endpointUrlSts"));
        }
    }
}
