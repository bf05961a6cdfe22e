package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.storage.Confined;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.Unguarded;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.Variables;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/** Routes can send only the GET of request-object to a store, by whichever step or operation. */
@Tag("service")
@ExpectedErrors.Of(logger = "filestream", texts = "UnsupportedOperationException")
@ExpectedErrors.Of(logger = "org.apache.camel.component.aws2.s3", texts = "")
class RouteS3ClientTest {

    private static final AtomicInteger ROUTES = new AtomicInteger();
    private static final String STANDARD = "aws2-s3:standard?amazonS3Client=#s3Client&fileName=other/a.txt";

    @AutoClose
    private static FaultyServer store;
    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        store = new FaultyServer();
        store.putEverywhere("theirs".getBytes(StandardCharsets.UTF_8), Turn::right);
        stage = Stage.impatient(store, Map.of(), Unguarded.class);
    }

    @BeforeEach
    void forget() {
        store.received().clear();
    }

    /** Sends a customer's request through a route with this step, as if no check had been made before. */
    private static void assertReachesNoStore(String step) throws Exception {
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
        Unguarded.load(stage.service().bean(CamelContext.class), "stored" + number, yaml);
        Answer answer = new Api(stage.api().base()).post("/stored/" + number,
                Api.request("standard", "a.txt").getBytes(StandardCharsets.UTF_8), Api.credentials());

        assertThat(store.received()).isEmpty();
        assertThat(answer.text()).doesNotContain("theirs").doesNotContain("\"resultCode\":\"0\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"&operation=copyObject", "&operation=deleteObject", "&operation=deleteBucket", "",
        "&operation=listObjects", "&operation=listBuckets", "&operation=getObject", "&operation=getObjectRange",
        "&operation=restoreObject", "&operation=getObjectTagging", "&operation=getObjectAcl",
        "&streamingUploadMode=true&batchMessageNumber=1&keyName=x"})
    void operationOfARouteIsNotSent(String options) throws Exception {
        assertReachesNoStore("- to: {id: ask-N, uri: '" + STANDARD + options + "'}");
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
        assertReachesNoStore("- setVariable: {id: s-N, name: s, constant: '" + STANDARD + options + "'}\n        "
                + step);
    }

    @ParameterizedTest
    @ValueSource(strings = {STANDARD, "aws2-s3:standard?amazonS3Client=#s3Client&prefix=other/"})
    void pollOfABucketReachesNoStore(String uri) throws Exception {
        assertReachesNoStore("- pollEnrich: {id: ask-N, timeout: 1500, constant: '" + uri + "'}");
    }

    private static Exchange exchangeWithRequest() {
        Exchange exchange = new DefaultExchange(stage.service().bean(CamelContext.class));
        Confined.to(exchange, new ObjectLocation("standard", "demo", "demo/a.txt"));
        stage.service().bean(RequestObject.class).process(exchange);
        return exchange;
    }

    private static GetObjectRequest request(Exchange exchange) {
        return exchange.getVariable(Variables.OBJECT_REQUEST, GetObjectRequest.class);
    }

    private static Exchange exchangeWithResponse() {
        Exchange exchange = exchangeWithRequest();
        exchange.getMessage().setBody(stage.service().bean(S3Client.class).getObject(request(exchange)));
        return exchange;
    }

    private static StoredObject take(Exchange exchange) {
        stage.service().bean(TakeObject.class).process(exchange);
        return exchange.getMessage().getBody(StoredObject.class);
    }

    @Test
    void requestThatARouteRebuiltIsNotSent() {
        S3Client client = stage.service().bean(S3Client.class);
        GetObjectRequest request = request(exchangeWithRequest());

        for (GetObjectRequest rebuilt : List.of(request.toBuilder().range("bytes=1-3").build(),
                request.toBuilder().versionId("1").build(), request.toBuilder().build())) {
            assertThatThrownBy(() -> client.getObject(rebuilt)).isInstanceOf(UnauthorizedException.class);
        }
        assertThat(store.received()).isEmpty();
    }

    @Test
    void routeReadsNothingOfTheResponse() {
        Exchange exchange = exchangeWithResponse();

        assertThatThrownBy(() -> exchange.getMessage().getBody(InputStream.class).readNBytes(3))
                .isInstanceOf(IOException.class).hasMessageContaining("take-object");
        byte[] file = new byte[100];
        assertThat(new String(file, 0, take(exchange).fill(file), StandardCharsets.UTF_8)).isEqualTo("theirs");
        exchange.getUnitOfWork().done(exchange);
    }

    @Test
    void responseThatNoStepTakesGivesItsConnectionBackWithTheExchange() {
        Exchange exchange = exchangeWithResponse();
        assertThat(leased()).isEqualTo(1);

        exchange.getUnitOfWork().done(exchange);

        assertThat(leased()).isZero();
    }

    private static double leased() {
        return stage.service().bean(MeterRegistry.class).get("filestream.s3.connections").tag("state", "leased")
                .gauge().value();
    }

    @Test
    void responseIsTakenOnce() {
        Exchange exchange = exchangeWithResponse();
        Object response = exchange.getMessage().getBody();
        take(exchange);
        exchange.getMessage().setBody(response);

        assertThatThrownBy(() -> take(exchange)).isInstanceOf(UnauthorizedException.class);
        exchange.getUnitOfWork().done(exchange);
    }

    @Test
    void responseToAnotherRequestIsRefused() {
        Exchange exchange = exchangeWithResponse();
        Exchange other = exchangeWithRequest();
        for (Object body : new Object[] {exchange.getMessage().getBody(), "theirs", null}) {
            other.getMessage().setBody(body);

            assertThatThrownBy(() -> take(other)).isInstanceOf(UnauthorizedException.class);
        }
        take(exchange);
        exchange.getUnitOfWork().done(exchange);
    }

    @Test
    void clientOfRoutesGivesNothingThatAsksTheStore() {
        S3Client client = stage.service().bean(S3Client.class);

        assertThatThrownBy(client::waiter).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> client.listObjectsV2Paginator(list -> list.bucket("standard")).stream().count())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(store.received()).isEmpty();
    }
}
