package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ccmessaging.filestream.support.Outcomes.UNAUTHORIZED;

import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.StubStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** What routes send to the one store of a service, by any step and operation: the GET of request-object alone. */
class BoundGetsTest {

    @RegisterExtension
    static final StubStore STORE = new StubStore();

    @RegisterExtension
    static final ExpectedErrors REFUSALS = ExpectedErrors.of("org.ccmessaging.filestream.storage.s3",
            "A route was refused");

    @RegisterExtension
    static final ExpectedErrors POLLS = ExpectedErrors.of("org.apache.camel.component.aws2.s3", "");

    private static final AtomicInteger ROUTES = new AtomicInteger();
    private static final String STANDARD = "aws2-s3:standard?amazonS3Client=#s3Client&fileName=other/a.txt";

    private final Queue<String> received = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void countTheRequestsOfTheStore() {
        STORE.respond(http -> {
            received.add(http.getRequestMethod() + " " + http.getRequestURI());
            StubStore.object("theirs".getBytes(StandardCharsets.UTF_8)).to(http);
        });
    }

    /** Sends a customer's request through a route with this step, as if no check had been made before. */
    private static Answer request(String step) throws Exception {
        int number = ROUTES.incrementAndGet();
        String yaml = """
                - route:
                    id: entry-N
                    routeConfigurationId: result-codes
                    from:
                      uri: platform-http:/stored/N
                      steps:
                        - process: {id: authenticate-N, ref: authenticate}
                        - setVariable: {id: branch-N, name: branch, constant: standard}
                        - setHeader: {id: key-N, name: CamelAwsS3Key, constant: other/a.txt}
                        - setHeader: {id: to-N, name: CamelAwsS3BucketDestinationName, constant: standard}
                        - setHeader: {id: to-key-N, name: CamelAwsS3DestinationKey, constant: demo/a.txt}
                        - setHeader: {id: from-N, name: CamelAwsS3RangeStart, constant: "0"}
                        - setHeader: {id: until-N, name: CamelAwsS3RangeEnd, constant: "1"}
                        STEP
                """.replace("STEP", step).replaceAll("\\bN\\b", Integer.toString(number));
        PluginHelper.getRoutesLoader(STORE.service().bean(CamelContext.class)).loadRoutes(
                ResourceHelper.fromString("stored" + number + ".camel.yaml", yaml));
        return new Api(STORE.api().base()).post("/stored/" + number,
                Api.request("standard", "a.txt").getBytes(StandardCharsets.UTF_8), Api.credentials());
    }

    @ParameterizedTest
    @ValueSource(strings = {"&operation=copyObject", "&operation=deleteObject", "&operation=deleteBucket", "",
        "&operation=listObjects", "&operation=listBuckets", "&operation=getObject", "&operation=getObjectRange",
        "&operation=restoreObject", "&operation=getObjectTagging", "&operation=getObjectAcl",
        "&streamingUploadMode=true&batchMessageNumber=1&keyName=x"})
    void operationOfARouteIsNotSent(String options) throws Exception {
        Answer answer = request("- to: {id: ask-N, uri: '" + STANDARD + options + "'}");

        assertThat(received).isEmpty();
        assertThat(answer.text()).isEqualTo(UNAUTHORIZED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "- toD: {id: ask-N, uri: '${variable.s}'} | &operation=deleteObject",
        "- toD: {id: ask-N, uri: '${variable.s}'} | &operation=copyObject",
        "- toD: {id: ask-N, uri: '${variable.s}'} | ''",
        "- toD: {id: ask-N, uri: '${variable.s}'} | &operation=listObjects",
        "- routingSlip: {id: ask-N, simple: '${variable.s}'} | &operation=listObjects",
        "- recipientList: {id: ask-N, simple: '${variable.s}', stopOnException: true} | &operation=deleteObject",
        "- enrich: {id: ask-N, simple: '${variable.s}'} | &operation=copyObject"})
    void addressThatARouteMakesReachesNoStore(String step, String options) throws Exception {
        Answer answer = request("- setVariable: {id: s-N, name: s, constant: '" + STANDARD + options
                + "'}\n        " + step);

        assertThat(received).isEmpty();
        assertThat(answer.status()).isIn(401, 500);
    }

    @ParameterizedTest
    @ValueSource(strings = {STANDARD, "aws2-s3:standard?amazonS3Client=#s3Client&prefix=other/"})
    void pollOfABucketReachesNoStore(String uri) throws Exception {
        Answer answer = request("- pollEnrich: {id: ask-N, timeout: 1500, constant: '" + uri + "'}");

        assertThat(received).isEmpty();
        assertThat(answer.text()).doesNotContain("theirs");
    }

    @ParameterizedTest
    @ValueSource(strings = {STANDARD + "&operation=createDownloadLink&useDefaultCredentialsProvider=true",
        STANDARD + "&operation=createDownloadLink&useProfileCredentialsProvider=true",
        STANDARD + "&operation=createUploadLink&useSessionCredentials=true"})
    void credentialsOfTheHostAreOfNoUse(String uri) throws Exception {
        Answer answer = request("- setVariable: {id: s-N, name: s, constant: '" + uri + "&region=eu-central-1'}\n"
                + "        - toD: {id: ask-N, uri: '${variable.s}'}");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text()).isEqualTo(UNAUTHORIZED);
    }

    @Test
    void clientOfRoutesGivesNothingThatAsksTheStore() {
        S3Client client = STORE.service().bean(S3Client.class);

        assertThatThrownBy(client::waiter).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> client.listObjectsV2Paginator(list -> list.bucket("standard")).stream().count())
                .isInstanceOf(UnauthorizedException.class);
        assertThat(received).isEmpty();
    }
}
