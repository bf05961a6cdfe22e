package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.http.AbortableInputStream;

/** Connections of objects that nobody begins to read come back, and those of all others are left alone. */
class UnreadObjectsTest {

    /** What a reader does with an object. */
    private interface Use {
        void of(InputStream object) throws Exception;
    }

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
    private final AtomicInteger aborts = new AtomicInteger();
    private final UnreadObjects objects = new UnreadObjects(clock::get);

    private AbortableInputStream object() {
        return objects.watch(AbortableInputStream.create(
                new ByteArrayInputStream(new byte[] {7, 8, 9}), aborts::incrementAndGet));
    }

    private void pass(long millis) {
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        objects.giveUpForgotten();
    }

    @Test
    void objectThatNobodyReadsIsGivenUpOnceItsTimeIsOver() {
        object();
        pass(UnreadObjects.GIVEN_UP_AFTER_MS - 1);
        assertThat(aborts).hasValue(0);

        pass(1_000);
        assertThat(aborts).hasValue(1);

        pass(UnreadObjects.GIVEN_UP_AFTER_MS);
        assertThat(aborts).hasValue(1);
    }

    private static Use[] uses() {
        return new Use[] {InputStream::read, object -> object.read(new byte[2]), InputStream::readAllBytes,
            InputStream::close};
    }

    @ParameterizedTest
    @MethodSource("uses")
    void objectThatIsReadOrClosedIsNotGivenUpHoweverLongItsClientTakes(Use use) throws Exception {
        use.of(object());
        pass(2 * UnreadObjects.GIVEN_UP_AFTER_MS);

        assertThat(aborts).hasValue(0);
    }

    @Test
    void objectThatWasAbortedIsNotGivenUpAgain() {
        object().abort();
        pass(2 * UnreadObjects.GIVEN_UP_AFTER_MS);

        assertThat(aborts).hasValue(1);
    }

    @Test
    void contentIsTheSame() throws Exception {
        assertThat(object().readAllBytes()).containsExactly(7, 8, 9);
    }
}
