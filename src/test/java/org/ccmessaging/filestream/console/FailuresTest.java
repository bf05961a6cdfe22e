package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.IntStream;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.console.Failures.Failed;
import org.junit.jupiter.api.Test;

class FailuresTest {

    private final Failures failures = new Failures();

    private void add(String tenant, Cause cause, int number) {
        failures.add(cause, new Failed(Instant.EPOCH, "13", cause.label(), tenant, "standard", null, null,
                "request-" + number, null, null));
    }

    @Test
    void failuresOfManyThreadsAreAllCountedAndTheLastOfThemAreThere() {
        IntStream.rangeClosed(1, 40_000).parallel().forEach(number -> add("demo", Cause.BROKEN, number));

        assertThat(failures.newestFirst().seen()).isEqualTo(40_000);
        assertThat(failures.newestFirst().customers()).hasSize(Failures.MOST).doesNotHaveDuplicates();
    }

    @Test
    void newestComesFirstInTheListOfItsKind() {
        add("demo", Cause.CREDENTIALS, 1);
        add("demo", Cause.BROKEN, 2);
        add(null, Cause.CREDENTIALS, 3);
        add(null, Cause.OTHER, 4);

        assertThat(failures.newestFirst().customers()).extracting(Failed::requestId)
                .containsExactly("request-2", "request-1");
        assertThat(failures.newestFirst().credentials()).extracting(Failed::requestId).containsExactly("request-3");
        assertThat(failures.newestFirst().unverified()).extracting(Failed::requestId).containsExactly("request-4");
    }
}
