package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;

import java.nio.file.Path;
import java.util.Map;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A route that gets over a failure, by another object for example, has delivered a file like any other. */
@Tag("service")
class CaughtFailureTest {

    private static final String STORAGE = """
            - route:
                id: storage-standard
                description: Standard storage, with a file in place of those that are missing.
                from:
                  id: receive-standard
                  description: Variable request holds a checked request.
                  uri: direct:storage-standard
                  steps:
                    - setVariable:
                        id: branch-standard
                        description: Sets the branch's name.
                        constant:
                          expression: standard
                        name: branch
                    - setVariable:
                        id: object-key-standard
                        description: Sets the key to the fileId.
                        name: objectKey
                        simple:
                          expression: ${variable.request.fileId}
                    - doTry:
                        id: try-standard
                        description: Opens the file.
                        steps:
                          - process:
                              id: resolve-key-standard
                              description: Places the key below the customer's tenant.
                              ref: resolveKey
                          - to:
                              id: open-standard
                              description: Opens the file.
                              uri: direct:read-{{filestream.storage.standard.type}}
                        doCatch:
                          - id: missing
                            description: Opens the spare file.
                            steps:
                              - setVariable:
                                  id: spare-key
                                  description: Sets the key to that of the spare file.
                                  constant:
                                    expression: spare.bin
                                  name: objectKey
                              - process:
                                  id: resolve-spare-key
                                  description: Places the key below the customer's tenant.
                                  ref: resolveKey
                              - to:
                                  id: open-spare
                                  description: Opens the spare file.
                                  uri: direct:read-{{filestream.storage.standard.type}}
                            exception:
                              - org.ccmessaging.filestream.failure.ObjectNotFoundException
                routeConfigurationId: result-codes
            """;

    @Test
    void failureThatARouteGotOverIsNoneOfTheDownloads(@TempDir Path folder) throws Exception {
        OwnRoutes routes = new OwnRoutes(folder);
        routes.add("storage-standard", STORAGE);
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.routes.directory", folder.toString()))) {
            stage.put("standard", "spare.bin", Stage.content(100));

            assertThat(stage.api().download(request("standard", "nowhere.bin")).file()).isEqualTo(Stage.content(100));

            await().untilAsserted(() -> assertThat(stage.metrics())
                    .contains("filestream_downloads_total{branch=\"standard\",cause=\"none\",resultCode=\"0\"} 1.0"));
        }
    }
}
