package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.settings.Secret;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.toolkit.Customer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.observe", texts = "filestream.log.id-key is not set")
@Isolated("counts the lines of the download log")
class DownloadLogTest {

    private static final Customer ALICE = new Customer("demo", "web", "alice");

    private final DownloadLog log = log(LogSettings.Form.NONE, LogSettings.Form.NONE, null);
    @AutoClose
    private final LoggedLines lines = new LoggedLines("download");

    private static DownloadLog log(LogSettings.Form users, LogSettings.Form files, String key) {
        return new DownloadLog(new LogSettings(users, files, key == null ? null : new Secret(key), null));
    }

    /** The last second of one test would be written in the next. */
    @AfterEach
    void end() {
        log.writeRefused();
    }

    private static FinishedDownload download(
            Customer customer, String branch, String code, Cause cause, Ending ending) {
        return new FinishedDownload(
                null, customer, null, null, branch, code, 0, 0, null, null, cause, ending, "message", null);
    }

    private void write(int times, FinishedDownload download) {
        for (int i = 0; i < times; i++) {
            log.ended(download);
        }
    }

    private List<ILoggingEvent> lines(String message) {
        return lines.list().stream().filter(line -> line.getMessage().equals(message)).toList();
    }

    private long counted(String message) {
        return lines(message).stream().flatMap(line -> line.getKeyValuePairs().stream())
                .mapToLong(pair -> ((Number) pair.value).longValue()).sum();
    }

    static Stream<FinishedDownload> refusals() {
        return Stream.of(download(ALICE, "none", "503", Cause.OTHER, Ending.BUSY),
                download(null, "none", "401", Cause.CREDENTIALS, Ending.STRANGER),
                // A clause may give refused credentials any code.
                download(null, "none", "503", Cause.CREDENTIALS, Ending.STRANGER));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void manyRefusalsOfASecondAreCountedAndNotEachLogged(FinishedDownload refusal) {
        write(100_000, refusal);

        log.writeRefused();

        await().untilAsserted(() -> assertThat(lines("download").size()
                + counted("downloads refused") + counted("credentials refused")).isEqualTo(100_000));
        assertThat(lines("download").size()).isLessThan(5_000);
    }

    @Test
    void strangersDoNotTakeTheLinesOfCustomers() {
        write(1_000, download(null, "none", "401", Cause.CREDENTIALS, Ending.STRANGER));
        int before = lines("download").size();

        write(1, download(ALICE, "none", "503", Cause.OTHER, Ending.BUSY));

        assertThat(lines("download")).hasSize(before + 1);
    }

    @Test
    void everyOtherDownloadIsLoggedMeanwhile() {
        refusals().forEach(refusal -> write(1_000, refusal));
        int before = lines("download").size();

        write(100, download(ALICE, "standard", "0", Cause.NONE, Ending.SERVED));
        write(100, download(ALICE, "standard", "13", Cause.BROKEN, Ending.FAILED));
        // An edited route left out a step.
        write(100, download(ALICE, "none", "401", Cause.CREDENTIALS, Ending.STRANGER));
        // A branch that an operator has stopped.
        write(100, download(ALICE, "standard", "503", Cause.OTHER, Ending.STOPPED));
        write(100, download(null, "none", "500", Cause.OTHER, Ending.FAILED));

        assertThat(lines("download")).hasSize(before + 500);
    }

    /** The values are those of {@code openssl dgst -sha256 -hmac}. */
    @Test
    void hashedIdsAreTheKeyedDigestsThatOpensslMakes() {
        DownloadLog ids = log(LogSettings.Form.HASHED, LogSettings.Form.HASHED, "a key of some length");

        assertThat(ids.ofUser("alice")).isEqualTo("dabad14b8de1fd29");
        assertThat(ids.ofFile("local/a b.txt")).isEqualTo("b229b5ed05fd516a");
    }

    @Test
    void withoutAKeyEachProcessHasItsOwnDigestOfEachUserAndWarnsOfIt() {
        try (LoggedLines warnings = new LoggedLines(DownloadLog.class.getName())) {
            DownloadLog ids = log(LogSettings.Form.HASHED, LogSettings.Form.NONE, null);
            log(LogSettings.Form.HASHED, LogSettings.Form.HASHED, "a key of some length");
            assertThat(warnings.texts()).singleElement().asString().startsWith("filestream.log.id-key is not set, so ");
            assertThat(ids.ofUser("alice")).isEqualTo(ids.ofUser("alice")).isNotEqualTo(ids.ofUser("bob"))
                    .matches("[0-9a-f]{16}")
                    .isNotEqualTo(log(LogSettings.Form.HASHED, LogSettings.Form.NONE, null).ofUser("alice"));
        }
    }

    @Test
    void plainIdIsAsItIsInABoundedPartOfTheLineAndNoneIsNotShown() {
        DownloadLog ids = log(LogSettings.Form.NONE, LogSettings.Form.PLAIN, null);

        assertThat(ids.ofFile("local/a.txt")).isEqualTo("local/a.txt");
        assertThat(ids.ofFile("x".repeat(60_000))).hasSize(1027);
        assertThat(ids.ofFile(null)).isNull();
        assertThat(ids.ofUser("alice")).isNull();
    }
}
