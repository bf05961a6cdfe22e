package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.APPLY_TOKEN;
import static org.ccmessaging.filestream.support.Api.DOWNLOAD;
import static org.ccmessaging.filestream.support.Api.TOKEN_BY_AK_SK;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.credentialsAnd;
import static org.ccmessaging.filestream.support.Api.lines;
import static org.ccmessaging.filestream.support.Api.rawDownload;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.METHOD_NOT_ALLOWED;

import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contract section 8: browsers of listed origins may read every response, and those of other origins none.
 * {@code HeaderHygieneContractTest} sends an origin to a service that lists none, and {@code FairShareContractTest} has
 * refusals for want of a permit.
 */
@Tag("service")
class CrossOriginContractTest {

    private static final String LISTED = "https://chat.example.com";
    private static final String OTHER_LISTED = "http://127.0.0.1:5173";
    /** {@code Api} compares the two headers that come with it with the interface description. */
    private static final String FOR_THE_PAGE = "\r\nAccess-Control-Allow-Origin: " + LISTED + "\r\n";

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM,
                Map.of("filestream.cors.allowed-origins", LISTED + ", " + OTHER_LISTED + ","));
        stage.put("standard", "hello.txt", Stage.content(100));
        stage.put("standard", "large.bin", Stage.content(1_000_000));
        stage.put("standard", "empty.txt", new byte[0]);
    }

    private static String raw(String method, String target, String headers, String body) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers
                + (headers.contains("Content-Length") ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n"
                + body;
    }

    private static String origin(String origin) {
        return "Origin: " + origin + "\r\n";
    }

    private static String preflight(String path, String origin) {
        return raw("OPTIONS", path, origin(origin) + "Access-Control-Request-Method: POST\r\n"
                + "Access-Control-Request-Headers: authorization,ccmessaging-token,content-type,x-app-key\r\n", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {DOWNLOAD, TOKEN_BY_AK_SK, APPLY_TOKEN})
    void preflightOfAListedOriginGets204AndEntersNoRoute(String path) {
        stage.awaitInFlight(0);
        double exchanges = stage.metric("camel_exchanges_total");
        String response = stage.api().raw(preflight(path, LISTED));

        assertThat(response).startsWith("HTTP/1.1 204 ").endsWith("\r\n\r\n").containsOnlyOnce(FOR_THE_PAGE)
                .contains("\r\nVary: Origin\r\n", "\r\nAccess-Control-Max-Age: 7200\r\n",
                "\r\nAccess-Control-Allow-Methods: POST\r\n", "\r\nAccess-Control-Allow-Headers: ccmessaging-token, "
                + "x-app-key, Authorization, Content-Type, X-Request-Id, X-Token-Expire\r\n",
                "\r\nAccess-Control-Expose-Headers: ccmessaging-token, resultCode, resultDesc, Retry-After, "
                + "X-Request-Id\r\n").doesNotContain("\r\nContent-", "\r\nTransfer-Encoding");
        assertThat(stage.api().raw(preflight(path, OTHER_LISTED)))
                .contains("\r\nAccess-Control-Allow-Origin: " + OTHER_LISTED + "\r\n");
        assertThat(stage.metric("camel_exchanges_total")).isEqualTo(exchanges);
    }

    /** A browser sends none of these for a page of a listed origin. */
    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "*", "https://chat.example.com/", "chat.example.com", "",
        "https://chat.example.com:443", "http://chat.example.com", "HTTPS://chat.example.com",
        "https://CHAT.example.com", "https://chat.example.com.", "https://xchat.example.com",
        "https://chat.example.com.evil.example", "http://127.0.0.1", "http://127.0.0.1:51730",
        "https://chat.example.com, https://chat.example.com",
        "https://chat.example.com\r\nOrigin: https://chat.example.com",
        "https://chat.example.com\r\nOrigin: https://evil.example"})
    void anotherOriginIsTreatedAsNone(String origin) {
        String refused = stage.api().raw(preflight(DOWNLOAD, origin));
        String file = stage.api().raw(rawDownload(request("standard", "hello.txt"), credentialsAnd("Origin", origin)));

        assertThat(refused).startsWith("HTTP/1.1 405 ").endsWith(METHOD_NOT_ALLOWED).contains("\r\nAllow: POST\r\n")
                .doesNotContain("Access-Control", "Vary");
        assertThat(file).startsWith("HTTP/1.1 200 ").contains("\"resultCode\":\"0\"")
                .doesNotContain("Access-Control", "Vary");
    }

    /** Contract section 7 has the ID of the request. */
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/responses/kinds.csv", delimiter = '|', quoteCharacter = '`')
    void everyResponseToAListedOriginCanBeReadAndHasTheIdOfItsRequest(
            String name, String method, String target, String more, String body, int status) {
        String headers = origin(LISTED) + "X-Request-Id: one.and-only\r\n" + (more == null ? ""
                : more.equals("(credentials)") ? lines(credentials()) : more + "\r\n");
        String sent = body == null ? "" : body.equals("(70 KB)") ? "x".repeat(70_000)
                : body.matches("\\w+\\.\\w+") ? request("standard", body) : body;
        String response = stage.api().raw(raw(method, target, headers, sent));

        assertThat(response).startsWith("HTTP/1.1 " + status + " ").containsOnlyOnce(FOR_THE_PAGE)
                .containsOnlyOnce("\r\nX-Request-Id: one.and-only\r\n");
    }

    @Test
    void tokensThatAreSwitchedOffGive404AndSoDoTheirPreflights() throws Exception {
        try (Stage off = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.cors.allowed-origins", LISTED,
                "filestream.auth.token-endpoints", "false"))) {
            for (String path : List.of(TOKEN_BY_AK_SK, APPLY_TOKEN)) {
                assertThat(off.api().raw(preflight(path, LISTED))).startsWith("HTTP/1.1 404 ").contains(FOR_THE_PAGE);
                assertThat(off.api().post(path, "{}".getBytes(), credentials()).status()).isEqualTo(404);
            }
        }
    }
}
