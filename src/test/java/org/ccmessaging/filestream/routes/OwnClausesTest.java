package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Outcomes;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which clause handles a failure of a route that has clauses of its own besides those of result-codes. */
class OwnClausesTest {

    @RegisterExtension
    static final ExpectedErrors FAILURES = ExpectedErrors.of("filestream", "");

    private static final AtomicInteger ROUTES = new AtomicInteger();

    private static final String CLAUSE = """
            onException:
              id: clause-N
              exception: [CLASS]
              handled: {constant: {expression: "true"}}
              steps:
                - setHeader: {id: status-N, name: CamelHttpResponseCode, constant: {expression: "200"}}
                - setHeader: {id: code-N, name: resultCode, constant: {expression: "13"}}
                - setHeader: {id: desc-N, name: resultDesc, constant: {expression: the route's own}}
                - process: {id: respond-N, ref: respond}
            """;

    private static final String OWN = """
            {"resultCode":"13","resultDesc":"the route's own"}""";

    @TempDir
    private static Path folder;

    private static Service service;

    @BeforeAll
    static void start() throws Exception {
        OwnRoutes routes = new OwnRoutes(Files.createDirectory(folder.resolve("routes")));
        routes.replace("storage-standard", "routeConfigurationId: result-codes",
                "routeConfigurationId: result-codes,not-there");
        routes.add("not-there", configuration("not-there", clause("failure.ObjectNotFoundException", false, "0")));
        Map<String, Object> settings = new HashMap<>();
        for (String branch : Stage.BRANCHES) {
            settings.put("filestream.storage." + branch + ".type", "filesystem");
            settings.put("filestream.storage." + branch + ".root", folder.toString());
        }
        settings.put("filestream.routes.directory", routes.folder().toString());
        service = Service.start(settings);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String clause(String type, boolean conditional, String number) {
        return CLAUSE.replace("CLASS", name(type)).replaceAll("-N\\b", "-" + number)
                + (conditional ? "  onWhen: {simple: {expression: \"${routeId} != null\"}}\n" : "");
    }

    private static String name(String type) {
        return type.startsWith("failure.") ? "org.ccmessaging.filestream." + type : "java.lang." + type;
    }

    private static String configuration(String id, String clause) {
        return "- routeConfiguration:\n    id: " + id + "\n    onException:\n"
                + clause.indent(8).replaceFirst("        ", "      - ");
    }

    /** What a client gets from a route that names these configurations and throws, if this stands in its file. */
    private static String answer(String beside, String ids, String thrown) throws Exception {
        String number = Integer.toString(ROUTES.incrementAndGet());
        String route = """
                - route:
                    id: entry-N
                    routeConfigurationId: IDS
                    from:
                      uri: platform-http:/own/N
                      steps:
                        - throwException: {id: throw-N, message: x, exceptionType: THROWN}
                """.replace("IDS", ids).replace("THROWN", name(thrown));
        PluginHelper.getRoutesLoader(service.bean(CamelContext.class)).loadRoutes(ResourceHelper.fromString(
                "own" + number + ".camel.yaml", (beside + route).replaceAll("\\bN\\b", number)));
        return new Api(service.api().base()).post("/own/" + number, "{}".getBytes(StandardCharsets.UTF_8)).text();
    }

    @Test
    void routeSaysWhatAMissingFileMeansToIt() {
        Api api = new Api(service.api().base());

        assertThat(api.download(Api.request("a.txt", "txt", null)).text()).isEqualTo(OWN);
        assertThat(api.download(Api.request("local/a.txt", "txt", null)).text())
                .isEqualTo(Outcomes.FILE_SERVICE_REFUSED);
    }

    /** Rule R303 says which of these an author cannot have meant. */
    @ParameterizedTest
    @CsvSource({
        // Without a condition the configuration that is named last counts,
        "'result-codes,own-N', failure.ObjectNotFoundException, false, true",
        "'own-N,result-codes', failure.ObjectNotFoundException, false, false",
        // with one the configuration that is named first,
        "'result-codes,own-N', failure.ObjectNotFoundException, true, false",
        "'own-N,result-codes', failure.ObjectNotFoundException, true, true",
        // for a class that result-codes does not have any,
        "'result-codes,own-N', IllegalStateException, false, true",
        "'own-N,result-codes', IllegalStateException, false, true",
        // and for all others, of which result-codes has two with conditions, again the first.
        "'result-codes,own-N', Exception, false, false",
        "'own-N,result-codes', Exception, false, true",
        // Spaces are part of the name (rule R210).
        "'result-codes, own-N', failure.ObjectNotFoundException, false, false"})
    void orderOfConfigurationsDecides(String ids, String type, boolean conditional, boolean own) throws Exception {
        String configuration = configuration("own-N", clause(type, conditional, "N"));

        String answer = answer(configuration, ids, type.equals("Exception") ? "IllegalStateException" : type);

        assertThat(answer.equals(OWN)).as(answer).isEqualTo(own);
    }
}
