package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccmessaging.filestream.support.FaultyServer.Script;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ProxyConfiguration;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The service signs and sends each GET itself, and repeats those that may succeed. */
class S3StoreTest {

    private static final byte[] CONTENT = Stage.content(1_000);
    private static final Script BROKEN = turn -> turn.error(500, "InternalError");

    @AutoClose
    private final FaultyServer server = new FaultyServer();
    @AutoClose
    private final S3Store store = ObjectGets.store(server.endpoint(), Map.of());
    private final List<String> signatures = new CopyOnWriteArrayList<>();
    /** The responses that come before the object. */
    private final Queue<Script> next = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void record() {
        server.putEverywhere(CONTENT, turn -> {
            signatures.addAll(turn.headers("Authorization"));
            Objects.requireNonNullElse(next.poll(), (Script) Turn::right).respond(turn);
        });
    }

    private byte[] read() throws IOException {
        return ObjectGets.read(store, "any");
    }

    @ParameterizedTest
    @CsvSource({"404, NoSuchKey, '', 'NoSuchKey (404) (Service: S3'", "403, AccessDenied, '', AccessDenied (403) (Serv",
        "403, AccessDenied, Not for you, AccessDenied (403): Not for you (Service: S3",
        "403, '', '', HTTP 403 (Service"})
    void errorHasItsCodeAndItsTypeWithoutAnotherRequest(int status, String code, String message, String reason) {
        next.add(turn -> turn.error(status, code, message));
        assertThatExceptionOfType(S3Exception.class).isThrownBy(this::read).withMessageStartingWith(reason)
                .satisfies(failure -> assertThat(failure instanceof NoSuchKeyException).isEqualTo(status == 404));
        assertThat(signatures).hasSize(1);
    }

    /** The SDK would wait as long as the store demands, whatever the deadline of the request is. */
    @Test
    void storeThatFailsGetsAsManyRequestsAsMaxAttemptsSaysAndNoneWaits() throws Exception {
        for (Script failure : List.<Script>of(Turn::close, BROKEN,
                turn -> turn.error(503, "SlowDown", "", "Retry-After: 300"))) {
            signatures.clear();
            next.addAll(List.of(failure, failure));
            assertThatExceptionOfType(SdkException.class).isThrownBy(this::read);
            assertThat(signatures).hasSize(2);

            next.add(failure);
            assertThat(read()).isEqualTo(CONTENT);
            assertThat(signatures).hasSize(4);
        }
    }

    @Test
    void requestAsItWasSignedGoesThroughTheProxyThatTheSettingsName() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        next.add(turn -> turn.head(407, "Proxy-Authenticate: Basic realm=\"test\"", "Content-Length: 0"));
        next.add(turn -> {
            seen.add(turn.target());
            seen.addAll(turn.headers("Proxy-Authorization"));
            turn.right();
        });
        try (S3Store behindProxy = ObjectGets.store(URI.create("http://store.invalid:9000"), Map.of(
                "proxy", server.endpoint(), "proxy-username", "me", "proxy-password", "let-me-pass"))) {
            assertThat(ObjectGets.read(behindProxy, "a b+c")).isEqualTo(CONTENT);
        }
        assertThat(seen.get(0)).startsWith("http://store.invalid:9000/standard/demo/a%20b%2Bc?");
        assertThat(seen.get(1)).isEqualTo("Basic bWU6bGV0LW1lLXBhc3M=");
    }

    /** As NO_PROXY of the environment says. The SDK has made a regular expression of it. */
    @ParameterizedTest
    @CsvSource({"S3.Example.com, true", "example.org, false"})
    void hostThatTheEnvironmentExceptsIsReachedWithoutTheProxy(String host, boolean direct) {
        assertThat(StoreConnections.isDirect(ProxyConfiguration.builder().endpoint(server.endpoint())
                .addNonProxyHost(".*?\\.example\\.com").build(), host)).isEqualTo(direct);
    }

    /** The SDK would stop to repeat requests, until hundreds of them have succeeded. */
    @Test
    void requestIsRepeatedAfterManyThatFailed() throws Exception {
        next.addAll(Collections.nCopies(202, BROKEN));
        OwnThread.each(101, i -> assertThatExceptionOfType(S3Exception.class).isThrownBy(this::read))
                .forEach(CompletableFuture::join);
        assertThat(next).isEmpty();
        next.add(BROKEN);
        assertThat(read()).isEqualTo(CONTENT);
    }

    /** A store could collect signatures that are valid in years. The SDK would sign for the time of the store. */
    @Test
    void requestIsSignedForTheTimeOfThisMachine() {
        List<Duration> signed = new CopyOnWriteArrayList<>();
        Script skewed = turn -> {
            Instant time = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX")
                    .parse(turn.headers("x-amz-date").get(0), Instant::from);
            signed.add(Duration.between(Instant.now(), time).abs());
            turn.error(403, "RequestTimeTooSkewed", "", "Date: Fri, 31 Dec 2049 00:00:00 GMT");
        };
        server.putEverywhere(CONTENT, skewed);
        server.probes(skewed);

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(S3Exception.class).isThrownBy(this::read)
                    .withMessageStartingWith("RequestTimeTooSkewed (403)");
            assertThatExceptionOfType(S3Exception.class).isThrownBy(() ->
                    store.client().headBucket(head -> head.bucket("standard")));
        }

        assertThat(signed).hasSizeGreaterThan(3).allMatch(time -> time.toMinutes() < 5);
    }
}
