package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;
import static org.ccmessaging.filestream.support.Outcomes.BUSINESS_FAILURE;
import static org.ccmessaging.filestream.support.Outcomes.BUSY;
import static org.ccmessaging.filestream.support.Outcomes.DOWNLOAD_FAILED;
import static org.ccmessaging.filestream.support.Outcomes.EMPTY_FILE;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.FILE_TYPE_OUT_OF_RANGE;
import static org.ccmessaging.filestream.support.Outcomes.IDENTITY_MISSING;
import static org.ccmessaging.filestream.support.Outcomes.METHOD_NOT_ALLOWED;
import static org.ccmessaging.filestream.support.Outcomes.NOT_CLEAN;
import static org.ccmessaging.filestream.support.Outcomes.OBJECT_KEY_MISSING;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;
import static org.ccmessaging.filestream.support.Outcomes.TOO_MANY_REQUESTS;
import static org.ccmessaging.filestream.support.Outcomes.UNAUTHORIZED;
import static org.ccmessaging.filestream.support.Outcomes.UNKNOWN_PATH;
import static org.ccmessaging.filestream.support.Outcomes.badRequest;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.processor.ThrottlerRejectedExecutionException;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.apache.camel.test.spring.junit5.DisableJmx;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.failure.AccessTokenExpiredException;
import org.ccmessaging.filestream.failure.EmptyFileException;
import org.ccmessaging.filestream.failure.FileNotCleanException;
import org.ccmessaging.filestream.failure.FileNotScannedException;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.failure.FileTooLargeException;
import org.ccmessaging.filestream.failure.FileTypeOutOfRangeException;
import org.ccmessaging.filestream.failure.IdentityMissingException;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.failure.MethodNotAllowedException;
import org.ccmessaging.filestream.failure.NotOwnerException;
import org.ccmessaging.filestream.failure.ObjectKeyMissingException;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.failure.StorageUnreachableException;
import org.ccmessaging.filestream.failure.TokenKeysUnavailableException;
import org.ccmessaging.filestream.failure.TooManyRequestsException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.failure.UnknownPathException;
import org.ccmessaging.filestream.response.Made;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.test.annotation.DirtiesContext;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * {@code result-codes.camel.yaml}, clause by clause: what each failure becomes. The codes and texts themselves are held
 * to contract section 4 by {@code routes/tests}.
 */
@CamelSpringBootTest
@SpringBootTest(classes = FileStreamApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT, properties = {
    "management.server.port=0", "filestream.auth.signing-key=" + Service.SIGNING_KEY,
    "filestream.s3.endpoint=http://localhost:1", "filestream.s3.access-key=key", "filestream.s3.secret-key=secret",
    "filestream.storage.local.root=target"})
// Otherwise Camel's test support turns JMX off for all later tests of the JVM.
@DisableJmx(false)
// Camel's test support sets system properties, and Spring pauses the application of another class that runs beside.
@ResourceLock(Stage.MBEANS)
@DirtiesContext
@Tag("service")
@ExpectedErrors.Of(logger = "filestream", texts = ResultCodesTest.INTERNAL)
class ResultCodesTest {

    static final String INTERNAL = "for the log alone: bucket, key, token";

    private static final RouteSet SHIPPED = OwnRoutes.shipped();

    @Autowired
    private CamelContext camel;

    @Autowired
    private ProducerTemplate producer;

    /** The classes that clauses name. */
    private static List<String> exceptions() {
        return SHIPPED.configurations().get(0).children().stream().flatMap(clause -> clause.exceptions().stream())
                .map(Value::text).toList();
    }

    /** The values that clauses give a header, as they are written. */
    private static Stream<String> values(String name) {
        return SHIPPED.configurations().get(0).allSteps().flatMap(step -> step.field("headers").items().stream())
                .filter(header -> header.get("name").text().equals(name))
                .map(header -> header.expression().orElseThrow().text());
    }

