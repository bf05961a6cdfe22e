package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.success;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A client that reads for longer than a minute, in a separate class, so that other tests run at the same time. */
@Tag("full")
@Tag("service")
class SlowReaderTest {

    private static final int HUGE = 36 * 1024 * 1024;

    /**
     * It reads for longer than the 30 s and 60 s after which servlet containers cut a response, and fast enough for the
     * store, which gives up a connection that takes nothing for 30 s.
     */
    @Test
    void readerThatTakesLongerThanAMinuteGetsItsCompleteFile() throws Exception {
        byte[] file = Stage.content(HUGE);
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        try (Stage stage = new Stage(Stage.Kind.S3, Map.of("filestream.download.max-file-size", "100MB"))) {
            stage.put("standard", "huge.bin", file);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(65);
            try (InputStream in = stage.api().downloadStream(request("standard", "huge.bin"))) {
                while (System.nanoTime() < end) {
                    response.write(in.readNBytes(128 * 1024));
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
                }
                in.transferTo(response);
            }
        }
        assertThat(Arrays.mismatch(response.toByteArray(), success(file).getBytes())).isEqualTo(-1);
    }
}
