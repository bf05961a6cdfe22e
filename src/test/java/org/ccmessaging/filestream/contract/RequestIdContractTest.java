package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.APPLY_TOKEN;
import static org.ccmessaging.filestream.support.Api.DOWNLOAD;
import static org.ccmessaging.filestream.support.Api.TOKEN_BY_AK_SK;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Stages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract section 7: every response carries the client's X-Request-Id, or one that the service made. */
@ExtendWith(Stages.class)
@Execution(ExecutionMode.CONCURRENT)
class RequestIdContractTest {

    private static final Pattern ID = Pattern.compile("\r\nX-Request-Id: ([^\r]*)\r\n");
    private static final String MADE = "[0-9a-f]{32}";

    private static Api api() {
        return Stages.s3().api();
    }

    private static List<String> ids(String response) {
        Matcher id = ID.matcher(response);
        return id.results().map(found -> found.group(1)).toList();
    }

    private static String raw(String method, String path, String headers, String body) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                + body.length() + "\r\n" + headers + "\r\n" + body;
    }

    private static String withCredentials() {
        String[] credentials = credentials();
        return credentials[0] + ": " + credentials[1] + "\r\n" + credentials[2] + ": " + credentials[3] + "\r\n"
                + credentials[4] + ": " + credentials[5] + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A.b_c-9", "-", "0af7651916cd43dd8448eb211c80319c",
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._"})
    void idOfTheClientComesBack(String id) {
        assertThat(ids(api().raw(raw("POST", DOWNLOAD, "x-request-id: " + id + "\r\n", "")))).containsExactly(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Request-Id:\r\n", "X-Request-Id: a b\r\n", "X-Request-Id: a,b\r\n",
        "X-Request-Id: a/b\r\n", "X-Request-Id: ${jndi:ldap://x}\r\n", "X-Request-Id: \u001b[31mred\r\n",
        "X-Request-Id: \u00e4\r\n", "X-Request-Id: \"a\"\r\n", "X-Request-Id: a\r\n b\r\n",
        "X-Request-Id: a\tb\r\n", "X-Request-Id: a\0b\r\n", "X-Request-Id: a\rb\r\n",
        "X-Request-Id: a\r\nX-Request-Id: a\r\n", "X-Request-Id: a\r\nx-request-id: b\r\n",
        "X-Request-Id: abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-\r\n"})
    void idOfAnotherFormGivesAMadeOne(String headers) {
        assertThat(ids(api().raw(raw("POST", DOWNLOAD, headers, "")))).singleElement().asString().matches(MADE);
    }

    @Test
    void madeIdsDiffer() {
        Set<String> ids = IntStream.range(0, 50).mapToObj(i -> api().get("/nowhere").header("X-Request-Id"))
                .collect(Collectors.toSet());

        assertThat(ids).hasSize(50).allMatch(id -> id.matches(MADE));
    }

    /** A name, what comes before the ID's header, what comes after it, the status. */
    static Stream<Arguments> everyKindOfResponse() {
        String close = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        return Stream.of(
                arguments("small file", "POST " + DOWNLOAD + close + withCredentials(), "hello.txt", 200),
                arguments("streamed file", "POST " + DOWNLOAD + close + withCredentials(), "large.bin", 200),
                arguments("empty file", "POST " + DOWNLOAD + close + withCredentials(), "empty.txt", 200),
                arguments("no file", "POST " + DOWNLOAD + close + withCredentials(), "nowhere.txt", 200),
                arguments("400 of the route", "POST " + DOWNLOAD + close + withCredentials(), null, 400),
                arguments("401", "POST " + DOWNLOAD + close, null, 401),
                arguments("401 of a secret", "POST " + APPLY_TOKEN + close, null, 401),
                arguments("400 of tokenByAkSk", "POST " + TOKEN_BY_AK_SK + close, null, 400),
                arguments("404", "POST /nowhere" + close, null, 404),
                arguments("404 of parameters", "POST " + DOWNLOAD + ";a=b" + close, null, 404),
                arguments("404 of the error page", "GET /error" + close, null, 404),
                arguments("405", "GET " + DOWNLOAD + close, null, 405),
                arguments("405 of OPTIONS", "OPTIONS " + DOWNLOAD + close, null, 405),
                arguments("405 of TRACE", "TRACE " + DOWNLOAD + close, null, 405),
                arguments("405 of HEAD", "HEAD " + DOWNLOAD + close, null, 405),
                arguments("interface description", "GET /openapi/filestream.yaml" + close, null, 200),
                arguments("400 of two hosts", "GET /" + close + "Host: other\r\n", null, 400),
                arguments("400 of a wrong length", "POST /" + close + "Content-Length: -1\r\n", null, 400),
                arguments("400 of a wrong path", "GET /%zz" + close, null, 400),
                arguments("400 of the version", "GET / HTTP/9.9\r\nHost: localhost\r\nConnection: close\r\n", null,
                        400),
                arguments("400 of CONNECT", "CONNECT localhost:1" + close, null, 400));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyKindOfResponse")
    void everyResponseCarriesIt(String name, String head, String file, int status) {
        String body = file == null ? "" : request("standard", file);
        String length = head.contains("Content-Length") ? "" : "Content-Length: " + body.length() + "\r\n";

        String response = api().raw(head + "X-Request-Id: one.and-only\r\n" + length + "\r\n" + body);

        assertThat(response).startsWith("HTTP/1.1 " + status + " ");
        assertThat(ids(response)).containsExactly("one.and-only");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GARBAGE\r\n\r\n", "GET /\r\n", "\u0016\u0003\u0001\u0002\0\u0001\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id : a\r\n\r\n"})
    void responseToWhatIsNotHttpCarriesAMadeOne(String bytes) {
        assertThat(ids(api().raw(bytes))).singleElement().asString().matches(MADE);
    }

    @Test
    void responseToHeadersThatAreTooLargeCarriesOne() {
        assertThat(ids(api().raw(raw("GET", "/", "x: " + "y".repeat(20_000) + "\r\n", "")))).hasSize(1);
    }
}
