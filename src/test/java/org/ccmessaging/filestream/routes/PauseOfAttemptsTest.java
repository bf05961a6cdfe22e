package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PauseOfAttemptsTest {

    @Test
    void pauseDoublesFrom10To300Seconds() {
        assertThat(IntStream.of(1, 2, 3, 5, 6, 7, 1_000).mapToLong(attempts -> LiveRoutes.pause(attempts).toSeconds()))
                .containsExactly(10L, 20L, 40L, 160L, 300L, 300L, 300L);
    }
}
