package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.FILE_HEAD;
import static org.ccmessaging.filestream.support.Outcomes.FILE_TAIL;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
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

    @Test
    void readerThatTakesLongerThanAMinuteGetsItsCompleteFile() throws Exception {
        String response;
        try (Stage stage = new Stage(Stage.Kind.S3, Map.of("filestream.download.max-file-size", "100MB"))) {
            stage.put("standard", "huge.bin", Stage.content(HUGE));
            response = readFor(65, stage);
        }

        assertThat(response).startsWith("HTTP/1.1 200");
        String body = unchunked(response.substring(response.indexOf("\r\n\r\n") + 4));
        assertThat(body).startsWith(FILE_HEAD).endsWith(FILE_TAIL);
        byte[] file = Base64.getDecoder().decode(
                body.substring(FILE_HEAD.length(), body.length() - FILE_TAIL.length()));
        assertThat(Arrays.mismatch(file, Stage.content(HUGE))).isEqualTo(-1);
    }

    /**
     * Reads slowly for longer than the 30 s and 60 s after which servlet containers cut a response, and fast enough for
     * the store, which gives up a connection that takes nothing for 30 s.
     */
    private static String readFor(int seconds, Stage stage) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        StringBuilder response = new StringBuilder();
        try (Socket reader = stage.api().slowReader(request("standard", "huge.bin"))) {
            InputStream in = reader.getInputStream();
            byte[] sip = new byte[128 * 1024];
            while (System.nanoTime() < end) {
                response.append(new String(sip, 0, in.readNBytes(sip, 0, sip.length), StandardCharsets.ISO_8859_1));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
            }
            response.append(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        }
        return response.toString();
    }

    private static String unchunked(String chunks) {
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (true) {
            int lineEnd = chunks.indexOf("\r\n", at);
            int length = Integer.parseInt(chunks.substring(at, lineEnd), 16);
            if (length == 0) {
                return body.toString();
            }
            body.append(chunks, lineEnd + 2, lineEnd + 2 + length);
            at = lineEnd + 2 + length + 2;
        }
    }
}
