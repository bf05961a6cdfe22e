package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BROKEN_TAIL;
import static org.ccmessaging.filestream.support.Outcomes.FILE_HEAD;
import static org.ccmessaging.filestream.support.Outcomes.FILE_TAIL;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.FaultyLink.Fault;
import org.ccmessaging.filestream.support.ScriptedStore;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Contract section 4.3: a read that breaks resumes at its offset, with the same object or not at all. */
@Tag("service")
class ResumedReadContractTest {

    private static final byte[] LARGE = Stage.content(2_000_000);

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        stage = Stage.breakable(Map.of());
        stage.put("standard", "large.bin", LARGE);
    }

    @AfterEach
    void heal() {
        stage.link().heal();
    }

    private static double reads(String outcome) {
        return stage.metric("filestream_reads_resumed_total{outcome=\"" + outcome + "\"}");
    }

    private static void assertComplete(Answer answer, byte[] content) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().get("resultCode").asText()).isEqualTo("0");
        assertThat(answer.file()).isEqualTo(content);
    }

    /** @return how many bytes were received; they are the file's first */
    private static int assertBrokenOff(Answer answer, byte[] content) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).endsWith(BROKEN_TAIL);
        byte[] received = Base64.getDecoder().decode(answer.json().get("fileStream").asText());
        assertThat(received.length).isLessThan(content.length);
        assertThat(received).isEqualTo(Arrays.copyOf(content, received.length));
        return received.length;
    }

    @Test
    void metricCountsEachReadThatResumesAndEachThatIsGivenUp() {
        double resumed = reads("resumed");
        double givenUp = reads("given-up");
        stage.link().breakOnce(1_000_000, Fault.CLOSE);
        assertComplete(stage.api().download(request("standard", "large.bin")), LARGE);
        assertThat(reads("resumed")).isEqualTo(resumed + 1);

        stage.link().breakAfter(300_000, Fault.CLOSE);
        assertComplete(stage.api().download(request("standard", "large.bin")), LARGE);
        assertThat(reads("resumed")).isEqualTo(resumed + 7);

        stage.link().breakForGood(1_000_000, Fault.RESET);
        assertBrokenOff(stage.api().download(request("standard", "large.bin")), LARGE);
        assertThat(reads("given-up")).isEqualTo(givenUp + 1);
    }

    /** The break takes the connection away. If the service kept a lease on it, the pool would have no other. */
    @Test
    void brokenReadsReleaseTheirConnections() throws Exception {
        try (Stage alone = Stage.breakable(Map.of("filestream.s3.max-connections", "1"))) {
            alone.put("standard", "large.bin", LARGE);
            for (int i = 0; i < 2; i++) {
                alone.link().breakOnce(1_000_000, Fault.SILENCE);
                assertComplete(alone.api().download(request("standard", "large.bin")), LARGE);
            }
            alone.link().breakForGood(1_000_000, Fault.RESET);
            assertBrokenOff(alone.api().download(request("standard", "large.bin")), LARGE);
            alone.link().heal();
            assertComplete(alone.api().download(request("standard", "large.bin")), LARGE);
        }
    }

    @ParameterizedTest
    @CsvSource({"2000000", "1500000", "2500000"})
    void objectThatIsReplacedWhileItIsReadIsNeverMixed(int newLength) {
        byte[] replacement = new byte[newLength];
        stage.put("standard", "replaced.bin", LARGE);
        stage.link().breakOnce(1_000_000, Fault.RESET, () -> stage.put("standard", "replaced.bin", replacement));

        assertBrokenOff(stage.api().download(request("standard", "replaced.bin")), LARGE);
        assertComplete(stage.api().download(request("standard", "replaced.bin")), replacement);
    }

    @Test
    void readerSoSlowThatTheStoreHangsUpGetsTheCompleteFile() throws Exception {
        byte[] content = Stage.content(32 * 1024 * 1024);
        stage.put("standard", "slow.bin", content);
        double before = reads("resumed");
        byte[] answer;
        try (InputStream in = stage.api().downloadStream(request("standard", "slow.bin"))) {
            byte[] head = in.readNBytes(100_000);
            stage.link().drop();
            byte[] rest = in.readAllBytes();
            answer = Arrays.copyOf(head, head.length + rest.length);
            System.arraycopy(rest, 0, answer, head.length, rest.length);
        }

        assertThat(reads("resumed")).isEqualTo(before + 1);
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        assertThat(text.substring(text.length() - 50)).endsWith(FILE_TAIL);
        byte[] file = Base64.getDecoder().decode(
                text.substring(FILE_HEAD.length(), text.indexOf('"', FILE_HEAD.length())));
        assertThat(Arrays.equals(file, content)).as("the file is complete").isTrue();
    }

    /** What the rest must be, {@code StorageFaultContractTest} shows. */
    @Test
    void restIsRequestedByOffsetAndETagAndAtMostThreeTimesBeforeItsFirstByte() throws Exception {
        List<String> resumptions = new CopyOnWriteArrayList<>();
        try (ScriptedStore store = new ScriptedStore(); Stage other = Stage.impatient(store, Map.of())) {
            store.put("breaks", LARGE, turn -> {
                if (turn.isForRest()) {
                    resumptions.addAll(turn.headers("Range"));
                    resumptions.addAll(turn.headers("If-Match"));
                }
                turn.rightHead();
                turn.endAfter(400_000);
            });

            assertBrokenOff(other.api().download(request("standard", "breaks")), LARGE);
        }
        assertThat(resumptions).containsExactly("bytes=400000-", "\"one\"", "bytes=400000-", "\"one\"",
                "bytes=400000-", "\"one\"");
    }
}
