package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.ccmessaging.filestream.failure.DocumentedFailure;
import org.ccmessaging.filestream.failure.EmptyFileException;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.failure.FileTypeOutOfRangeException;
import org.ccmessaging.filestream.failure.IdentityMissingException;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.failure.MethodNotAllowedException;
import org.ccmessaging.filestream.failure.ObjectKeyMissingException;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.failure.TokenKeysUnavailableException;
import org.ccmessaging.filestream.failure.UnauthorizedException;
import org.ccmessaging.filestream.failure.UnknownPathException;
import org.ccmessaging.filestream.support.Stages;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.InvalidObjectStateException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** {@code result-codes.camel.yaml}, clause by clause, against the tables of contract section 4. */
@ExtendWith(Stages.class)
class ResultCodesTest {

    private static final String BAD_REQUEST = "Incorrect request. Check the request path and parameters. ";
    private static final String REFUSED = "fsservice downloadFile is failed";
    private static final String BROKEN = "downloadFileStream IOException";
    private static final String INTERNAL = "for the log alone: bucket, key, token";

    private static RouteFile resultCodes() {
        return RouteFile.all().stream().filter(file -> file.stem().equals("result-codes")).findFirst().orElseThrow();
    }

    private static Message outcome(Exception failure, String branch) {
        Exchange answer = Stages.filesystem().service().bean(ProducerTemplate.class)
                .request("direct:failure-outcome", exchange -> {
                    exchange.setVariable("branch", branch);
                    exchange.getMessage().setBody(failure);
                });
        assertThat(answer.isFailed()).as("failed").isFalse();
        return answer.getMessage();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(new InvalidRequestException("channel: \"WEB\" is expected."), 400,
                        BAD_REQUEST + "channel: \\\"WEB\\\" is expected.", null, null),
                arguments(new JsonParseException((JsonParser) null, "Unexpected character"), 400,
                        BAD_REQUEST + "Not JSON at an unknown place: Unexpected character.", null, null),
                arguments(new StreamConstraintsException("Document nesting depth is too large"), 400,
                        BAD_REQUEST + "Not JSON at an unknown place: Document nesting depth is too large.", null, null),
                arguments(new JsonMappingException((JsonParser) null, "Unexpected end"), 400,
                        BAD_REQUEST + "Not JSON at an unknown place: Unexpected end.", null, null),
                arguments(MismatchedInputException.from(null, String.class, INTERNAL), 400,
                        BAD_REQUEST + "The body is not one JSON object, at an unknown place.", null, null),
                arguments(fieldOfAnotherType(), 400,
                        BAD_REQUEST + "fileId: a string is expected, at an unknown place.", null, null),
                arguments(new UnauthorizedException(INTERNAL), 401, "Unauthorized operation.", null, null),
                arguments(new UnknownPathException(INTERNAL), 404,
                        "The requested content is not found. Check the request path.", null, null),
                arguments(new MethodNotAllowedException(INTERNAL, "POST"), 405, "This path takes POST only.", "POST",
                        null),
                arguments(new MethodNotAllowedException(INTERNAL, "GET"), 405, "This path takes GET only.", "GET",
                        null),
                arguments(new ServiceBusyException(INTERNAL), 503,
                        "The service is busy. Send the request again after the seconds in Retry-After.", null, "1"),
                arguments(new DirectConsumerNotAvailableException(INTERNAL, null), 503,
                        "The service is busy. Send the request again after the seconds in Retry-After.", null, "1"));
    }

    private static Exception fieldOfAnotherType() {
        InvalidFormatException mismatch = new InvalidFormatException(null, INTERNAL, 1, String.class);
        mismatch.prependPath(new DownloadRequest(null, null, null, null), "fileId");
        return mismatch;
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusalHasItsStatusAndThePlatformsBody(
            Exception failure, int status, String text, String allow, String retryAfter) {
        for (String branch : new String[] {null, "standard"}) {
            Message answer = outcome(failure, branch);

            assertThat(answer.getBody(String.class)).isEqualTo(
                    "{\"errorCode\":\"" + status + "\",\"exceptionInfo\":\"" + text + "\"}");
            assertHeaders(answer, status, Integer.toString(status), text.replace("\\\"", "\""));
            assertThat(answer.getHeader("Allow")).isEqualTo(allow);
            assertThat(answer.getHeader("Retry-After")).isEqualTo(retryAfter);
        }
    }

    static Stream<Arguments> failedDownloads() {
        return Stream.of(
                arguments(new IdentityMissingException(INTERNAL), "2",
                        "param channelId or userId or tenantId is null"),
                arguments(new ObjectKeyMissingException(INTERNAL), "401", "objectKey is null!"),
                arguments(new FileTypeOutOfRangeException(INTERNAL), "13", "param filetype Out of range!"),
                arguments(new EmptyFileException(INTERNAL), "13", "empty file!"),
                arguments(new ObjectNotFoundException(INTERNAL), "13", REFUSED),
                arguments(new FileServiceRefusedException(INTERNAL), "13", REFUSED),
                arguments(S3Exception.builder().statusCode(403).message(INTERNAL).build(), "13", REFUSED),
                arguments(S3Exception.builder().statusCode(503).message(INTERNAL).build(), "13", REFUSED),
                arguments(NoSuchKeyException.builder().message(INTERNAL).build(), "13", REFUSED),
                arguments(NoSuchBucketException.builder().message(INTERNAL).build(), "13", REFUSED),
                arguments(InvalidObjectStateException.builder().message(INTERNAL).build(), "13", REFUSED),
                arguments(new ReadBrokenException(INTERNAL), "13", BROKEN),
                arguments(SdkClientException.create(INTERNAL), "13", BROKEN),
                arguments(ApiCallTimeoutException.create(1), "13", BROKEN),
                arguments(AbortedException.create(INTERNAL), "13", BROKEN));
    }

    @ParameterizedTest
    @MethodSource("failedDownloads")
    void failedDownloadHasItsCodeAndStatus200(Exception failure, String code, String text) {
        for (String branch : new String[] {null, "standard"}) {
            assertDownloadFailed(outcome(failure, branch), code, text);
        }
    }

    static Stream<Exception> unforeseen() {
        return Stream.of(new IllegalStateException(INTERNAL), new NullPointerException(INTERNAL),
                new IOException(INTERNAL), new TokenKeysUnavailableException(INTERNAL));
    }

    @ParameterizedTest
    @MethodSource("unforeseen")
    void anythingElseAfterTheDownloadBeganIsADownloadException(Exception failure) {
        assertDownloadFailed(outcome(failure, "local"), "13", "downloadFileStream exception");
    }

    @ParameterizedTest
    @MethodSource("unforeseen")
    void anythingElseBeforeTheDownloadBeganIs500(Exception failure) {
        Message answer = outcome(failure, null);

        assertThat(answer.getBody(String.class)).isEqualTo("{\"errorCode\":\"500\",\"exceptionInfo\":"
                + "\"Business failure. Check the values of parameters in the request.\"}");
        assertHeaders(answer, 500, "500", "Business failure. Check the values of parameters in the request.");
    }

    private static void assertDownloadFailed(Message answer, String code, String text) {
        assertThat(answer.getBody(String.class)).isEqualTo(
                "{\"resultCode\":\"" + code + "\",\"resultDesc\":\"" + text + "\"}");
        assertHeaders(answer, 200, code, text);
        assertThat(answer.getHeaders()).doesNotContainKeys("Allow", "Retry-After");
    }

    private static void assertHeaders(Message answer, int status, String code, String text) {
        assertThat(answer.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class)).isEqualTo(status);
        assertThat(answer.getHeader(Exchange.CONTENT_TYPE)).isEqualTo("application/json");
        assertThat(answer.getHeader("resultCode")).isEqualTo(code);
        assertThat(answer.getHeader("resultDesc")).isEqualTo(text);
    }

    @Test
    void everyFailureOfOursIsNamedByAClause() {
        Set<String> ours = new ClassFileImporter().importPackagesOf(DocumentedFailure.class).stream()
                .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .map(JavaClass::getName).collect(Collectors.toSet());

        assertThat(ours).isNotEmpty();
        assertThat(resultCodes().exceptions()).containsAll(ours);
    }

    @Test
    void noClassIsNamedByTwoClauses() {
        assertThat(resultCodes().exceptions()).filteredOn(name -> !name.equals(Exception.class.getName()))
                .doesNotHaveDuplicates();
    }

    /** So that a clause which is added is tested, too. */
    @Test
    void everyClassThatAClauseNamesIsSentAbove() {
        List<Class<?>> sent = Stream.of(refusals(), failedDownloads(), unforeseen().map(Arguments::of))
                .flatMap(cases -> cases).<Class<?>>map(row -> row.get()[0].getClass()).toList();

        assertThat(resultCodes().exceptions()).isNotEmpty().allSatisfy(name -> {
            Class<?> named = Class.forName(name);
            assertThat(sent).anyMatch(named::isAssignableFrom);
        });
    }

    /** The rows of contract section 4: a code and a text between backquotes, or a status and a sentence. */
    static Stream<Arguments> documentedTexts() throws IOException {
        String contract = Files.readString(Path.of("docs", "contract.md"));
        return Pattern.compile("(?m)^\\| `?(\\d+)`? \\| `?([A-Za-z][^`|]*?)`? \\| ")
                .matcher(contract).results().map(row -> arguments(row.group(1), row.group(2)));
    }

    @Test
    void contractDocumentsElevenTextsWithTheirCodes() throws IOException {
        assertThat(documentedTexts()).hasSize(11);
    }

    @ParameterizedTest
    @MethodSource("documentedTexts")
    void documentedTextHasOneHome(String code, String text) throws IOException {
        assertThat(RouteFile.all()).filteredOn(file -> file.text().contains(text)).containsExactly(resultCodes());
        assertThat(resultCodes().text()).containsOnlyOnce(text);
        // What describes the interface to clients may quote it; nothing that runs may.
        try (Stream<Path> sources = Files.walk(Path.of("src", "main"))) {
            assertThat(sources.filter(Files::isRegularFile).filter(file -> !file.toString().contains("openapi")))
                    .isNotEmpty().allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain(text));
        }
    }

    @ParameterizedTest
    @MethodSource("documentedTexts")
    void documentedTextGoesWithItsCode(String code, String text) {
        assertThat(resultCodes().nodes()).filteredOn(node -> node.place().endsWith("/steps/setHeaders"))
                .filteredOn(node -> node.definition().toString().contains(text)).singleElement()
                .satisfies(node -> assertThat(node.definition().get("headers"))
                        .filteredOn(header -> header.get("name").asText().equals("resultCode")).singleElement()
                        .satisfies(header -> assertThat(header.at("/constant/expression").asText()).isEqualTo(code)));
    }
}