    @BeforeEach
    void throwTheBody() throws Exception {
        if (camel.hasEndpoint("mock:unhandled") == null) {
            AdviceWith.adviceWith(camel, "failure-outcome", route -> {
                route.weaveById("raise-failure").replace().process(exchange -> {
                    throw exchange.getMessage().getBody(Exception.class);
                });
                route.weaveAddLast().to("mock:unhandled");
            });
        }
    }

    private Message outcome(Exception failure, String branch) {
        Exchange sent = producer.request("direct:failure-outcome", exchange -> {
            exchange.setVariable("branch", branch);
            exchange.getMessage().setBody(failure);
        });
        assertThat(sent.isFailed()).as("failed").isFalse();
        return sent.getMessage();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(new InvalidRequestException("channel: \"WEB\" is expected."), 400,
                        badRequest("channel: \"WEB\" is expected."), null, null),
                arguments(new UnauthorizedException(INTERNAL), 401, UNAUTHORIZED, null, null),
                arguments(new AccessTokenExpiredException(INTERNAL), 401, UNAUTHORIZED, null, null),
                arguments(new UnknownPathException(INTERNAL), 404, UNKNOWN_PATH, null, null),
                arguments(new MethodNotAllowedException(INTERNAL, "POST"), 405, METHOD_NOT_ALLOWED, "POST", null),
                arguments(new TooManyRequestsException(INTERNAL), 429, TOO_MANY_REQUESTS, null, "1"),
                arguments(new ThrottlerRejectedExecutionException(INTERNAL), 429, TOO_MANY_REQUESTS, null, "1"),
                arguments(new ServiceBusyException(INTERNAL), 503, BUSY, null, "1"),
                arguments(new DirectConsumerNotAvailableException(INTERNAL, null), 503, BUSY, null, "1"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusalHasItsStatusAndThePlatformsBody(
            Exception failure, int status, String body, String allow, String retryAfter) throws IOException {
        for (String branch : new String[] {null, "standard"}) {
            Message response = outcome(failure, branch);

            assertResponse(response, status, body);
            assertThat(response.getHeader("Allow")).isEqualTo(allow);
            assertThat(response.getHeader("Retry-After", String.class)).isEqualTo(retryAfter);
        }
    }

    static Stream<Arguments> failedDownloads() {
        return Stream.of(
                arguments(new IdentityMissingException(INTERNAL), IDENTITY_MISSING),
                arguments(new ObjectKeyMissingException(INTERNAL), OBJECT_KEY_MISSING),
                arguments(new FileTypeOutOfRangeException(INTERNAL), FILE_TYPE_OUT_OF_RANGE),
                arguments(new EmptyFileException(INTERNAL), EMPTY_FILE),
                arguments(new ObjectNotFoundException(INTERNAL), FILE_SERVICE_REFUSED),
                arguments(new FileServiceRefusedException(INTERNAL), FILE_SERVICE_REFUSED),
                arguments(new FileTooLargeException(INTERNAL), FILE_SERVICE_REFUSED),
                arguments(new NotOwnerException(INTERNAL), FILE_SERVICE_REFUSED),
                arguments(new FileNotCleanException(INTERNAL), NOT_CLEAN),
                arguments(new FileNotScannedException(INTERNAL), NOT_CLEAN),
                arguments(S3Exception.builder().statusCode(403).message(INTERNAL).build(), FILE_SERVICE_REFUSED),
                arguments(NoSuchKeyException.builder().message(INTERNAL).build(), FILE_SERVICE_REFUSED),
                arguments(new HttpOperationFailedException("http://backend", 404, INTERNAL, null, null, null),
                        FILE_SERVICE_REFUSED),
                arguments(new ReadBrokenException(INTERNAL), READ_BROKEN),
                arguments(new StorageUnreachableException(INTERNAL, new IOException(INTERNAL)), READ_BROKEN),
                arguments(SdkClientException.create(INTERNAL), READ_BROKEN),
                arguments(AbortedException.create(INTERNAL), READ_BROKEN));
    }

    @ParameterizedTest
    @MethodSource("failedDownloads")
    void failedDownloadHasItsCodeAndStatus200(Exception failure, String body) throws IOException {
        for (String branch : new String[] {null, "standard"}) {
            assertDownloadFailed(outcome(failure, branch), body);
        }
    }

    static Stream<Arguments> unforeseen() {
        return Stream.of(
                arguments(new DataAccessResourceFailureException(INTERNAL), DOWNLOAD_FAILED),
                arguments(new SQLException(INTERNAL), DOWNLOAD_FAILED),
                arguments(new IllegalStateException(INTERNAL), DOWNLOAD_FAILED),
                arguments(new NullPointerException(INTERNAL), DOWNLOAD_FAILED),
                arguments(new TokenKeysUnavailableException(INTERNAL, null), DOWNLOAD_FAILED),
                arguments(new IOException(INTERNAL), READ_BROKEN),
                arguments(new JsonParseException((JsonParser) null, INTERNAL), READ_BROKEN));
    }

    @ParameterizedTest
    @MethodSource("unforeseen")
    void anyOtherFailureIs500BeforeTheDownloadStartsAndThenABrokenCallOrADownloadException(
            Exception failure, String body) throws IOException {
        assertResponse(outcome(failure, null), 500, BUSINESS_FAILURE);
        assertDownloadFailed(outcome(failure, "local"), body);
    }

    private static void assertDownloadFailed(Message response, String body) throws IOException {
        assertResponse(response, 200, body);
        assertThat(response.getHeaders()).doesNotContainKeys("Allow", "Retry-After");
    }

    private static void assertResponse(Message response, int status, String body) throws IOException {
        JsonNode expected = new ObjectMapper().readTree(body);
        assertThat(Made.text(response)).isEqualTo(body);
        assertThat(Made.response(response).status()).isEqualTo(status);
        assertThat(Made.outcome(response).resultCode())
                .isEqualTo(status == 200 ? expected.get("resultCode").asText() : Integer.toString(status));
        assertThat(Made.outcome(response).resultDesc())
                .isEqualTo(expected.get(status == 200 ? "resultDesc" : "exceptionInfo").asText());
    }

    @Test
    void noClassIsNamedByTwoClauses() {
        assertThat(exceptions()).filteredOn(name -> !name.equals(Exception.class.getName())
                && !name.equals(NotOwnerException.class.getName())).doesNotHaveDuplicates();
    }

    /** So a clause without a test fails here. */
    @Test
    void everyClassThatAClauseNamesIsSentAbove() {
        List<Class<?>> sent = Stream.of(refusals(), failedDownloads(), unforeseen()).flatMap(cases -> cases)
                .<Class<?>>map(row -> row.get()[0].getClass()).toList();

        assertThat(exceptions()).isNotEmpty().allSatisfy(name -> {
            Class<?> named = Class.forName(name);
            assertThat(sent).anyMatch(named::isAssignableFrom);
        });
    }

    /** The fixed parts of the clauses' texts. */
    static Stream<String> texts() {
        return values("resultDesc").map(text -> text.replaceFirst("\\$\\{.*", "").strip())
                .filter(text -> text.contains(" ")).distinct();
    }

    @ParameterizedTest
    @MethodSource("texts")
    void textIsInTheResultCodesOnly(String text) throws IOException {
        assertThat(SHIPPED.files().contents().keySet()).filteredOn(file ->
                // The visual editor folds lines.
                contentOf(file.toFile(), StandardCharsets.UTF_8).replaceAll("\\s+", " ").contains(text))
                .containsExactly(OwnRoutes.SHIPPED.resolve("result-codes.camel.yaml"));
        try (Stream<Path> sources = Files.walk(Path.of("src", "main"))) {
            assertThat(sources.filter(Files::isRegularFile).filter(ResultCodesTest::serves)).isNotEmpty()
                    .noneMatch(file -> contentOf(file.toFile(), StandardCharsets.UTF_8).contains(text));
        }
    }

    /** The interface description, the checks and the tests of routes may quote what a client is told. */
    private static boolean serves(Path file) {
        return Stream.of("openapi", "route-check", "routes/check", "routes/testing", "/cli/", "/FailureOutcome.java")
                .noneMatch(file.toString()::contains);
    }
}
