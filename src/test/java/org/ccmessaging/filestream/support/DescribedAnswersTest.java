package org.ccmessaging.filestream.support;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.ccmessaging.filestream.support.Api.headers;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.UNAUTHORIZED;
import static org.ccmessaging.filestream.support.Outcomes.UNKNOWN_PATH;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

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

    @ParameterizedTest
    @CsvFileSource(resources = "/responses/undescribed.csv", delimiter = '|', quoteCharacter = '`')
    void responseThatIsNotAsDescribedFails(String method, String path, int status, String headers, String body,
            String fault) {
        String sent = Map.of("(success)", SUCCESS, "(unauthorized)", UNAUTHORIZED, "(unknown path)", UNKNOWN_PATH)
                .getOrDefault(String.valueOf(body), body);
        Map<String, String> all = headers == null ? Map.of() : headers.equals("(to a page)") ? TO_A_PAGE
                : headers.equals("(outcome)") ? outcome(sent) : Stream.of(headers.split("; "))
                        .map(header -> header.split(": ")).collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));

        assertThatThrownBy(() -> check(method, path, status, all, sent)).isInstanceOf(AssertionError.class)
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
        assertFails(api, "/components/responses", responses -> responses.remove("NotFound"),
                client -> client.get("/nowhere"));
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
