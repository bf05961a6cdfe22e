package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.ccmessaging.filestream.support.StubStore.error;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.Stages;
import org.ccmessaging.filestream.support.StubStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
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
    private static final StubStore.Response HANGS_UP = HttpExchange::close;
    private static final StubStore.Response OBJECT = http -> {
        http.getResponseHeaders().set("ETag", "\"one\"");
        StubStore.object(CONTENT).to(http);
    };

    @RegisterExtension
    static final StubStore STORE = new StubStore();

    private final List<String> agents = new CopyOnWriteArrayList<>();
    private final List<String> signatures = new CopyOnWriteArrayList<>();
    private final List<String> paths = new CopyOnWriteArrayList<>();

    /** The responses that come before the object. */
    private final Queue<StubStore.Response> next = new ConcurrentLinkedQueue<>();

    /** The SDK sends the first request for a bucket. */
    @BeforeEach
    void sendFirstRequest() throws Exception {
        STORE.respond(OBJECT);
        assertThat(read(complete("any"))).isEqualTo(CONTENT);
        STORE.respond(http -> {
            agents.add(String.valueOf(http.getRequestHeaders().getFirst("User-Agent")));
            signatures.add(String.valueOf(http.getRequestHeaders().getFirst("Authorization")));
            paths.add(http.getRequestURI().getRawPath());
            Objects.requireNonNullElse(next.poll(), OBJECT).to(http);
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
        return read(STORE.service(), request);
    }

    private static byte[] read(Service service, GetObjectRequest request) throws IOException {
        try (InputStream in = ObjectGets.open(service.bean(S3Client.class), request).body()) {
            return in.readAllBytes();
        }
    }

    @Test
    void singleAttemptFetchesACompleteObjectAndIsSigned() throws Exception {
        var client = STORE.service().bean(S3Client.class);
        var object = ObjectGets.open(client, complete("any"));
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

    @Test
    void sdkNamesAnErrorWithoutAnotherRequest() {
        next.add(error(404, "NoSuchKey"));

        assertThatExceptionOfType(NoSuchKeyException.class).isThrownBy(() -> read(complete("nowhere")));
        assertThat(agents).containsExactly(SINGLE_ATTEMPT);
    }

    @Test
    void storeThatFailsGetsAsManyRequestsAsMaxAttemptsSays() {
        next.addAll(List.of(error(503, "SlowDown"), error(503, "SlowDown")));

        assertThatExceptionOfType(S3Exception.class).isThrownBy(() -> read(complete("any")))
                .satisfies(failure -> assertThat(failure.statusCode()).isEqualTo(503));
        assertThat(agents).hasSize(2).startsWith(SINGLE_ATTEMPT);
    }

    @Test
    void objectComesAfterAnErrorThatPassed() throws Exception {
        next.add(error(503, "SlowDown"));

        assertThat(read(complete("any"))).isEqualTo(CONTENT);
        assertThat(agents).hasSize(2).startsWith(SINGLE_ATTEMPT);
    }

    @Test
    void objectComesAfterTheStoreHungUp() throws Exception {
        next.add(HANGS_UP);

        assertThat(read(complete("any"))).isEqualTo(CONTENT);
    }

    @Test
    void storeThatHangsUpGetsAsManyRequestsAsMaxAttemptsSays() {
        next.addAll(List.of(HANGS_UP, HANGS_UP));

        assertThatExceptionOfType(SdkClientException.class).isThrownBy(() -> read(complete("any")));
        assertThat(agents).hasSize(2).startsWith(SINGLE_ATTEMPT);
    }

    @Test
    void requestOfAnotherKindDoesNotGetTheFailureOfAnObject() throws Exception {
        next.add(error(404, "NoSuchKey"));
        assertThatExceptionOfType(NoSuchKeyException.class).isThrownBy(() -> read(complete("nowhere")));

        assertThat(read(complete("any").toBuilder().ifMatch("\"one\"").build())).isEqualTo(CONTENT);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void pathIsTheOneThatTheSdkWouldSend(String key) throws Exception {
        read(complete(key));
        read(complete(key).toBuilder().ifMatch("\"one\"").build());

        assertThat(agents).hasSize(2).startsWith(SINGLE_ATTEMPT);
        assertThat(paths.get(0)).isEqualTo(paths.get(1));
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
