package org.ccmessaging.filestream.storage.s3.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A single attempt fetches a complete object. The SDK deals with every failure, and counts that attempt. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SingleAttemptGetsTest {

    private static final byte[] CONTENT = Stage.content(1_000);
    private static final String SINGLE_ATTEMPT = "ccmessaging-filestream";

    /** Gives an answer to a request, or hangs up. */
    private interface Answer {
        void to(HttpExchange http) throws IOException;
    }

    private final List<String> agents = new CopyOnWriteArrayList<>();
    private final List<String> signatures = new CopyOnWriteArrayList<>();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private final Queue<Answer> answers = new ArrayDeque<>();
    private HttpServer store;
    private Stage stage;
    private Stage real;

    @BeforeAll
    void start() throws Exception {
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/standard/", http -> {
            agents.add(String.valueOf(http.getRequestHeaders().getFirst("User-Agent")));
            signatures.add(String.valueOf(http.getRequestHeaders().getFirst("Authorization")));
            paths.add(http.getRequestURI().getRawPath());
            Answer answer = answers.poll();
            if (answer == null) {
                object(http);
            } else {
                answer.to(http);
            }
            http.close();
        });
        store.createContext("/", HttpExchange::close);
        store.start();
        stage = new Stage(Stage.Kind.S3, Map.of(
                "filestream.s3.endpoint", "http://127.0.0.1:" + store.getAddress().getPort(),
                "filestream.storage.standard.bucket", "standard", "filestream.s3.max-attempts", "2"));
        real = new Stage(Stage.Kind.S3, Map.of());
    }

    @AfterAll
    void stop() {
        stage.close();
        real.close();
        store.stop(0);
    }

    /** The first request of the bucket, which is the SDK's. */
    @BeforeEach
    void begin() throws Exception {
        assertThat(read(stage, whole("any"))).isEqualTo(CONTENT);
        agents.clear();
        signatures.clear();
        paths.clear();
    }

    @AfterEach
    void allAnswersWereAskedFor() {
        assertThat(answers).isEmpty();
    }

    private static void object(HttpExchange http) throws IOException {
        http.getResponseHeaders().set("ETag", "\"one\"");
        http.sendResponseHeaders(200, CONTENT.length);
        http.getResponseBody().write(CONTENT);
    }

    private static Answer error(int status, String code) {
        return http -> {
            byte[] body = ("<Error><Code>" + code + "</Code></Error>").getBytes(StandardCharsets.UTF_8);
            http.sendResponseHeaders(status, body.length);
            http.getResponseBody().write(body);
        };
    }

    private static GetObjectRequest whole(String key) {
        return SingleAttemptGets.completeObject("standard", key);
    }

    private static byte[] read(Stage stage, GetObjectRequest request) throws IOException {
        try (InputStream in = stage.service().bean(S3Client.class).getObject(request)) {
            return in.readAllBytes();
        }
    }

    @Test
    void singleAttemptFetchesACompleteObjectAndIsSigned() throws Exception {
        var client = stage.service().bean(S3Client.class);
        try (var object = client.getObject(whole("any"))) {
            assertThat(object.readAllBytes()).isEqualTo(CONTENT);
            assertThat(object.response().contentLength()).isEqualTo(CONTENT.length);
            assertThat(object.response().eTag()).isEqualTo("\"one\"");
        }
        assertThat(agents).containsExactly(SINGLE_ATTEMPT);
        assertThat(signatures).singleElement().asString()
                .startsWith("AWS4-HMAC-SHA256 Credential=").contains("/us-east-1/s3/aws4_request");
    }

    @Test
    void sdkSendsARequestWithAnyOtherParameter() throws Exception {
        read(stage, whole("any").toBuilder().ifMatch("\"one\"").build());

        assertThat(agents).singleElement().asString().startsWith("aws-sdk-java");
    }

    @Test
    void sdkNamesAnErrorWithoutAnotherRequest() {
        answers.add(error(404, "NoSuchKey"));

        assertThatExceptionOfType(NoSuchKeyException.class).isThrownBy(() -> read(stage, whole("nowhere")));
        assertThat(agents).containsExactly(SINGLE_ATTEMPT);
    }

    @Test
    void storeThatFailsGetsAsManyRequestsAsMaxAttemptsSays() {
        answers.addAll(List.of(error(503, "SlowDown"), error(503, "SlowDown")));

        assertThatExceptionOfType(S3Exception.class).isThrownBy(() -> read(stage, whole("any")))
                .satisfies(failure -> assertThat(failure.statusCode()).isEqualTo(503));
        assertThat(agents).hasSize(2).startsWith(SINGLE_ATTEMPT);
    }

    @Test
    void objectComesAfterAnErrorThatPassed() throws Exception {
        answers.add(error(503, "SlowDown"));

        assertThat(read(stage, whole("any"))).isEqualTo(CONTENT);
        assertThat(agents).hasSize(2).startsWith(SINGLE_ATTEMPT);
    }

    @Test
    void objectComesAfterTheStoreHungUp() throws Exception {
        answers.add(HttpExchange::close);

        assertThat(read(stage, whole("any"))).isEqualTo(CONTENT);
    }

    @Test
    void storeThatHangsUpGetsAsManyRequestsAsMaxAttemptsSays() {
        answers.addAll(List.of(HttpExchange::close, HttpExchange::close));

        assertThatExceptionOfType(SdkClientException.class).isThrownBy(() -> read(stage, whole("any")));
        assertThat(agents).hasSize(2).startsWith(SINGLE_ATTEMPT);
    }

    @Test
    void requestOfAnotherKindDoesNotGetTheFailureOfAnObject() throws Exception {
        answers.add(error(404, "NoSuchKey"));
        assertThatExceptionOfType(NoSuchKeyException.class).isThrownBy(() -> read(stage, whole("nowhere")));

        assertThat(read(stage, whole("any").toBuilder().ifMatch("\"one\"").build())).isEqualTo(CONTENT);
    }

    @Test
    void abandonedResponsesDoNotKeepTheirConnections() throws Exception {
        AtomicLong clock = new AtomicLong();
        var endpoints = new SingleAttemptGets.Endpoints();
        try (SdkHttpClient http = ApacheHttpClient.builder().maxConnections(1)
                .connectionAcquisitionTimeout(Duration.ofMillis(1)).build();
                FirstAttempts attempts = new FirstAttempts(http);
                S3Client sdk = S3Client.builder().httpClient(attempts).endpointProvider(endpoints).forcePathStyle(true)
                        .endpointOverride(URI.create("http://127.0.0.1:" + store.getAddress().getPort()))
                        .region(Region.US_EAST_1).credentialsProvider(StaticCredentialsProvider.create(
                                AwsBasicCredentials.create("key", "secret")))
                        .overrideConfiguration(override -> override.retryStrategy(retry -> retry.maxAttempts(1)))
                        .build()) {
            var client = new SingleAttemptGets(sdk, attempts, endpoints, new AbandonedResponses(clock::get));
            client.getObject(whole("any")).close();
            client.getObject(whole("dropped"));
            assertThatExceptionOfType(SdkClientException.class).isThrownBy(() -> client.getObject(whole("any")))
                    .withMessageContaining("Timeout waiting for connection from pool");

            clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(AbandonedResponses.ABANDONED_AFTER_MS));
            try (InputStream next = client.getObject(whole("any"))) {
                assertThat(next.readAllBytes()).isEqualTo(CONTENT);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void pathIsTheOneThatTheSdkWouldSend(String key) throws Exception {
        read(stage, whole(key));
        read(stage, whole(key).toBuilder().ifMatch("\"one\"").build());

        assertThat(agents).hasSize(2).startsWith(SINGLE_ATTEMPT);
        assertThat(paths.get(0)).isEqualTo(paths.get(1));
    }

    /** The server checks the signature, which the path is a part of. */
    @ParameterizedTest
    @MethodSource("keys")
    void objectIsFoundWhateverItsKeyIs(String key) throws Exception {
        byte[] content = key.getBytes(StandardCharsets.UTF_8);
        real.service().bean(S3Client.class)
                .putObject(put -> put.bucket("standard").key(key), RequestBody.fromBytes(content));

        assertThat(read(real, whole(key))).isEqualTo(content);
        assertThat(read(real, whole(key))).isEqualTo(content);
    }

    private static List<String> keys() {
        return List.of("demo/a b", "demo/a+b", "demo/100%", "demo/%41", "demo/Grüße 😀.txt", "demo/~!*'()",
                "demo/a;b:c@d&e=f,g$h?i#j", "demo/[{}]|^`\"<>\\");
    }
}
