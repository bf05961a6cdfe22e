package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.toolkit.Customer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("counts the lines of the download log")
class DownloadLogTest {

    private final DownloadLog log =
            new DownloadLog(new LogSettings(LogSettings.Form.NONE, null, LogSettings.Form.NONE));

    /** The last second of one test would be written in the next. */
    @AfterEach
    void end() {
        log.writeRefused();
    }

    private void write(int times, String branch, String resultCode) {
        for (int i = 0; i < times; i++) {
            log.ended(new FinishedDownload(null, new Customer("demo", "web", "alice"), "demo-app", null,
                    branch, resultCode, 0, 0, null, null, Cause.OTHER,
                    resultCode.equals("503") ? Ending.BUSY : Ending.REFUSED, "busy: no permit"));
        }
    }

    private static List<ILoggingEvent> lines(LoggedLines lines, String message) {
        return lines.list().stream().filter(line -> line.getMessage().equals(message)).toList();
    }

    /** Returns the number of refused downloads that a log line reports. */
    private static long refused(ILoggingEvent line) {
        return line.getKeyValuePairs().stream().filter(pair -> pair.key.equals("refused"))
                .mapToLong(pair -> ((Number) pair.value).longValue()).sum();
    }

    @Test
    void manyRefusalsOfASecondAreCountedAndNotEachLogged() {
        try (LoggedLines lines = new LoggedLines("download")) {
            write(100_000, "none", "503");

            await().untilAsserted(() -> assertThat(lines(lines, "download").size()
                    + lines(lines, "downloads refused").stream().mapToLong(DownloadLogTest::refused).sum())
                    .isEqualTo(100_000));
            assertThat(lines(lines, "download").size()).isLessThan(50_000);
        }
    }

    @Test
    void everyOtherDownloadIsLoggedMeanwhile() {
        try (LoggedLines lines = new LoggedLines("download")) {
            write(1_000, "none", "503");
            write(100, "standard", "0");
            write(100, "none", "401");
            // A branch that an operator has stopped.
            write(100, "standard", "503");

            assertThat(lines(lines, "download").size()).isBetween(301, 1_299);
        }
    }

    /** A clause may give refused credentials any code. */
    @Test
    void everyRefusedLoginIsLoggedWhateverItsCode() {
        try (LoggedLines lines = new LoggedLines("download")) {
            for (int i = 0; i < 100; i++) {
                log.ended(new FinishedDownload(null, null, null, null, "none", "503", 0, 0, null, null,
                        Cause.CREDENTIALS, Ending.STRANGER, "expired"));
            }

            assertThat(lines(lines, "download")).hasSize(100);
        }
    }

    @Test
    void refusalsOfTheLastSecondAreCountedAtTheEnd() {
        try (LoggedLines lines = new LoggedLines("download")) {
            write(1_000, "none", "503");

            log.writeRefused();

            assertThat(lines(lines, "download").size()
                    + lines(lines, "downloads refused").stream().mapToLong(DownloadLogTest::refused).sum())
                    .isEqualTo(1_000);
        }
    }
}
