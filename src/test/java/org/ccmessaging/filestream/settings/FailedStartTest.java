package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.ccmessaging.filestream.support.ConsoleOutput;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the console shows when a setting stops the start. Alone, since all tests share the console. */
@Isolated
class FailedStartTest {

    @RegisterExtension
    private final ConsoleOutput output = new ConsoleOutput();

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "filestream.auth.signing-key | do-not-tell | (secret, 11 characters)\": expected at least 32 bytes",
        "filestream.s3.endpont | http://store | No such setting: filestream.s3.endpont",
        "filestream.downloads.max-in-flight | 5 | filestream.downloads.max-in-flight = \"(not read)\": expected",
        "filestream.routes.directory | missing | = \"missing\": expected a folder with *.camel.yaml files",
        "filestream.storage.local.key | ${variable.tenantId}/${variable.objectKey}${x.y} | a Camel simple expression"})
    void consoleShowsOneReportAndNoStackTrace(String key, String value, String report) {
        Map<String, Object> settings = new HashMap<>(Map.of("filestream.storage.standard.type", "filesystem",
                "filestream.storage.multimedia-library.type", "filesystem", key, value));

        assertReported(settings, report);
    }

    @Test
    void storeWithoutRegionAndEndpointIsReportedLikeAnyOtherSetting() {
        // Otherwise the AWS SDK would look for a region in the network.
        System.setProperty("aws.disableEc2Metadata", "true");
        try {
            assertReported(Map.of(), "filestream.s3.region is not set: expected a region, such as");
        } finally {
            System.clearProperty("aws.disableEc2Metadata");
        }
    }

    private void assertReported(Map<String, Object> settings, String report) {
        assertThatThrownBy(() -> Service.start(settings).close());

        String console = output.text();
        assertThat(console).contains("APPLICATION FAILED TO START").doesNotContain("do-not-tell");
        assertThat(console.substring(console.indexOf("APPLICATION FAILED TO START")))
                .contains(report).doesNotContain("Exception", "\tat ");
    }
}
