package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.reload.MadeUpRoutes;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Access to {@code /actuator/routes}, and its responses and operations. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.reload.Journal", texts = "are rejected")
class RoutesEndpointTest extends ConsoleOfAService {

    private static final String ROUTES = "/actuator/routes";

    @Override
    Stage open() throws Exception {
        return withMadeUpRoutes();
    }

    private JsonNode state() {
        return operator.json(operator.get(ROUTES));
    }

    private HttpResponse<String> post(String path) {
        return operator.post(ROUTES + path, Map.of(), "Origin", management().toString());
    }

    /** The response of an operation that has this status. */
    private JsonNode answer(int status, String path) {
        HttpResponse<String> answer = post(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).contains("json");
        return operator.json(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/1", "/check", "/reload", "/reload/accept", "/rollback/1", "/rehearsal/1",
        "/../routes", ";x=1"})
    void strangerGetsNothingButARefusal(String path) {
        int before = routes().callers().size();
        for (String method : new String[] {"GET", "POST", "PUT", "DELETE", "OPTIONS"}) {
            String answer = stage.service().management().raw(method + " " + ROUTES + path + " HTTP/1.1\r\n"
                    + "Host: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

            assertThat(answer).as(method).containsPattern("^HTTP/1.1 (400|401|403) ")
                    .doesNotContain("Exception", "sha256");
        }
        assertThat(routes().callers()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/check", "/reload", "/reload/accept", "/rollback/1"})
    void pageOfAnotherSiteRunsNoOperation(String path) {
        int before = routes().callers().size();
        for (String[] headers : new String[][] {
            {"Origin", management().toString()},
            {"Origin", management().toString(), "X-XSRF-TOKEN", "forged"},
            {"Origin", "https://evil.example.com"}}) {
            assertThat(operator.send("POST", ROUTES + path, headers).statusCode())
                    .as(List.of(headers).toString()).isEqualTo(403);
        }
        assertThat(operator.get(ROUTES, "Origin", "https://evil.example.com").headers().map().keySet())
                .noneMatch(name -> name.startsWith("access-control"));
        assertThat(operator.send("GET", ROUTES + "/reload").statusCode()).isEqualTo(404);
        assertThat(routes().callers()).hasSize(before);
    }

    /** Sends a request as a script does, with user and password. */
    private String basic(String method, String path, String password, String... headers) {
        String login = ConsoleSession.USER + ":" + password;
        return stage.service().management().raw(method + " " + ROUTES + path + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Connection: close\r\nContent-Length: 0\r\n" + String.join("", headers) + "Authorization: Basic "
                + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)) + "\r\n\r\n");
    }

    @Test
    void scriptLogsInWithEachRequestAndGetsNoSession() {
        routes().edit("- route: by a script");

        assertThat(basic("GET", "", ConsoleSession.PASSWORD)).startsWith("HTTP/1.1 200 ").contains("\"serving\"");
        assertThat(basic("POST", "/reload", ConsoleSession.PASSWORD)).startsWith("HTTP/1.1 200 ")
                .contains("\"serves\"").doesNotContainIgnoringCase("Set-Cookie");
        assertThat(routes().callers()).endsWith("reload: console user admin");
    }

    /** Without a challenge no browser asks for a password, or keeps one that a page could use. */
    @Test
    void wrongPasswordOfAScriptIsRefusedWithoutAChallenge() {
        assertThat(basic("GET", "", "wrong")).startsWith("HTTP/1.1 401 ").doesNotContain("sha256")
                .doesNotContainIgnoringCase("WWW-Authenticate", "Set-Cookie");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example.com", "null", "http://localhost"})
    void passwordThatABrowserKeepsRunsNoOperation(String origin) {
        int before = routes().callers().size();

        assertThat(basic("POST", "/reload", ConsoleSession.PASSWORD, "Origin: " + origin + "\r\n"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(routes().callers()).hasSize(before);
    }

    @Test
    void passwordOfAScriptOpensNothingButTheRoutes() {
        assertThat(basic("GET", "/../jolokia", ConsoleSession.PASSWORD)).containsPattern("^HTTP/1.1 40[013] ");
        assertThat(basic("GET", "/../sbom", ConsoleSession.PASSWORD)).containsPattern("^HTTP/1.1 40[013] ");
    }

    @Test
    void userSeesWhatServesWithItsTextsAndTheHistoryWithoutThem() {
        routes().edit("- route: shown");
        answer(200, "/reload");
        JsonNode state = state();

        assertThat(state.at("/serving/number").asInt()).isEqualTo(state.at("/history/0/number").asInt());
        assertThat(state.at("/serving/files/a.camel.yaml").asText()).isEqualTo("- route: shown");
        assertThat(state.at("/serving/by").asText()).isEqualTo("console user admin");
        assertThat(state.at("/serving/since").asText()).matches("2026-11-26T0.*Z");
        assertThat(state.at("/serving/sha256")).isEqualTo(state.get("filesSha256"));
        assertThat(state.get("filesDiffer").asBoolean()).isFalse();
        assertThat(state.get("draining")).isNotEmpty();
        assertThat(state.get("live").asBoolean()).isTrue();
        assertThat(state.has("note")).isFalse();
        assertThat(state.has("rejected")).isFalse();
        assertThat(state.get("history")).hasSizeGreaterThan(1).noneMatch(generation -> generation.has("files"));
    }

    @Test
    void generationIsShownWithItsTexts() {
        JsonNode first = operator.json(operator.get(ROUTES + "/1"));

        assertThat(first.at("/files/a.camel.yaml").asText()).isEqualTo("- route: first");
        assertThat(first.get("since").asText()).isEqualTo(MadeUpRoutes.START.toString());
        assertThat(first.get("label").asText()).isEqualTo("release 7");
    }

    @Test
    void rejectedSetIsAConflictAndIsSeenAfterwards() {
        routes().edit("broken");
        for (String path : List.of("/check", "/reload")) {
            JsonNode rejected = answer(409, path);
            assertThat(rejected.get("outcome").asText()).isEqualTo("rejected");
            assertThat(rejected.get("stage").asText()).isEqualTo("check");
            assertThat(rejected.at("/messages/0").asText()).isEqualTo(MadeUpRoutes.BROKEN);
        }

        assertThat(routes().callers()).endsWith("check: console user admin", "reload: console user admin");
        assertThat(state().at("/rejected/errors/0").asText()).isEqualTo(MadeUpRoutes.BROKEN);
        assertThat(state().get("filesDiffer").asBoolean()).isTrue();
        JsonNode health = operator.json(operator.get("/actuator/health")).at("/components/routes");
        assertThat(health.get("status").asText()).isEqualTo("UP");
        assertThat(health.at("/details/rejected/errors/0").asText()).isEqualTo(MadeUpRoutes.BROKEN);
        assertThat(stage.service().management().get("/actuator/health").text()).doesNotContain("is broken");
    }

    @Test
    void generationThatWasGoneBackToStaysUntilTheFilesChangeAndThisIsSaid() {
        routes().edit("- route: regretted");
        answer(200, "/reload");
        answer(200, "/promote");
        assertThat(routes().callers()).endsWith("promote: console user admin");
        answer(200, "/rollback/1");
        JsonNode state = state();

        assertThat(routes().callers()).endsWith("rollback 1: console user admin");
        assertThat(state.get("filesDiffer").asBoolean()).isTrue();
        assertThat(state.get("note").asText()).contains("The folder holds other files than those that serve",
                "Generation " + state.at("/serving/number").asInt() + " stays until the files change again");
    }

    @Test
    void whatDoesNotExistIsSaidAsJson() {
        for (String path : List.of("/rollback/99", "/rollback/x", "/rollback/-1", "/rollback/99999999999999999999")) {
            assertThat(answer(404, path).get("error").asText()).startsWith("there is no generation ")
                    .contains("the last ones: ", "1");
        }
        for (String path : List.of("/stop", "/reload/1", "/rollback")) {
            assertThat(answer(404, path).get("error").asText())
                    .endsWith("the operations: check, reload, promote, rollback/<number>");
        }
        assertThat(operator.json(operator.get(ROUTES + "/99")).get("status").asInt()).isEqualTo(404);
    }
}
