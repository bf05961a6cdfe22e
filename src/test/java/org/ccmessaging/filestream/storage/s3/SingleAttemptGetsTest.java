package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccmessaging.filestream.support.ScriptedStore.Script;
import org.ccmessaging.filestream.support.ScriptedStore;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.Stages;
import org.ccmessaging.filestream.support.StoreTurn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A single attempt fetches a complete object. The SDK deals with every failure, and counts that attempt. */
@Tag("service")
@ExtendWith(Stages.class)
class SingleAttemptGetsTest {

    private static final byte[] CONTENT = Stage.content(1_000);
    private static final String SINGLE_ATTEMPT = "ccmessaging-filestream";
    private static final Script HANGS_UP = StoreTurn::close;
    private static final Script SLOW_DOWN = turn -> turn.error(503, "SlowDown");

    @AutoClose
    private static ScriptedStore store;
    @AutoClose
    private static Stage stage;

    private final List<String> agents = new CopyOnWriteArrayList<>();
    private final List<String> signatures = new CopyOnWriteArrayList<>();

    /** The responses that come before the object. */
    private final Queue<Script> next = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() throws Exception {
        store = new ScriptedStore();
        stage = Stage.impatient(store, Map.of());
    }

    /** The SDK sends the first request for a bucket. */
    @BeforeEach
    void sendFirstRequest() throws Exception {
        store.putEverywhere(CONTENT, StoreTurn::right);
        assertThat(read(complete("any"))).isEqualTo(CONTENT);
        store.received().clear();
        store.putEverywhere(CONTENT, turn -> {
            agents.addAll(turn.headers("User-Agent"));
            signatures.addAll(turn.headers("Authorization"));
            Objects.requireNonNullElse(next.poll(), (Script) StoreTurn::right).respond(turn);
        });
    }

    @AfterEach
    void everyResponseWasSent() {
        assertThat(next).isEmpty();
    }

    private static GetObjectRequest complete(String key) {
        return RequestObject.complete("standard", key).build();
    }

    private static byte[] read(GetObjectRequest request) throws IOException {
        return read(stage.service(), request);
    }

    private static byte[] read(Service service, GetObjectRequest request) throws IOException {
        try (InputStream in = ObjectGets.open(service.bean(S3Client.class), request).body()) {
            return in.readAllBytes();
        }
    }

    @Test
    void singleAttemptFetchesACompleteObjectAndIsSigned() throws Exception {
        var object = ObjectGets.open(stage.service().bean(S3Client.class), complete("any"));
        assertThat(object.body().readAllBytes()).isEqualTo(CONTENT);
        assertThat(object.head().contentLength()).isEqualTo(CONTENT.length);
        assertThat(object.head().eTag()).isEqualTo("\"one\"");
        assertThat(agents).containsExactly(SINGLE_ATTEMPT);
        assertThat(signatures).singleElement().asString()
                .startsWith("AWS4-HMAC-SHA256 Credential=").contains("/us-east-1/s3/aws4_request");
    }

    @Test
    void sdkSendsARequestWithAnyOtherParameter() throws Exception {
        read(complete("any").toBuilder().ifMatch("\"one\"").build());

        assertThat(agents).singleElement().asString().startsWith("aws-sdk-java");
    }

    @ParameterizedTest
    @CsvSource({"404, NoSuchKey, '', 'NoSuchKey (404) (Service: S3'", "403, AccessDenied, '', AccessDenied (403) (Serv",
        "403, AccessDenied, Not for you, AccessDenied (403): Not for you (Service: S3",
        "403, '', '', HTTP 403 (Service"})
    void sdkNamesAnErrorWithoutAnotherRequest(int status, String code, String message, String reason) {
        next.add(turn -> turn.error(status, code, message));

        assertThatExceptionOfType(S3Exception.class).isThrownBy(() -> read(complete("nowhere")))
                .withMessageStartingWith(reason)
                .satisfies(failure -> assertThat(failure instanceof NoSuchKeyException).isEqualTo(status == 404));
        assertThat(agents).containsExactly(SINGLE_ATTEMPT);
    }

    /** No other test uses bucket local. */
    @ParameterizedTest
    @CsvSource({"standard, 503", "standard, 500", "local, 503"})
    void storeThatFailsGetsAsManyRequestsAsMaxAttemptsSays(String bucket, int status) {
        next.addAll(List.of(turn -> turn.error(status, "Any"), turn -> turn.error(status, "Any")));

        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> read(RequestObject.complete(bucket, "any").build()))
                .satisfies(failure -> assertThat(failure.statusCode()).isEqualTo(status));
        assertThat(agents).hasSize(2);
    }

    @Test
    void objectComesAfterAnErrorThatPassed() throws Exception {
        next.add(SLOW_DOWN);

        assertThat(read(complete("any"))).isEqualTo(CONTENT);
        assertThat(agents).hasSize(2).startsWith(SINGLE_ATTEMPT);
    }

    @Test
    void storeThatHangsUpGetsAsManyRequestsAsMaxAttemptsSays() {
        next.addAll(List.of(HANGS_UP, HANGS_UP));

        assertThatExceptionOfType(SdkClientException.class).isThrownBy(() -> read(complete("any")));
        assertThat(agents).hasSize(2).startsWith(SINGLE_ATTEMPT);
    }

    @Test
    void requestOfAnotherKindDoesNotGetTheFailureOfAnObject() throws Exception {
        next.add(turn -> turn.error(404, "NoSuchKey"));
        assertThatExceptionOfType(NoSuchKeyException.class).isThrownBy(() -> read(complete("nowhere")));

        assertThat(read(complete("any").toBuilder().ifMatch("\"one\"").build())).isEqualTo(CONTENT);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void pathIsTheOneThatTheSdkWouldSend(String key) throws Exception {
        read(complete(key));
        read(complete(key).toBuilder().ifMatch("\"one\"").build());

        assertThat(agents).hasSize(2).startsWith(SINGLE_ATTEMPT);
        assertThat(store.received()).extracting(line -> line.split("\\?")[0]).hasSize(2)
                .containsOnly("GET " + store.received().peek().split("[ ?]")[1]);
    }

    /** The server checks the signature, which the path is a part of. */
    @ParameterizedTest
    @MethodSource("keys")
    void objectIsFoundWhateverItsKeyIs(String key) throws Exception {
        byte[] content = key.getBytes(StandardCharsets.UTF_8);
        Stages.s3().putAt("standard", key, content);

        assertThat(read(Stages.s3().service(), complete(key))).isEqualTo(content);
        assertThat(read(Stages.s3().service(), complete(key))).isEqualTo(content);
    }

    private static List<String> keys() {
        return List.of("demo/a b", "demo/a+b", "demo/100%", "demo/%41", "demo/Grüße 😀.txt", "demo/~!*'()",
                "demo/a;b:c@d&e=f,g$h?i#j", "demo/[{}]|^`\"<>\\");
    }
}
