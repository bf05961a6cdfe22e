package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

/** A thread never waits longer for the store than until its deadline. */
class DeadlinesTest {

    private static final long MILLI = 1_000_000;

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - MILLI);
    private final Deadlines deadlines = new Deadlines(ShippedSettings.of("filestream.download", DownloadSettings.class,
            Map.of("filestream.download.first-byte-timeout", "10ms", "filestream.download.stall-timeout", "20ms")),
            clock::get);

    @Test
    void threadWithoutADeadlineWaitsAsLongAsItLikes() {
        assertThat(deadlines.millisLeft(7)).isEqualTo(7);
    }

    @Test
    void waitEndsBehindTheDeadlineAndNotBefore() {
        Deadline deadline = deadlines.ofFirstByte();
        clock.addAndGet(9 * MILLI + 1);

        int left = deadlines.within(deadline, () -> deadlines.millisLeft(1_000));

        clock.addAndGet(left * MILLI);
        assertThat(deadlines.passed(deadline)).isTrue();
        assertThat(left).isEqualTo(1);
    }

    @Test
    void wholeMillisecondIsNeverRoundedToNoLimit() {
        Deadline deadline = deadlines.ofFirstByte();
        clock.addAndGet(10 * MILLI - 1);

        assertThat(deadlines.<Integer, RuntimeException>within(deadline, () -> deadlines.millisLeft(1_000)))
                .isEqualTo(1);
    }

    @Test
    void nothingWaitsAfterTheDeadlineAndTheMessageNamesTheSetting() {
        Deadline deadline = deadlines.ofNextChunk();
        clock.addAndGet(20 * MILLI);

        assertThatExceptionOfType(SdkClientException.class)
                .isThrownBy(() -> deadlines.within(deadline, () -> deadlines.millisLeft(1_000)))
                .withMessageContaining("filestream.download.stall-timeout");
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
