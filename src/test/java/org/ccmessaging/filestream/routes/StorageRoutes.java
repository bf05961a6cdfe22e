package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Outcomes.DOWNLOAD_FAILED;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.OBJECT_KEY_MISSING;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.ccmessaging.filestream.auth.Proved;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.response.Made;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** What the routes of the three branches do, whichever way their storage is configured. */
abstract class StorageRoutes {

    @RegisterExtension
    static final ExpectedErrors EXPECTED = ExpectedErrors.of("filestream", "unforeseen");

    /** The steps that open an object. Here a mock stands in for each. */
    private static final List<String> OPENERS = List.of("get-object", "open-file");

    private static final List<String> BEFORE_THE_CHOICE =
            List.of("record-download", "authenticate", "read-body", "admit", "parse-request", "check-request");

    private final CamelContext context;
    private final ProducerTemplate client;

    StorageRoutes(CamelContext context, ProducerTemplate client) {
        this.context = context;
        this.client = client;
    }

    /** The step that opens objects of the branch as it is configured. */
    abstract String opener(String branch);

    @BeforeEach
    void standInForStorage() throws Exception {
        if (!context.isStarted()) {
            AdviceWith.adviceWith(context, "download-file-stream", route -> {
                route.replaceFromWith("direct:checked-request");
                for (String step : BEFORE_THE_CHOICE) {
                    route.weaveById(step).remove();
                }
                route.weaveById("read-first-chunk").replace().stop();
            });
            AdviceWith.adviceWith(context, "read-s3", route -> {
                route.weaveById("get-object").replace().to("mock:get-object");
                route.weaveById("take-object").remove();
            });
            AdviceWith.adviceWith(context, "read-filesystem",
                    route -> route.weaveById("open-file").replace().to("mock:open-file"));
            context.start();
        }
        MockEndpoint.resetMocks(context);
    }

    private Exchange open(String branch, String name) {
        String fileId = branch.equals("local") ? "local/" + name : name;
        String multiMedia = branch.equals("multimedia-library") ? "multiMedia" : null;
        return client.request("direct:checked-request", exchange -> {
            Proved.tenant(exchange, "demo");
            exchange.setVariable("request", new DownloadRequest(fileId, "WEB", "txt", multiMedia));
        });
    }

    private String response(String branch, String name) {
        return Made.text(open(branch, name).getMessage());
    }

    private MockEndpoint mock(String step) {
        return context.getEndpoint("mock:" + step, MockEndpoint.class);
    }

    private void failWith(String branch, Exception failure) {
        mock(opener(branch)).whenAnyExchangeReceived(exchange -> exchange.setException(failure));
    }

    @ParameterizedTest
    @CsvSource({"local, a/b.txt", "local, local/b.txt", "local, ${body}", "multimedia-library, 117",
        "multimedia-library, ${body}", "standard, a/b.txt", "standard, ${body}"})
    void branchIsOpenedByTheRouteOfItsTypeBelowTheTenant(String branch, String name) {
        Exchange opened = open(branch, name);

        assertThat(OPENERS).filteredOn(step -> mock(step).getReceivedCounter() > 0)
                .containsExactly(opener(branch));
        assertThat(mock(opener(branch)).getExchanges()).singleElement().satisfies(exchange -> assertThat(
                exchange.getVariable("location")).isEqualTo(new ObjectLocation(branch, "demo", "demo/" + name)));
        assertThat(opened.getVariable("branch")).isEqualTo(branch);
        assertThat(opened.isFailed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "multimedia-library", "standard"})
    void storeGetsARequestObjectAndNoHeaders(String branch) {
        Exchange opened = open(branch, "117");

        mock("get-object").getExchanges().forEach(exchange -> {
            GetObjectRequest request = exchange.getVariable("objectRequest", GetObjectRequest.class);
            assertThat(request.bucket()).isEqualTo(branch);
            assertThat(request.key()).isEqualTo("demo/117");
        });
        assertThat(opened.getMessage().getHeaders().keySet()).noneMatch(name -> name.startsWith("CamelAws"));
    }

    @Test
    void headersThatTheStoreSetsStayInside() {
        mock("get-object").whenAnyExchangeReceived(exchange -> {
            exchange.getMessage().setHeader("CamelAwsS3BucketName", "bucket");
            exchange.getMessage().setHeader("CamelAwsS3Key", "key");
        });

        for (String branch : List.of("local", "multimedia-library", "standard")) {
            assertThat(open(branch, "117").getMessage().getHeaders()).isEmpty();
        }
    }

    @Test
    void idThatTheLibraryDoesNotHaveIsNoObjectKey() {
        for (Exception missing : missing()) {
            failWith("multimedia-library", missing);

            assertThat(response("multimedia-library", "117")).isEqualTo(OBJECT_KEY_MISSING);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "standard"})
    void objectThatAnotherBranchDoesNotHaveIsRefusedByTheFileService(String branch) {
        for (Exception missing : missing()) {
            failWith(branch, missing);

            assertThat(response(branch, "117")).isEqualTo(FILE_SERVICE_REFUSED);
        }
    }

    private static List<Exception> missing() {
        return List.of(NoSuchKeyException.builder().statusCode(404).build(), new ObjectNotFoundException("no file"));
    }

    @Test
    void libraryWithoutItsBucketIsRefusedByTheFileService() {
        failWith("multimedia-library", NoSuchBucketException.builder().statusCode(404).build());

        assertThat(response("multimedia-library", "117")).isEqualTo(FILE_SERVICE_REFUSED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "multimedia-library", "standard"})
    void unforeseenFailureIsADownloadException(String branch) {
        failWith(branch, new IllegalStateException("unforeseen"));

        assertThat(response(branch, "117")).isEqualTo(DOWNLOAD_FAILED);
    }

    @ParameterizedTest
    @CsvSource({"local, ''", "local, ' '", "multimedia-library, ", "multimedia-library, ''", "standard, ",
        "standard, ' '"})
    void requestThatNamesNoObjectOpensNothing(String branch, String name) {
        assertThat(response(branch, name)).isEqualTo(OBJECT_KEY_MISSING);

        assertThat(OPENERS).allSatisfy(step -> assertThat(mock(step).getReceivedCounter()).isZero());
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "multimedia-library", "standard"})
    void keyThatLeadsElsewhereOpensNothing(String branch) {
        assertThat(response(branch, "../other/secret.txt")).isEqualTo(
                branch.equals("multimedia-library") ? OBJECT_KEY_MISSING : FILE_SERVICE_REFUSED);

        assertThat(OPENERS).allSatisfy(step -> assertThat(mock(step).getReceivedCounter()).isZero());
    }
}
