package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ListableBeanFactory;

/** Access to the console, with and without a login, and the operations that its policy allows. */
class ConsoleAccessTest extends ConsoleOfAService {

    private static final String CONTEXT = ConsoleSession.CONTEXT;

    /** A filter of Hawtio with a known weakness, FlightRecordingDownloadFacade, would serve it (CVE-2026-133535). */
    static final String FLIGHT_RECORDING = "/exec/jdk.management.jfr:type=FlightRecorder/downloadRecording(long)/1";

    @AutoClose
    private Stage without;

    @BeforeAll
    void start() throws Exception {
        without = new Stage(Stage.Kind.FILESYSTEM, Map.of());
        stage.put("standard", "hello.txt", Stage.content(100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/hawtio", "/actuator/hawtio/", "/actuator/hawtio/index.html",
        "/actuator/hawtio/hawtconfig.json", "/actuator/hawtio/plugin", "/actuator/hawtio/static/files.js",
        "/actuator/hawtio/user", "/actuator/hawtio/auth/login", "/actuator/hawtio/auth/config/login",
        "/actuator/hawtio/keycloak/enabled", "/actuator/hawtio/proxy/enabled",
        "/actuator/hawtio/proxy/http/localhost/8080", "/actuator/hawtio/camel/routes"})
    void pageOfTheConsoleSendsAStrangerToTheLogin(String path) {
        HttpResponse<String> answer = new ConsoleSession(management(), false).get(path);

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location")).hasValue(management() + "/login");
        assertThat(answer.body()).isEmpty();
    }

    static Stream<String> closed() {
        return Stream.of("/actuator/jolokia", "/actuator/jolokia/", "/actuator/jolokia/version",
                "/actuator/jolokia/list", "/actuator/jolokia/read/java.lang:type=Memory",
                "/actuator/jolokia/exec/java.lang:type=Memory/gc", "/actuator/jolokia/search/*:*",
                "/actuator/hawtio/jolokia", "/actuator/hawtio/jolokia/", "/actuator/hawtio/jolokia/list",
                "/actuator/jolokia" + FLIGHT_RECORDING, "/actuator/hawtio/jolokia" + FLIGHT_RECORDING,
                "/actuator/hawtio/jolokia/exec/java.lang:type=Memory/gc", "/actuator", "/actuator/", "/actuator/env",
                "/actuator/heapdump", "/actuator/beans", "/actuator/sbom", "/actuator/sbom/application",
                "/actuator/info", "/actuator/openapi", "/actuator/files",
                "/actuator/routes", "/actuator/routes/previous", "/actuator/shutdown", "/jolokia", "/hawtio", "/",
                "/error", "/oauth2/authorization/staff", "/apiaccess/ccmessaging/downloadFileStream");
    }

    @ParameterizedTest
    @MethodSource("closed")
    void strangerGetsNothingButARefusal(String path) {
        for (String method : new String[] {"GET", "POST", "PUT", "DELETE", "OPTIONS"}) {
            String answer = stage.service().management().raw(method + " " + path
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");

            assertThat(answer).as(method).containsPattern("^HTTP/1.1 (401|403) ").doesNotContain("Exception");
        }
    }

    @Test
    void operatorReadsTheInterfaceDescription() throws IOException {
        HttpResponse<String> description = operator.get("/actuator/openapi");

        assertThat(description.headers().firstValue("Content-Type")).hasValue("application/yaml");
        assertThat(description.body()).isEqualTo(
                Files.readString(Path.of("src/main/resources/openapi/filestream.yaml")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator//jolokia/list", "/actuator/jolokia;x=1/list", "/actuator/%6aolokia/list",
        "/actuator/x/../jolokia/list", "//actuator/jolokia/list", "/actuator/./jolokia/list", "/Actuator/Jolokia/list",
        "/actuator/hawtio/..;/jolokia/list", "/actuator/health/../jolokia/list", "/actuator/health/..;/jolokia/list",
        "/actuator/health/%2e%2e/jolokia/list", "/actuator/prometheus/../jolokia/list", "/actuator/info;/../jolokia"})
    void oddSpellingsOfAPathDoNotLeadAroundTheLogin(String path) {
        String answer = stage.service().management().raw("GET " + path
                + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).containsPattern("^HTTP/1.1 (400|401) ").doesNotContain("Exception", "\"agent\"");
    }

    @ParameterizedTest
    @CsvSource({"admin, wrong", "admin, ''", "somebody, only-for-tests", "admin, ONLY-FOR-TESTS"})
    void wrongPairIsNotLetIn(String user, String password) {
        ConsoleSession session = new ConsoleSession(management(), false);

        assertThat(session.logIn(user, password).headers().firstValue("Location"))
                .hasValue(management() + "/login?error");
        assertThat(session.get("/actuator/hawtio/jolokia/version").statusCode()).isEqualTo(401);
    }

    @Test
    void pageOfTheLoginNamesProductAndHost() {
        String host = System.getenv().getOrDefault("HOSTNAME", management().getHost());

        assertThat(new ConsoleSession(management(), false).get("/login").body())
                .contains("<title>ccmessaging-filestream on " + host + "</title>").endsWith("</html>");
    }

    @Test
    void userSeesTheConsoleUnderTheirNameUntilTheyLogOut() {
        ConsoleSession session = loggedIn();
        assertThat(session.get("/actuator/hawtio/").body()).contains("<title>");
        assertThat(session.get("/actuator/hawtio/user").body()).isEqualTo("\"admin\"");
        assertThat(session.get("/actuator/hawtio/hawtconfig.json").body()).contains("ccmessaging-filestream");
        assertThat(session.get("/actuator/hawtio/jolokia").body()).as("Hawtio asks where Jolokia is")
                .isEqualTo("{\"value\":{\"agent\":\"\"}}");
        assertThat(session.jolokia(Map.of("type", "version")).statusCode()).isEqualTo(200);

        assertThat(session.get("/actuator/hawtio/auth/logout").statusCode()).isEqualTo(302);

        assertThat(session.get("/actuator/hawtio/").statusCode()).isEqualTo(302);
        assertThat(session.get("/actuator/jolokia/version").statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator", "/actuator/env", "/actuator/hawtio/proxy/http/localhost/1/", "/"})
    void userGetsNothingBesidesTheConsole(String path) {
        assertThat(operator.get(path).statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/readiness", "/actuator/health/liveness",
        "/actuator/prometheus"})
    void probesAndScrapersNeedNoLogin(String path) {
        assertThat(stage.service().management().get(path).status()).isEqualTo(200);
    }

    @Test
    void healthShowsItsComponentsToWhoIsLoggedInAlone() {
        assertThat(operator.get("/actuator/health").body()).contains("\"components\"", "\"storages\"", "\"api\"");
        assertThat(stage.service().management().get("/actuator/health").text()).isEqualTo("{\"status\":\"UP\","
                + "\"groups\":[\"liveness\",\"readiness\",\"storage\"]}");
        assertThat(without.service().management().get("/actuator/health").text()).doesNotContain("components");
    }

    /** {@code Api} compares the responses, such as those of {@link FilesEndpointTest}, with the description. */
    @Test
    void apiPortHasNoFilterAndNoPathOfTheConsole() {
        assertThat(stage.service().bean(ListableBeanFactory.class).getBeanNamesForType(Filter.class))
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("security"));
        for (String path : new String[] {"/", "/login", "/actuator/hawtio", "/actuator/jolokia", "/actuator/routes",
            "/error"}) {
            assertThat(stage.api().get(path).status()).as(path).isEqualTo(404);
        }
    }

    static Stream<String> ofAConsole() {
        return Stream.concat(closed().filter(path -> !path.equals("/error")),
                Stream.of("/actuator/hawtio", "/actuator/hawtio/", "/login"));
    }

    @ParameterizedTest
    @MethodSource("ofAConsole")
    void portWithoutAConsoleServesNothingButHealthAndMetrics(String path) {
        assertThat(without.service().management().get(path).status()).isEqualTo(404);
        assertThat(without.service().management().send("POST", path, BodyPublishers.noBody()).status()).isEqualTo(404);
    }

    @Test
    void serviceWithoutAConsoleRegistersNoMBeans() {
        assertThat(without.service().bean(CamelContext.class).getManagementStrategy().getManagementAgent()).isNull();
    }

    @Test
    void routesAreShownWithTheirCountsAndTheirSource() {
        stage.api().download(request("standard", "hello.txt"));

        assertThat(operator.exec(CONTEXT, "dumpRoutesStatsAsXml(boolean,boolean)", true, true).at("/value").asText())
                .containsPattern("<routeStat id=\"download-file-stream\"[^>]* exchangesTotal=\"[1-9]");
        assertThat(operator.exec(ConsoleSession.route("storage-multimedia-library"), "dumpRouteAsXml()").at("/value")
                .asText()).contains("<doCatch", "id=\"no-object-key\" customId=\"true\"").doesNotContain("onException");
        assertThat(operator.exec(CONTEXT, "dumpRoutesAsYaml()").at("/value").asText())
                .contains("id: storage-local", "id: read-filesystem", "object-key-standard");
    }

    private static void assertForbidden(JsonNode answer) {
        assertThat(answer.get("status").asInt()).as(answer.toString()).isEqualTo(403);
        assertThat(answer.has("value")).isFalse();
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/console/forbidden-operations.csv", delimiter = '|')
    void operationThatIsNotNamedByThePolicyIsForbidden(String mbean, String operation) {
        String name = mbean.replace("CONTEXT", CONTEXT).replace("ROUTE", ConsoleSession.route("storage-standard"));
        CamelContext camel = stage.service().bean(CamelContext.class);
        int routes = camel.getRoutesSize();

        assertForbidden(operator.exec(name, operation));
        assertThat(camel.getStatus()).isEqualTo(ServiceStatus.Started);
        assertThat(camel.getRoutesSize()).isEqualTo(routes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SystemProperties", "InputArguments"})
    void commandLineAndSystemPropertiesAreNotShown(String attribute) {
        assertForbidden(operator.json(operator.jolokia(
                Map.of("type", "read", "mbean", "java.lang:type=Runtime", "attribute", attribute))));
        for (String mbean : new String[] {"java.lang:type=Runtime", "java.lang:*"}) {
            assertThat(operator.jolokia(Map.of("type", "read", "mbean", mbean)).body())
                    .doesNotContain("java.class.path", "java.home");
            assertThat(operator.jolokia(Map.of("type", "read", "mbean", mbean,
                    "config", Map.of("ignoreErrors", "true"))).body()).doesNotContain("java.class.path", "java.home");
        }
    }
}
