package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.credentialsAnd;
import static org.ccmessaging.filestream.support.Api.request;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.Stages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contract section 4: a client's headers change nothing. {@code Api} compares each response with the interface
 * description, which lists all of its headers.
 */
@Stages.Concurrent
class HeaderHygieneContractTest {

    static Stream<Arguments> requests() {
        return Stages.everywhere().flatMap(place -> Stream.of("hello.txt", "large.bin", "empty.txt", "nowhere.txt")
                .map(name -> Arguments.of(place.get()[0], place.get()[1], name)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void headersOfTheClientSteerNothingAndSetNoHeaderOfTheResponse(Stage.Kind kind, String branch, String name) {
        List<String> headers = new ArrayList<>(List.of("resultCode", "sentinel", "resultDesc", "sentinel", "Allow",
                "sentinel", "Retry-After", "sentinel", "traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-sentinel", "X-Token-Expire", "sentinel",
                "Content-Encoding", "gzip", "Accept-Encoding", "gzip", "Range", "bytes=0-1", "If-None-Match", "*",
                "Accept", "text/html", "Origin", "https://sentinel.example", "Cookie", "a=sentinel", "tenantId",
                "other", "objectKey", "other/secret.txt", "branch", "local", "Forwarded", "for=sentinel",
                "X-Forwarded-Prefix", "/sentinel", "X-HTTP-Method-Override", "DELETE", "breadcrumbId", "sentinel"));
        for (String header : List.of("CamelAwsS3Key", "CamelAwsS3BucketName", "CamelAwsS3Operation", "CamelFileName",
                "CamelHttpResponseCode", "CamelHttpUri", "CamelHttpPath", "CamelHttpChunked", "CamelBeanMethodName",
                "CamelCharsetName", "CamelExecCommandExecutable", "CamelToEndpoint", "CamelOverruleFileName",
                "org.apache.camel.header", "CamelVariable.tenantId")) {
            for (String spelling : List.of(header, header.toLowerCase(), header.toUpperCase(),
                    header.replace("Camel", "cAmEl"), "x-" + header)) {
                headers.addAll(List.of(spelling, "other/secret.txt-sentinel"));
            }
        }
        Api api = Stages.of(kind).api();
        Answer plain = api.download(request(branch, name));
        Answer answer = api.download(request(branch, name), credentialsAnd(headers.toArray(String[]::new)));

        assertThat(answer.text()).isEqualTo(plain.text());
        assertThat(answer.status()).isEqualTo(plain.status());
        assertThat(answer.header("resultCode")).isEqualTo(plain.header("resultCode"));
        assertThat(answer.header("resultDesc")).isEqualTo(plain.header("resultDesc"));
        assertThat(answer.headers().map().toString()).doesNotContain("sentinel", "Bearer", "eyJ");
    }

    /** Repeated headers reach a route as a list, and steps that fail leave them on the message. */
    @ParameterizedTest
    @ValueSource(strings = {Api.DOWNLOAD, Api.TOKEN_BY_AK_SK, Api.APPLY_TOKEN})
    void repeatedCredentialsDoNotComeBack(String path) {
        for (String headers : List.of("ccmessaging-token: A\r\nccmessaging-token: B\r\n",
                "ccmessaging-token: sentinel-of-one-token\r\n", "x-app-key: A\r\nx-app-key: B\r\n",
                "Authorization: Bearer sentinel-sentinel-sentinel\r\nAuthorization: Basic QTpC\r\n",
                "X-Token-Expire: 7\r\nX-Token-Expire: 8\r\n")) {
            for (String body : List.of("{}", "{\"app_key\":\"demo-app\",\"app_secret\":\"demo-secret\"}")) {
                String response = Stages.s3().api().raw("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                        + "Connection: close\r\n" + headers + "Content-Length: " + body.length() + "\r\n\r\n" + body);

                assertThat(response).startsWith("HTTP/1.1 ").doesNotContain("sentinel", "A,B", "QTpC", "7,8");
            }
        }
    }

    @Test
    void textOfAClientIsCutInTheHeaderAndCompleteInTheBody() {
        String name = "x".repeat(9_000);
        Answer answer = Stages.s3().api().download("{\"" + name + "\":1,\"" + name + "\":1}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("resultDesc")).hasSize(200);
        assertThat(answer.json().get("exceptionInfo").asText()).startsWith(answer.header("resultDesc")).contains(name);
    }
}
