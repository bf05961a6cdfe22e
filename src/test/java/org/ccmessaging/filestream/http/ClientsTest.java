package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.success;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Clients that are slow and many. None of them may cost another one its file. */
@Tag("service")
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientsTest {

    private static final int HUGE = 36 * 1024 * 1024;

    @AutoClose
    private Stage stage;

    @BeforeAll
    void start() throws Exception {
        // Of 342 permits one tenant may hold 257.
        stage = new Stage(Stage.Kind.S3, Map.of("filestream.download.max-file-size", "100MB",
                "filestream.download.max-in-flight", 342, "filestream.download.max-in-flight-per-session", 256));
        stage.put("standard", "hello.txt", Stage.content(100));
        stage.put("standard", "huge.bin", Stage.content(HUGE));
    }

    /**
     * 255 of the 256 permits that the session may hold here: more than the threads of servlet containers.
     * {@code FairShareContractTest} has slow readers of folders.
     */
    @Test
    void oneMoreRequestIsServedWhileAllOtherReadersAreSlow() throws Exception {
        int slow = 255;
        List<Socket> readers = new ArrayList<>();
        for (int i = 0; i < slow; i++) {
            readers.add(stage.api().slowReader(request("standard", "huge.bin")));
        }
        stage.awaitInFlight(slow);

        // A machine that is busy with so many may refuse it once.
        await().ignoreExceptions().until(() -> OwnThread.supply(() ->
                        stage.api().download(request("standard", "hello.txt")).file()).get(60, TimeUnit.SECONDS),
                file -> Arrays.equals(file, Stage.content(100)));
        for (Socket reader : readers) {
            reader.close();
        }
        stage.awaitInFlight(0);
    }

    /**
     * It reads for longer than the 30 s and 60 s after which servlet containers cut a response, and fast enough for the
     * store, which gives up a connection that takes nothing for 30 s.
     */
    @Test
    void readerThatTakesLongerThanAMinuteGetsItsCompleteFile() throws Exception {
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(65);
        try (InputStream in = stage.api().downloadStream(request("standard", "huge.bin"))) {
            while (System.nanoTime() < end) {
                response.write(in.readNBytes(128 * 1024));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
            }
            in.transferTo(response);
        }
        assertThat(Arrays.mismatch(response.toByteArray(), success(Stage.content(HUGE)).getBytes())).isEqualTo(-1);
    }
}
