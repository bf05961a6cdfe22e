package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.http.HttpVersion;
import org.apache.http.message.BasicHttpResponse;
import org.ccmessaging.filestream.failure.FileNotCleanException;
import org.ccmessaging.filestream.failure.FileNotScannedException;
import org.ccmessaging.filestream.storage.s3.ObjectGet.Response;
import org.junit.jupiter.api.Test;

/** The verdicts that the service remembers. */
class RequiredTagsTest {

    private final RequiredTags required = new RequiredTags(Map.of("scan", "clean"), Duration.ofMinutes(5));
    private final AtomicInteger read = new AtomicInteger();

    private void require(String key, Map<String, String> tags) {
        BasicHttpResponse head = new BasicHttpResponse(HttpVersion.HTTP_1_1, 200, "OK");
        head.setHeader("x-amz-version-id", "v1");
        required.require(RequestObject.complete("bucket", key).build(), new Response(head, null), version -> {
            assertThat(version.key()).isEqualTo(key);
            assertThat(version.versionId()).isEqualTo("v1");
            read.incrementAndGet();
            return tags;
        });
    }

    @Test
    void verdictIsRememberedAndAMissingOneIsNot() {
        for (int i = 0; i < 2; i++) {
            require("clean", Map.of("scan", "clean"));
            assertThatExceptionOfType(FileNotCleanException.class)
                    .isThrownBy(() -> require("infected", Map.of("scan", "infected")))
                    .withMessage("tag scan is infected and not clean").isExactlyInstanceOf(FileNotCleanException.class);
            assertThatExceptionOfType(FileNotScannedException.class).isThrownBy(() -> require("new", Map.of()));
        }

        assertThat(read).hasValue(4);
    }

    @Test
    void fullCacheForgetsVerdictsAndNotThatOfAnObjectThatIsRequestedOften() {
        IntStream.range(0, 30_000).forEach(i -> {
            require("once-" + i, Map.of("scan", "clean"));
            require(i % 50 == 0 ? "often" : "once-" + i, Map.of("scan", "clean"));
        });
        assertThat(read).hasValue(30_001);

        require("often", Map.of("scan", "infected"));

        assertThat(read).hasValue(30_001);
        IntStream.range(0, 30_000).forEach(i -> require("once-" + i, Map.of("scan", "clean")));
        assertThat(read).hasValueGreaterThan(49_000);
    }
}
