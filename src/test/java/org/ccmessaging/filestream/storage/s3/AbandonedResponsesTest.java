package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.ccmessaging.filestream.storage.s3.Deadlines.Deadline;
import org.ccmessaging.filestream.storage.s3.ObjectGet.Response;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The connections of abandoned responses come back, and all others stay as they are. */
class AbandonedResponsesTest {

    private final ObjectLocation location = new ObjectLocation("standard", "demo", "demo/a.txt");
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
    private final AtomicInteger aborts = new AtomicInteger();
    private final AbandonedResponses abandoned = new AbandonedResponses(clock::get);
    private final ObjectGet get = new ObjectGet(RequestObject.complete("standard", "demo/a.txt"), location,
            new Deadline(0, "test"));
    private final Response response = new Response(GetObjectResponse.builder().build(), AbortableInputStream.create(
            new ByteArrayInputStream(new byte[] {7, 8, 9}), aborts::incrementAndGet));
    private final ResponseInputStream<GetObjectResponse> ofRoutes = get.responded(response, abandoned);

    private void pass(long millis) {
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        abandoned.abortOld();
    }

    @Test
    void responseThatNoStepTakesIsAbortedOnceItsTimeIsOver() throws Exception {
        ofRoutes.close();
        pass(AbandonedResponses.ABANDONED_AFTER_MS - 1);
        assertThat(aborts).hasValue(0);

        pass(1_000);
        assertThat(aborts).hasValue(1);

        pass(AbandonedResponses.ABANDONED_AFTER_MS);
        assertThat(aborts).hasValue(1);
    }

    @Test
    void responseThatAStepTakesIsNotAbortedHoweverLongItsClientTakes() throws Exception {
        assertThat(get.take(ofRoutes, location)).isSameAs(response);
        pass(2 * AbandonedResponses.ABANDONED_AFTER_MS);

        assertThat(aborts).hasValue(0);
        assertThat(response.body().readAllBytes()).containsExactly(7, 8, 9);
    }
}
