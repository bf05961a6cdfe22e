package org.ccmessaging.filestream.storage.s3.client;

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

/** The connections of abandoned responses come back, and all others stay as they are. */
class AbandonedResponsesTest {

    /** What a reader does with a response. */
    private interface Use {
        void of(InputStream response) throws Exception;
    }

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
    private final AtomicInteger aborts = new AtomicInteger();
    private final AbandonedResponses responses = new AbandonedResponses(clock::get);

    private AbortableInputStream response() {
        return responses.watch(AbortableInputStream.create(
                new ByteArrayInputStream(new byte[] {7, 8, 9}), aborts::incrementAndGet));
    }

    private void pass(long millis) {
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        responses.abortOld();
    }

    @Test
    void responseThatNobodyReadsIsAbortedOnceItsTimeIsOver() {
        response();
        pass(AbandonedResponses.ABANDONED_AFTER_MS - 1);
        assertThat(aborts).hasValue(0);

        pass(1_000);
        assertThat(aborts).hasValue(1);

        pass(AbandonedResponses.ABANDONED_AFTER_MS);
        assertThat(aborts).hasValue(1);
    }

    private static Use[] uses() {
        return new Use[] {InputStream::read, response -> response.read(new byte[2]), InputStream::readAllBytes,
            InputStream::close};
    }

    @ParameterizedTest
    @MethodSource("uses")
    void responseThatIsReadOrClosedIsNotAbortedHoweverLongItsClientTakes(Use use) throws Exception {
        use.of(response());
        pass(2 * AbandonedResponses.ABANDONED_AFTER_MS);

        assertThat(aborts).hasValue(0);
    }

    @Test
    void responseThatWasAbortedIsNotAbortedAgain() {
        response().abort();
        pass(2 * AbandonedResponses.ABANDONED_AFTER_MS);

        assertThat(aborts).hasValue(1);
    }

    @Test
    void contentIsTheSame() throws Exception {
        assertThat(response().readAllBytes()).containsExactly(7, 8, 9);
    }
}
