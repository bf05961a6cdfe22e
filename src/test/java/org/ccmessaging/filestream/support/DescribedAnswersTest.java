package org.ccmessaging.filestream.support;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ccmessaging.filestream.support.Api.APPLY_TOKEN;
import static org.ccmessaging.filestream.support.Api.DOWNLOAD;
import static org.ccmessaging.filestream.support.Api.headers;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BROKEN_TAIL;
import static org.ccmessaging.filestream.support.Outcomes.EMPTY_FILE;
import static org.ccmessaging.filestream.support.Outcomes.FILE_HEAD;
import static org.ccmessaging.filestream.support.Outcomes.UNAUTHORIZED;
import static org.ccmessaging.filestream.support.Outcomes.UNKNOWN_PATH;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Guards the guard: it finds a response that the description does not have, and a description that is wrong. */
@ExtendWith(Stages.class)
class DescribedAnswersTest {

    private static final String SUCCESS = Outcomes.success("Hello".getBytes(StandardCharsets.UTF_8));

    private static final Map<String, String> TO_A_PAGE = Map.of("Vary", "Origin",
            "Access-Control-Allow-Origin", "https://chat.example.com",
            "Access-Control-Expose-Headers", "ccmessaging-token, resultCode, resultDesc, Retry-After, X-Request-Id");

    private static void check(String method, String path, int status, Map<String, String> headers, String body) {
        Map<String, List<String>> all = new HashMap<>();
        all.put("content-type", List.of("application/json"));
        all.put("x-request-id", List.of("one"));
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        DescribedAnswers.ofTheService().check(method, path, status, all,
                body == null ? null : body.getBytes(StandardCharsets.UTF_8));
    }

    /** The headers that tell what the body of a refusal tells. */
    private static Map<String, String> outcome(String body) {
        JsonNode refusal = new Api.Answer(0, null, body.getBytes(StandardCharsets.UTF_8)).json();
        return Map.of("resultCode", refusal.get("errorCode").asText(),
                "resultDesc", refusal.get("exceptionInfo").asText());
    }

    @Test
    void responsesAsDescribedPass() {
        Map<String, String> notFound = outcome(UNKNOWN_PATH);
        assertThatCode(() -> {
            check("POST", DOWNLOAD, 200, Map.of("RESULTCODE", "0"), SUCCESS);
            check("POST", DOWNLOAD, 200, Map.of("transfer-encoding", "chunked"), SUCCESS);
            check("POST", DOWNLOAD, 401, outcome(UNAUTHORIZED), UNAUTHORIZED);
            check("POST", APPLY_TOKEN, 404, notFound, UNKNOWN_PATH);
            check("DELETE", "/nowhere", 404, notFound, UNKNOWN_PATH);
            check("POST", DOWNLOAD, 200, TO_A_PAGE, SUCCESS);
        }).doesNotThrowAnyException();
    }

