package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.DOWNLOAD;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BAD_REQUEST_HEAD;
import static org.ccmessaging.filestream.support.Outcomes.METHOD_NOT_ALLOWED;
import static org.ccmessaging.filestream.support.Outcomes.UNKNOWN_PATH;
import static org.ccmessaging.filestream.support.Outcomes.badRequest;

import java.net.http.HttpRequest.BodyPublishers;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Stages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Contract section 4.2: requests that the service refuses before a download starts, with 400, 404 and 405. */
@Stages.Concurrent
class RefusalContractTest {

    private static Api api() {
        return Stages.s3().api();
    }

    private static void assertRefused(Answer answer, int status, String body) {
        assertThat(answer.text()).isEqualTo(body);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("resultCode")).isEqualTo(Integer.toString(status));
        assertThat(answer.header("resultDesc")).isEqualTo(answer.json().get("exceptionInfo").asText());
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/refusals/malformed-bodies.csv", delimiter = '|', quoteCharacter = '`')
    void malformedBodyGives400AndSaysWhatIsWrong(String body, String what) {
        assertRefused(api().download(body.translateEscapes()), 400, badRequest(what));
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/refusals/not-json.csv", delimiter = '|', quoteCharacter = '`')
    void bodyThatIsNotJsonGives400WithLineAndColumn(String body, String place) {
        Answer answer = api().download(body.translateEscapes());

        assertThat(answer.text()).startsWith(BAD_REQUEST_HEAD + "Not JSON at " + place + ": ");
        assertThat(answer.json().get("exceptionInfo").asText())
                .doesNotContain("org.", "com.", "java", "Source", "Token", "\n");
    }

    @Test
    void bodyOf64KibibytesIsReadAndOneByteMoreGives400() {
        String body = request("standard", "hello.txt");
        String largest = body + " ".repeat(64 * 1024 - body.length());

        assertThat(api().download(largest).status()).isEqualTo(200);
        assertRefused(api().download(largest + " "), 400, badRequest("The body is larger than 65536 bytes."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x", "application/xml", "application/x-java-serialized-object",
        "application/json; charset=UTF-16", "nonsense"})
    void contentTypeIsNotChecked(String contentType) {
        assertThat(api().download(request("standard", "hello.txt"), Api.credentialsAnd("Content-Type", contentType))
                .json().get("resultCode").asText()).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/nope", "/error", "/apiaccess/ccmessaging", DOWNLOAD + "/", DOWNLOAD + "/x",
        DOWNLOAD + ";x=1", "/apiaccess;x=1/ccmessaging/downloadFileStream",
        "/apiaccess/ccmessaging/downloadfilestream", "/actuator", "/actuator/health", "/actuator//x", "/index.html",
        "/favicon.ico", "/a;x=1/b", "/apiaccess/ccmessaging/uploadFileStream", "/openapi", "/openapi/",
        "/openapi/filestream.yaml", "/actuator/openapi"})
    void unknownPathGives404WhateverTheMethod(String path) {
        for (String method : new String[] {"GET", "POST", "DELETE"}) {
            assertRefused(api().send(method, path, BodyPublishers.noBody(), credentials()), 404, UNKNOWN_PATH);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "BREW"})
    void otherMethodGives405WithAllowAndNothingOfTheRequest(String method) {
        String answer = api().raw(Api.rawDownload("", credentials()).replaceFirst("POST", method));

        assertThat(answer).startsWith("HTTP/1.1 405").containsOnlyOnce("Allow: POST").contains("resultCode: 405")
                .doesNotContain("Bearer");
        assertThat(answer.endsWith(METHOD_NOT_ALLOWED)).isEqualTo(!method.equals("HEAD"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GARBAGE\r\n\r\n", "GET /a|<b> HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "GET /%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST " + DOWNLOAD + "%00 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "POST /a%2Fb HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "POST " + DOWNLOAD + " HTTP/1.1\r\nHost: x\r\nContent-Length: nine\r\n\r\n",
        "POST " + DOWNLOAD + " HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 0\r\n\r\n",
        "POST " + DOWNLOAD + " HTTP/1.1\r\nHost: x\r\nCREDENTIALSContent-Length: 9\r\n\r\n{"})
    void malformedHttpGives400InTheSameShape(String bytes) {
        assertThat(api().raw(bytes.replace("CREDENTIALS", Api.lines(credentials())))).startsWith("HTTP/1.1 400")
                .endsWith(badRequest("The HTTP request is malformed."))
                .doesNotContainIgnoringCase("tomcat").doesNotContain("Server:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: x\r\nx-large: LARGE\r\n\r\n",
        "GET /LARGE HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nLARGE: x\r\n\r\n"})
    void headersThatAreTooLargeGive400AndTheirLimit(String bytes) {
        assertThat(api().raw(bytes.replace("LARGE", "x".repeat(20_000)))).startsWith("HTTP/1.1 400")
                .endsWith(badRequest("The request line and the headers are larger than 16384 bytes."));
    }
}
