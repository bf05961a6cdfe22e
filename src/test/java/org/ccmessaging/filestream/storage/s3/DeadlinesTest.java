package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;

/** A thread never waits longer for the store than until its deadline. */
class DeadlinesTest {

    private static final long MILLI = 1_000_000;

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - MILLI);
    private final Deadlines deadlines = ObjectGets.deadlines(clock::get, Map.of(
            "filestream.download.first-byte-timeout", "10ms", "filestream.download.stall-timeout", "20ms"));

    /** The result is never 0, which for sockets means no limit. */
    @ParameterizedTest
    @ValueSource(longs = {9 * MILLI + 1, 10 * MILLI - 1})
    void waitEndsAfterTheDeadlineAndLessThanAMillisecondLater(long passed) {
        Deadline deadline = deadlines.ofFirstByte();
        clock.addAndGet(passed);
        int left = deadlines.within(deadline, () -> deadlines.millisLeft(1_000));
        clock.addAndGet(left * MILLI);
        assertThat(deadlines.passed(deadline)).isTrue();
        assertThat(left).isEqualTo(1);
    }

    @Test
    void nothingWaitsAfterTheDeadlineAndTheMessageNamesTheSetting() {
        List<Deadline> passed = List.of(deadlines.ofFirstByte(), deadlines.ofNextChunk());
        clock.addAndGet(20 * MILLI);

        for (Deadline deadline : passed) {
            assertThatExceptionOfType(SdkClientException.class)
                    .isThrownBy(() -> deadlines.within(deadline, () -> deadlines.millisLeft(1_000)))
                    .withMessage("the store took longer than " + deadline.setting() + " allows");
        }
        assertThat(passed).extracting(Deadline::setting)
                .containsExactly("filestream.download.first-byte-timeout", "filestream.download.stall-timeout");
    }

    @Test
    void deadlineOfAnInnerWaitEndsWithIt() {
        Deadline outer = deadlines.ofNextChunk();

        int left = deadlines.within(outer, () -> {
            deadlines.within(deadlines.ofFirstByte(), () -> deadlines.millisLeft(1_000));
            return deadlines.millisLeft(1_000);
        });

        assertThat(left).isEqualTo(21);
        assertThat(deadlines.millisLeft(1_000)).isEqualTo(1_000);
    }
}
