package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;

import java.util.Map;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The console of the jar as users start it, with 96 MB of heap. */
@Tag("full")
@Tag("jar")
class ConsoleIT {

    @Test
    void consoleAndDownloadsFitIntoTheHeapTogether() throws Exception {
        try (Stage stage = Stage.ofJar(Stage.Kind.S3, ConsoleSession.SETTINGS)) {
            byte[] file = Stage.content(Stage.MAX_FILE_SIZE);
            stage.put("standard", "large.bin", file);
            ConsoleSession session = ConsoleSession.loggedIn(stage.service().management().base());

            for (int round = 1; round <= 20; round++) {
                assertThat(stage.api().download(request("standard", "large.bin")).file()).isEqualTo(file);
                assertThat(session.exec(ConsoleSession.CONTEXT, "dumpRoutesStatsAsXml(boolean,boolean)", true, true)
                        .at("/value").asText())
                        .contains("id=\"download-file-stream\"", "exchangesTotal=\"" + round + "\"");
                // What a browser loads, and its first request to Jolokia.
                assertThat(session.get("/actuator/hawtio/hawtconfig.json").body())
                        .contains("\"appName\": \"ccmessaging-filestream\"");
                assertThat(session.jolokia(Map.of("type", "list")).statusCode()).isEqualTo(200);
            }
        }
    }
}
