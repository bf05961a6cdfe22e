package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.FaultyServer.Script;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The service signs and sends each GET itself, and repeats those that may succeed. */
@Tag("service")
class S3StoreTest {

    private static final byte[] CONTENT = Stage.content(1_000);
    private static final Script HANGS_UP = Turn::close;
    private static final Script BROKEN = turn -> turn.error(500, "InternalError");
    private static final DateTimeFormatter SIGNED =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Script SLOW_DOWN = turn -> turn.error(503, "SlowDown");

    @AutoClose
    private static FaultyServer store;
    @AutoClose
    private static Stage stage;

    private final List<String> signatures = new CopyOnWriteArrayList<>();

    /** The responses that come before the object. */
    private final Queue<Script> next = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() throws Exception {
        store = new FaultyServer();
        stage = Stage.impatient(store, Map.of("filestream.s3.circuit-open-time", "0s"));
    }

    @BeforeEach
    void record() {
        store.received().clear();
        store.putEverywhere(CONTENT, turn -> {
            signatures.addAll(turn.headers("Authorization"));
            Objects.requireNonNullElse(next.poll(), (Script) Turn::right).respond(turn);
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
        try (InputStream in = ObjectGets.open(stage.service().bean(S3Client.class), request).body()) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @CsvSource({"404, NoSuchKey, '', 'NoSuchKey (404) (Service: S3'", "403, AccessDenied, '', AccessDenied (403) (Serv",
        "403, AccessDenied, Not for you, AccessDenied (403): Not for you (Service: S3",
        "403, '', '', HTTP 403 (Service"})
    void errorHasItsCodeAndItsTypeWithoutAnotherRequest(int status, String code, String message, String reason) {
        next.add(turn -> turn.error(status, code, message));

        assertThatExceptionOfType(S3Exception.class).isThrownBy(() -> read(complete("nowhere")))
                .withMessageStartingWith(reason)
                .satisfies(failure -> assertThat(failure instanceof NoSuchKeyException).isEqualTo(status == 404));
        assertThat(signatures).hasSize(1);
    }

    static List<Script> failures() {
        return List.of(HANGS_UP, BROKEN, SLOW_DOWN);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void storeThatFailsGetsAsManyRequestsAsMaxAttemptsSays(Script failure) throws Exception {
        next.addAll(List.of(failure, failure));
        assertThatExceptionOfType(SdkException.class).isThrownBy(() -> read(complete("any")));
        assertThat(signatures).hasSize(2);

        next.add(failure);
        assertThat(read(complete("any"))).isEqualTo(CONTENT);
        assertThat(signatures).hasSize(4);
    }

    /** The SDK would stop to repeat requests, until hundreds of them have succeeded. */
    @Test
    void requestIsRepeatedAfterManyThatFailed() throws Exception {
        next.addAll(Collections.nCopies(202, BROKEN));
        Stream.generate(() -> OwnThread.run(() ->
                assertThatExceptionOfType(S3Exception.class).isThrownBy(() -> read(complete("any"))))).limit(101)
                .toList().forEach(CompletableFuture::join);
        next.add(BROKEN);

        assertThat(read(complete("any"))).isEqualTo(CONTENT);
    }

    /** A store could collect signatures that are valid in years. The SDK would sign for the time of the store. */
    @Test
    void requestIsSignedForTheTimeOfThisMachineAndTheMessageNamesNtp() {
        List<Duration> signed = new CopyOnWriteArrayList<>();
        Script skewed = turn -> {
            Instant time = SIGNED.parse(turn.headers("x-amz-date").get(0), Instant::from);
            signed.add(Duration.between(Instant.now(), time).abs());
            turn.error(403, "RequestTimeTooSkewed", "", "Date: Fri, 31 Dec 2049 00:00:00 GMT");
        };
        store.putEverywhere(CONTENT, skewed);
        store.probes(skewed);

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(S3Exception.class).isThrownBy(() -> read(complete("any")))
                    .withMessageStartingWith("RequestTimeTooSkewed (403). Set the clocks of the store and of this");
            assertThatExceptionOfType(S3Exception.class).isThrownBy(() ->
                    stage.service().bean(S3Client.class).headBucket(head -> head.bucket("standard")));
        }

        assertThat(signed).hasSizeGreaterThan(3).allMatch(time -> time.toMinutes() < 5);
        store.probes(turn -> turn.head(200, "Content-Length: 0"));
    }

    /** The SDK would wait, whatever the deadline of the request is. */
    @Test
    void pauseThatTheStoreDemandsDelaysNoDownload() throws Exception {
        next.add(turn -> turn.error(503, "SlowDown", "", "Retry-After: 300"));

        OwnThread.run(() -> assertThat(read(complete("any"))).isEqualTo(CONTENT)).get(60, TimeUnit.SECONDS);
    }
}
