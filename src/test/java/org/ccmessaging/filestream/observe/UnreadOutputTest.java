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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** A process starts, works and stops although nobody reads its output, with the logging of the service. */
@Tag("service")
@Timeout(300)
class UnreadOutputTest {

    /** Far more than the queue and a pipe hold. */
    private static final int LINES = 10_000;

    @TempDir
    private Path folder;

    /** Logs from its start until it has ended, also while Logback stops. */
    static final class Program {

        private Program() {
        }

        public static void main(String[] arguments) throws Exception {
            new SpringApplicationBuilder(Program.class).web(WebApplicationType.NONE).run(
                    "--filestream.auth.signing-key=a-key-of-at-least-thirty-two-bytes");
            Logger log = LoggerFactory.getLogger("program");
            for (int i = 0; i < LINES; i++) {
                log.info("line {}", i);
            }
            Files.createFile(Path.of(arguments[0]));
            while (true) {
                log.warn("still running");
                Thread.sleep(1);
            }
        }
    }

    @Test
    void processThatNobodyReadsStartsAndWorksAndStops() throws Exception {
        Path ready = folder.resolve("ready");
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                Program.class.getName(), ready.toString()).redirectErrorStream(true).start();
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
