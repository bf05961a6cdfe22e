package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Outcomes;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clause whose condition names a route is for that route alone. */
@Tag("service")
class OwnClausesTest {

    private static final String CLAUSE = """
            - onException:
                id: not-in-standard-storage
                exception: [org.ccmessaging.filestream.failure.ObjectNotFoundException]
                onWhen: {simple: {expression: "${routeId} == 'storage-standard'"}}
                handled: {constant: {expression: "true"}}
                steps:
                  - setHeader: {id: own-status, name: CamelHttpResponseCode, constant: {expression: "200"}}
                  - setHeader: {id: own-code, name: resultCode, constant: {expression: "13"}}
                  - setHeader: {id: own-desc, name: resultDesc, constant: {expression: the route's own}}
                  - process: {id: own-respond, ref: respond}
            """;

    @Test
    void routeSaysWhatAMissingFileMeansToIt(@TempDir Path folder) throws Exception {
        OwnRoutes routes = new OwnRoutes(Files.createDirectory(folder.resolve("routes")));
        routes.replace("result-codes", "      - onException:\n          id: file-service-refused",
                CLAUSE.indent(6) + "      - onException:\n          id: file-service-refused");
        Map<String, Object> settings = new HashMap<>();
        for (String branch : Stage.BRANCHES) {
            settings.put("filestream.storage." + branch + ".type", "filesystem");
            settings.put("filestream.storage." + branch + ".root", folder.toString());
        }
        settings.put("filestream.routes.directory", routes.folder().toString());
        try (Service service = Service.start(settings)) {
            Api api = new Api(service.api().base());

            assertThat(api.download(Api.request("a.txt", "txt", null)).text())
                    .isEqualTo("{\"resultCode\":\"13\",\"resultDesc\":\"the route's own\"}");
            assertThat(api.download(Api.request("local/a.txt", "txt", null)).text())
                    .isEqualTo(Outcomes.FILE_SERVICE_REFUSED);
        }
    }
}
