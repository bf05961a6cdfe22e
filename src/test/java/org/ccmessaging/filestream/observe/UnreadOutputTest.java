package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process starts, works and stops although nobody reads its output, with the logging of the service. */
@Tag("service")
@Timeout(300)
class UnreadOutputTest {

    @TempDir
    private Path folder;

    @Test
    void processThatNobodyReadsStartsAndWorksAndStops() throws Exception {
        Path ready = folder.resolve("ready");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                "src/test/resources/unread-output/Program.java", ready.toString()).redirectErrorStream(true).start();
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(ready) || !process.isAlive());
            assertThat(process.isAlive()).isTrue();

            process.toHandle().destroy();

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it has ended").isTrue();
        } finally {
            process.destroyForcibly();
        }
    }
}
