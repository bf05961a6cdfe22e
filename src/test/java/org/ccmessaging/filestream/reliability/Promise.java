package org.ccmessaging.filestream.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Outcomes.BROKEN_TAIL;
import static org.ccmessaging.filestream.support.Outcomes.EMPTY_FILE;
import static org.ccmessaging.filestream.support.Outcomes.FILE_HEAD;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;
import static org.ccmessaging.filestream.support.Outcomes.success;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.ccmessaging.filestream.support.Api.Answer;

/** What the contract promises about a download whose store fails: a row of its section 4, byte for byte. */
enum Promise {

    /** {@code 0} and the exact file; {@code 13 empty file!} where the object has no bytes. */
    EXACT_FILE {
        @Override
        void check(Answer answer, byte[] file) {
            if (file.length == 0) {
                assertRow(answer, EMPTY_FILE);
                return;
            }
            assertEqual(answer.bytes(), success(file).getBytes(StandardCharsets.US_ASCII));
            if (file.length != FIRST_CHUNK) {
                // A file as long as the chunk has ended with it only where its length is known.
                assertThat(answer.header("resultCode")).isEqualTo(file.length > FIRST_CHUNK ? null : "0");
            }
        }
    },

    /**
     * {@code 13 downloadFileStream IOException}. Of a file that its first chunk does not end, a start may have left
     * before.
     */
    READ_BROKE {
        @Override
        void check(Answer answer, byte[] file) {
            if (file.length >= FIRST_CHUNK && answer.text().startsWith(FILE_HEAD)) {
                assertBrokenOff(answer, file);
            } else {
                assertRow(answer, READ_BROKEN);
            }
        }
    },

    /** {@code 13 fsservice downloadFile is failed}. */
    REFUSED {
        @Override
        void check(Answer answer, byte[] file) {
            assertRow(answer, FILE_SERVICE_REFUSED);
        }
    };

    /** Bytes that the service reads before the first byte of a response leaves. */
    static final int FIRST_CHUNK = 48 * 1024;

    /** Fails if the response to a download of the file is another. */
    abstract void check(Answer answer, byte[] file);

    private static void assertRow(Answer answer, String row) {
        assertThat(start(answer)).isEqualTo(row);
        assertThat(answer.header("resultCode")).isEqualTo("13");
        assertThat(answer.header("resultDesc")).isEqualTo(answer.json().get("resultDesc").asText());
    }

    private static void assertBrokenOff(Answer answer, byte[] file) {
        assertThat(answer.header("resultCode")).isNull();
        assertThat(answer.text().endsWith(BROKEN_TAIL)).as("ends as a broken read: %s", start(answer)).isTrue();
        byte[] received = Base64.getDecoder().decode(answer.json().get("fileStream").asText());
        assertThat(received.length).isBetween(1, file.length);
        assertEqual(received, Arrays.copyOf(file, received.length));
    }

    private static void assertEqual(byte[] bytes, byte[] expected) {
        int difference = Arrays.mismatch(bytes, expected);
        assertThat(difference).as("first difference; %d bytes of %d: %s", bytes.length, expected.length,
                new String(bytes, 0, Math.min(200, bytes.length), StandardCharsets.ISO_8859_1)).isEqualTo(-1);
    }

    /** The response, or as much of it as a message can show. */
    private static String start(Answer answer) {
        return answer.text().length() > 300 ? answer.text().substring(0, 300) + "…" : answer.text();
    }
}
