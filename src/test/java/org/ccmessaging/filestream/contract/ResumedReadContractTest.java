package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BROKEN_TAIL;

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
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(answer.json().get("resultCode").asText()).isEqualTo("0");
        assertThat(answer.file()).isEqualTo(content);
    }

    private static void assertBrokenOff(Answer answer, byte[] content) {
        assertThat(answer.text()).endsWith(BROKEN_TAIL);
        byte[] received = Base64.getDecoder().decode(answer.json().get("fileStream").asText());
        assertThat(received.length).isLessThan(content.length);
        assertThat(received).isEqualTo(Arrays.copyOf(content, received.length));
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

    @ParameterizedTest
    @ValueSource(ints = {2_000_000, 1_500_000, 2_500_000})
    void objectThatIsReplacedWhileItIsReadIsNeverMixed(int newLength) {
        byte[] replacement = new byte[newLength];
        stage.put("standard", "replaced.bin", LARGE);
        stage.link().breakOnce(1_000_000, Fault.RESET, () -> stage.put("standard", "replaced.bin", replacement));

        assertBrokenOff(stage.api().download(request("standard", "replaced.bin")), LARGE);
        assertComplete(stage.api().download(request("standard", "replaced.bin")), replacement);
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
