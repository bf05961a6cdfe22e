package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;
import static org.ccmessaging.filestream.support.Outcomes.success;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No customer gets the response to another request, and no part of a file as the file (decision 0012). */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3",
        texts = {"Response rejected", "cannot be verified"})
class VerifiedResponseTest {

    private static final int FILES = 20;
    private static final int SIZE = 40_000;

    /** For tests of a service that has found that its store sends nonces back. Most do, and a start takes long. */
    @AutoClose
    private static FaultyServer echoing;
    @AutoClose
    private static Stage verifying;

    private FaultyServer store = echoing;
    private Stage stage = verifying;

    @BeforeAll
    static void start() throws Exception {
        echoing = openStore();
        verifying = stage(echoing, "auto");
    }

    private static FaultyServer openStore() {
        FaultyServer store = new FaultyServer();
        for (int i = 0; i < FILES; i++) {
            store.put("file-" + i, content(i), Turn::right);
        }
        return store;
    }

    @AfterEach
    void close() {
        echoing.echo(true);
        if (stage != verifying) {
            stage.close();
            store.close();
        }
    }

    private static byte[] content(int file) {
        byte[] content = Stage.content(SIZE);
        content[0] = (byte) file;
        return content;
    }

    /** One connection, so that a surplus response meets every request after it. */
    private static Stage stage(FaultyServer store, String verifyResponses) throws Exception {
        return Stage.impatient(store, Map.of("filestream.s3.max-connections", "1",
                "filestream.s3.verify-responses", verifyResponses));
    }

    /** Another service, whose store never sends a nonce back. */
    private void startWithoutNonces(String verifyResponses) throws Exception {
        store = openStore();
        store.echo(false);
        store.put("twice", Stage.content(SIZE), VerifiedResponseTest::twice);
        stage = stage(store, verifyResponses);
    }

    private String download(String name) {
        return stage.api().download(request("standard", name)).text();
    }

    private void assertEveryFileIsRight() {
        for (int i = 0; i < FILES; i++) {
            assertThat(stage.api().download(request("standard", "file-" + i)).file()).as("file %s", i)
                    .isEqualTo(content(i));
        }
    }

    private double rejected(String reason) {
        return stage.service().bean(MeterRegistry.class).get("filestream.s3.responses.rejected")
                .tag("reason", reason).counter().count();
    }

    private static void twice(Turn turn) throws IOException {
        turn.right();
        turn.right();
    }

    @Test
    void requestAfterA304WithABodyIsSentOnce() {
        store.put("304", Stage.content(1), turn -> turn.error(304, "NotModified"));
        store.put("next", Stage.content(SIZE), Turn::right);
        assertThat(download("file-0")).contains("\"0\"");

        assertThat(download("304")).isEqualTo(FILE_SERVICE_REFUSED);
        assertThat(stage.api().download(request("standard", "next")).file()).isEqualTo(Stage.content(SIZE));
        assertThat(store.requests("next")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "off"})
    void surplusResponseReachesNoOtherCustomerOfAStoreThatSendsNoNonceBack(String verifyResponses) throws Exception {
        startWithoutNonces(verifyResponses);

        assertThat(stage.api().download(request("standard", "twice")).file()).isEqualTo(Stage.content(SIZE));
        assertEveryFileIsRight();
        await().untilAsserted(() -> assertThat(storage()).contains("each connection serves one request"));
    }

    private String storage() {
        return stage.service().management().get("/actuator/health/storage").text();
    }

    @Test
    void storeThatStopsSendingNoncesBackIsNotTrustedAgain() {
        assertEveryFileIsRight();
        await().untilAsserted(() -> assertThat(storage()).contains("\"responses\":\"verified\"")
                .contains("\"circuit\":\"closed\""));
        store.echo(false);

        assertThat(download("file-0")).isEqualTo(READ_BROKEN);
    }

    @Test
    void storeThatSendsNoNonceBackIsRefusedWhereItIsRequired() throws Exception {
        startWithoutNonces("require");

        assertThat(download("file-0")).isEqualTo(READ_BROKEN);
        assertThat(rejected("unbound")).isEqualTo(2);
    }

    /** A proxy of the store may compress. Its bytes are not those of the file. */
    @ParameterizedTest
    @CsvSource({"gzip, false", "br, false", "identity, true", "aws-chunked, true"})
    void encodedResponseIsNoSuccess(String encoding, boolean served) {
        List<String> accepted = new CopyOnWriteArrayList<>();
        store.put("encoded", Stage.content(SIZE), turn -> {
            accepted.addAll(turn.headers("Accept-Encoding"));
            turn.right("Content-Encoding: " + encoding);
        });

        assertThat(download("encoded")).isEqualTo(served ? success(Stage.content(SIZE)) : READ_BROKEN);
        assertThat(accepted).isNotEmpty().containsOnly("identity");
    }

    /** {@code StorageFaultContractTest} shows that none of them is a success. */
    @Test
    void rejectedResponsesAreCountedByTheirReason() {
        double partial = rejected("partial");
        double badLength = rejected("bad-length");
        store.put("206", Stage.content(SIZE), turn -> {
            turn.head(206, "Content-Length: " + SIZE / 2);
            turn.upTo(SIZE / 2);
        });
        store.put("two-lengths", Stage.content(SIZE), turn -> {
            turn.head(200, "Content-Length: " + SIZE / 2, "Content-Length: " + SIZE);
            turn.upTo(SIZE);
        });

        assertThat(download("206")).isEqualTo(READ_BROKEN);
        assertThat(rejected("partial")).isEqualTo(partial + 2);
        assertThat(download("two-lengths")).isEqualTo(READ_BROKEN);
        assertThat(rejected("bad-length")).isEqualTo(badLength + 2);
        assertEveryFileIsRight();
    }
}
