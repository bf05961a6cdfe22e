package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Whole starts that fail over a setting: what the console shows. Alone, since all tests share the console. */
@ExtendWith(OutputCaptureExtension.class)
@Isolated
class FailedStartTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "filestream.auth.signing-key | do-not-tell | (secret, 11 characters)\": expected at least 32 bytes",
        "filestream.s3.endpont | http://store | No such setting: filestream.s3.endpont",
        "filestream.downloads.max-in-flight | 5 | filestream.downloads.max-in-flight = \"(not read)\": expected",
        "filestream.routes.directory | missing | = \"missing\": expected a folder with *.camel.yaml files",
        "filestream.storage.local.key | ${variable.tenantId}/${variable.objectKey}${x.y} | a Camel simple expression"})
    void consoleShowsOneReportAndNoStackTrace(String key, String value, String report, CapturedOutput output) {
        Map<String, Object> settings = new HashMap<>(Map.of("filestream.storage.standard.type", "filesystem",
                "filestream.storage.multimedia-library.type", "filesystem", key, value));

        assertReported(settings, report, output);
    }

    @Test
    void storeWithoutRegionAndEndpointIsReportedLikeAnyOtherSetting(CapturedOutput output) {
        // Else the AWS SDK would ask the network for a region.
        System.setProperty("aws.disableEc2Metadata", "true");
        try {
            assertReported(Map.of(), "filestream.s3.region is not set: expected a region, such as", output);
        } finally {
            System.clearProperty("aws.disableEc2Metadata");
        }
    }

    private static void assertReported(Map<String, Object> settings, String report, CapturedOutput output) {
        assertThatThrownBy(() -> Service.start(settings).close());

        String console = output.getAll();
        assertThat(console).contains("APPLICATION FAILED TO START").doesNotContain("do-not-tell");
        assertThat(console.substring(console.indexOf("APPLICATION FAILED TO START")))
                .contains(report).doesNotContain("Exception", "\tat ");
    }
}
