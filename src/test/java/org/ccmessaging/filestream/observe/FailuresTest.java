package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.ReflectionException;
import org.junit.jupiter.api.Test;

/** The MBean shows the last failures and cannot be changed. */
class FailuresTest {

    private final Failures failures = new Failures();

    private static String failure(int number) {
        return "code=13 requestId=request-" + number;
    }

    @Test
    void failuresOfManyThreadsAreAllCountedAndTheLastOfThemAreThere() throws Exception {
        IntStream.rangeClosed(1, 40_000).parallel().forEach(number -> failures.add(0, failure(number)));

        assertThat(failures.getAttribute(Failures.SEEN)).isEqualTo(40_000L);
        for (int rank = 1; rank <= Failures.MOST; rank++) {
            assertThat(failures.getAttribute("%03d".formatted(rank))).asString().contains("requestId=request-");
        }
    }

    @Test
    void attributeThatDoesNotExistIsNotFound() {
        failures.add(0, failure(1));

        for (String unknown : List.of("000", "002", "101", "1", "x", "")) {
            assertThatThrownBy(() -> failures.getAttribute(unknown)).isInstanceOf(AttributeNotFoundException.class);
        }
        assertThat(failures.getAttributes(new String[] {"001", "002"})).hasSize(1);
    }

    @Test
    void nothingCanBeSetOrCalled() {
        assertThatThrownBy(() -> failures.setAttribute(new Attribute(Failures.SEEN, 0L)))
                .isInstanceOf(AttributeNotFoundException.class);
        assertThatThrownBy(() -> failures.invoke("reset", null, null)).isInstanceOf(ReflectionException.class);
    }
}