    static Stream<Arguments> responsesThatAreNotAsDescribed() {
        Map<String, String> none = Map.of();
        Map<String, String> unauthorized = outcome(UNAUTHORIZED);
        Map<String, String> notFound = outcome(UNKNOWN_PATH);
        return Stream.of(
                arguments("POST", DOWNLOAD, 418, none, SUCCESS, "the status is not described"),
                arguments("POST", DOWNLOAD, 404, notFound, UNKNOWN_PATH, "the status is not described"),
                arguments("POST", "/nowhere", 200, none, SUCCESS, "the status is not described"),
                arguments("GET", DOWNLOAD, 404, notFound, UNKNOWN_PATH, "the status is not described"),
                arguments("", "", 404, notFound, UNKNOWN_PATH, "the status is not described"),
                arguments("POST", DOWNLOAD, 401, none, UNAUTHORIZED, "header resultCode is missing"),
                arguments("POST", DOWNLOAD, 401, Map.of("resultCode", "401", "resultDesc", "another text"),
                        UNAUTHORIZED, "header resultDesc is another text"),
                arguments("POST", DOWNLOAD, 401, unauthorized, UNKNOWN_PATH, "errorCode is 404"),
                arguments("POST", DOWNLOAD, 200, Map.of("server", "x"), SUCCESS, "header server is not described"),
                arguments("POST", DOWNLOAD, 200, Map.of("CamelAwsS3Key", "x"), null, "camelawss3key is not described"),
                arguments("POST", DOWNLOAD, 200, Map.of("x-request-id", "a b"), SUCCESS, "header X-Request-Id"),
                arguments("POST", DOWNLOAD, 200, Map.of("access-control-allow-origin", "*"), SUCCESS,
                        "header Access-Control-Allow-Origin"),
                arguments("POST", DOWNLOAD, 200, Map.of("vary", "Origin"), SUCCESS, "some are missing"),
                arguments("POST", DOWNLOAD, 204, TO_A_PAGE, "", "the status is not described"),
                arguments("OPTIONS", "/nowhere", 204, TO_A_PAGE, "", "the status is not described"),
                arguments("OPTIONS", DOWNLOAD, 204, TO_A_PAGE, "x", "there is a body"),
                arguments("OPTIONS", DOWNLOAD, 204, TO_A_PAGE, "", "Access-Control-Max-Age is missing"),
                arguments("POST", DOWNLOAD, 200, Map.of("resultCode", "13"), SUCCESS, "header resultCode is 13"),
                arguments("POST", DOWNLOAD, 200, Map.of("content-type", "text/html"), "<html>", "text/html"),
                arguments("POST", DOWNLOAD, 200, none, "{\"resultCode\":\"0\"}", "fileStream"),
                arguments("POST", DOWNLOAD, 200, none, SUCCESS.replace("SGVs", "SGVs\\n"), "pattern"),
                arguments("POST", DOWNLOAD, 200, none, SUCCESS.replace("}", ",\"bucket\":\"b\"}"), "bucket"),
                arguments("POST", DOWNLOAD, 200, none, SUCCESS.replace("\"0\"", "0"), "string expected"),
                arguments("POST", DOWNLOAD, 200, none, SUCCESS.replace("}", ",\"resultDesc\":\"ok\"}"), "resultDesc"),
                arguments("POST", DOWNLOAD, 200, none, EMPTY_FILE.replace("13", "14"), "enumeration"),
                arguments("POST", DOWNLOAD, 200, none, "{\"resultCode\":\"13\"}", "resultDesc"),
                arguments("POST", DOWNLOAD, 200, none, "{\"resultCode\":\"13\",\"resultDesc\":\"\"}", "resultDesc"),
                arguments("POST", DOWNLOAD, 200, none, FILE_HEAD + "SGVs" + BROKEN_TAIL.replace("13", "2"),
                        "fileStream"),
                arguments("POST", DOWNLOAD, 200, none, SUCCESS.substring(1), "not JSON"),
                arguments("POST", DOWNLOAD, 200, none, SUCCESS + "{}", "not JSON"),
                arguments("POST", APPLY_TOKEN, 200, none, "{\"resultCode\":\"0\"}", "token"));
    }

    @ParameterizedTest
    @MethodSource("responsesThatAreNotAsDescribed")
    void responseThatIsNotAsDescribedFails(String method, String path, int status, Map<String, String> headers,
            String body, String fault) {
        assertThatThrownBy(() -> check(method, path, status, headers, body)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("not as openapi/filestream.yaml describes it").hasMessageContaining(fault);
    }

    /** Each changes the description, so that a response of the running service no longer fits it. */
    @Test
    void descriptionThatDiffersFromTheServiceFailsTheTestThatSentTheRequest() {
        Api api = Stages.filesystem().api();
        String small = request("standard", "hello.txt");

        assertThatCode(() -> api.against(changed("/info", info -> info.put("title", "another")))
                .download(small)).doesNotThrowAnyException();
        assertFails(api, "/paths/~1apiaccess~1ccmessaging~1downloadFileStream/post/responses",
                responses -> responses.remove("401"), client -> client.download(small, headers()));
        assertFails(api, "/paths", paths -> paths.remove(DOWNLOAD), client -> client.download(small));
        assertFails(api, "/components/schemas/RspBody/properties", body -> body.remove("fileStream"),
                client -> client.download(small));
        assertFails(api, "/components/schemas/ResultCode", code -> ((ArrayNode) code.get("enum")).remove(0),
                client -> client.download(small));
        assertFails(api, "/paths/~1apiaccess~1ccmessaging~1downloadFileStream/post/responses/200",
                response -> response.remove("headers"), client -> client.download(small));
        assertFails(api, "/components/responses", responses -> responses.remove("NotFound"),
                client -> client.get("/nowhere"));
        assertFails(api, "/components/responses/MethodNotAllowed/headers/Allow/schema",
                schema -> ((ArrayNode) schema.get("enum")).remove(0), client -> client.get(DOWNLOAD));
        assertFails(api, "/components/schemas/PlatformError/properties/exceptionInfo",
                text -> text.put("pattern", "^Sorry"), client -> client.raw("GARBAGE\r\n\r\n"));
    }

    private interface Change {
        void apply(ObjectNode node);
    }

    private interface Call {
        void with(Api client);
    }

    private static void assertFails(Api api, String place, Change change, Call call) {
        assertThatThrownBy(() -> call.with(api.against(changed(place, change)))).as(place)
                .isInstanceOf(AssertionError.class).hasMessageContaining("not as openapi/filestream.yaml describes it");
    }

    private static DescribedAnswers changed(String place, Change change) {
        JsonNode description = DescribedAnswers.readDescription();
        change.apply((ObjectNode) description.at(JsonPointer.compile(place)));
        return new DescribedAnswers(description);
    }
}
