package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.spi.RouteController;
import org.ccmessaging.filestream.auth.GuessBrake;
import org.ccmessaging.filestream.support.AuditLines;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.OwnThread;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;

/** The lines of the audit log about the console, as a collector reads them. */
@Isolated("counts lines that other tests would write")
@ExpectedErrors.Of(logger = "audit", texts = "brake on guessing started")
class ConsoleAuditTest extends ConsoleOfAService {

    private AuditLines audit;

    @BeforeEach
    void listen() {
        audit = new AuditLines();
    }

    @AfterEach
    void stopListening() {
        audit.close();
    }

    private static void assertFields(JsonNode line, String... namesAndTexts) {
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            assertThat(line.path(namesAndTexts[i]).asText()).as(namesAndTexts[i]).isEqualTo(namesAndTexts[i + 1]);
        }
        assertThat(line.at("/log/logger").asText()).isEqualTo("audit");
        assertThat(line.at("/tags/0").asText()).isEqualTo("audit");
        assertThat(line.get("address").asText()).matches("[0-9a-f.:]+");
    }

    @Test
    void loginAndLogoutAreLinesWithUserAndAddress() {
        loggedIn().get("/actuator/hawtio/auth/logout");

        assertThat(audit.lines()).allSatisfy(line -> assertFields(line, "userName", "admin"))
                .extracting(line -> line.get("message").asText()).containsExactly("console login", "console logout");
        assertThat(audit.text()).doesNotContain(ConsoleSession.PASSWORD);
    }

    @Test
    void failedLoginIsALineWithTheAddressAndCannotForgeAnother() {
        new ConsoleSession(management(), false).logIn("mallory\n" + "x".repeat(1000), "do-not-tell");

        assertThat(audit.lines("console login failed")).singleElement().satisfies(line -> {
            assertFields(line, "reason", "unknown user or wrong password");
            assertThat(line.get("userName").asText()).startsWith("mallory\\u000axxx").hasSizeLessThan(300);
        });
        assertThat(audit.text()).doesNotContain("do-not-tell");
    }

    @Test
    void ofTwoHundredSimultaneousWrongPasswordsTenAreComparedAndAreLines() {
        ConsoleLogin console = new ConsoleLogin(
                stage.service().bean(ConsoleSettings.class), stage.service().bean(GuessBrake.class));
        AtomicInteger compared = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        List<CompletableFuture<Authentication>> logins = OwnThread.each(200, browser -> console.authenticate(
                new UsernamePasswordAuthenticationToken("simultaneous", null) {
                    @Override
                    public Object getCredentials() {
                        compared.incrementAndGet();
                        return OwnThread.supply(() -> end.await(1, TimeUnit.MINUTES)).join();
                    }
                }));

        await().until(() -> compared.get() + logins.stream().filter(CompletableFuture::isDone).count() == 200);
        end.countDown();
        assertThat(logins).allSatisfy(each -> assertThat(each).failsWithin(Duration.ofMinutes(1))
                .withThrowableThat().havingCause().isInstanceOf(AuthenticationException.class));
        assertThat(audit.lines("console login failed")).hasSize(10);
    }

    @Test
    void routeIsStoppedAndStartedAndBothAreLinesWithUserRouteAndOutcome() {
        String route = ConsoleSession.route("storage-standard");
        RouteController routes = stage.service().bean(CamelContext.class).getRouteController();
        assertThat(operator.exec(route, "stop()").get("status").asInt()).isEqualTo(200);
        assertThat(routes.getRouteStatus("storage-standard")).isEqualTo(ServiceStatus.Stopped);
        assertThat(operator.exec(route, "start()").get("status").asInt()).isEqualTo(200);
        assertThat(routes.getRouteStatus("storage-standard")).isEqualTo(ServiceStatus.Started);

        assertThat(audit.lines("console operation")).allSatisfy(line -> assertFields(line, "userName",
                "admin", "routeId", "storage-standard", "mbean", route, "outcome", "done"))
                .extracting(line -> line.get("operation").asText()).containsExactly("stop()", "start()");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"ROUTE | remove() | storage-standard", "CONTEXT | stop() |",
        "java.lang:type=Memory | gc |", "CONTEXT | resetStatistics |",
        "CONTEXT | sendStringBody(java.lang.String,java.lang.String) |"})
    void operationThatIsForbiddenIsALine(String mbean, String operation, String route) {
        String name = mbean.replace("CONTEXT", ConsoleSession.CONTEXT).replace("ROUTE", ConsoleSession.route(route));
        operator.exec(name, operation, "direct:storage-standard", "body");

        assertThat(audit.lines("console operation")).singleElement().satisfies(line -> {
            assertFields(line, "userName", "admin", "mbean", name, "operation", operation, "outcome", "forbidden");
            assertThat(line.path("routeId").asText(null)).isEqualTo(route);
        });
    }

    @Test
    void writeOfAnAttributeAndEachRequestOfABulkOneAreLines() {
        Map<String, Object> write = Map.of("type", "write", "mbean", "java.lang:type=Memory", "attribute", "Verbose",
                "value", true);
        assertThat(operator.json(operator.post("/actuator/jolokia", List.of(write, write), "Origin",
                management().toString())).findValuesAsText("status")).containsExactly("403", "403");

        assertThat(audit.lines("console operation")).hasSize(2).allSatisfy(line -> assertFields(line,
                "operation", "set Verbose", "outcome", "forbidden"));
    }

    @Test
    void reloadThatIsRefusedIsALine() {
        operator.post("/actuator/routes/previous", Map.of(), "Origin", management().toString());

        assertThat(audit.lines("routes rejected")).singleElement().satisfies(line ->
                assertThat(line.get("by").asText()).isEqualTo("user admin"));
    }

    @Test
    void whatOnlyReadsIsNoLine() {
        operator.exec(ConsoleSession.CONTEXT, "dumpRoutesStatsAsXml(boolean,boolean)", true, true);
        operator.exec(ConsoleSession.route("storage-standard"), "dumpRouteAsYaml()");
        operator.exec("org.apache.camel:context=filestream,type=services,name=DefaultInflightRepository", "browse()");
        operator.exec(ConsoleSession.CONTEXT, "componentNames()");
        operator.exec("hawtio:type=security,name=RBACRegistry", "list()");
        for (Map<String, String> request : List.of(Map.of("type", "list", "maxDepth", "1"),
                Map.of("type", "search", "mbean", "java.lang:*"),
                Map.of("type", "read", "mbean", "java.lang:type=Memory"))) {
            assertThat(operator.jolokia(request).body()).contains("\"value\"");
        }

        assertThat(audit.lines("console operation")).isEmpty();
    }

    @Test
    void loadOfTheRoutesIsALine() throws Exception {
        try (Stage other = new Stage(Stage.Kind.FILESYSTEM, Map.of())) {
            assertThat(audit.lines("routes loaded")).singleElement().satisfies(line -> assertThat(
                    other.metrics()).contains("filestream_routes_info{sha256=" + line.get("sha256") + "} 1"));
        }
    }

    @Test
    void guesserByFormOrBasicMustWaitAndFillsNoLog() throws Exception {
        try (Stage other = new Stage(Stage.Kind.FILESYSTEM, ConsoleSession.SETTINGS)) {
            URI port = other.service().management().base();
            for (int guess = 0; guess < 20; guess++) {
                assertThat(new ConsoleSession(port, false).logIn(ConsoleSession.USER, "guess-" + guess).headers()
                        .firstValue("Location")).hasValue(port + "/login?error");
                assertThat(ConsoleSession.basic(port, "guess-" + guess)).isEqualTo(401);
            }

            assertThat(ConsoleSession.basic(port, ConsoleSession.PASSWORD)).isEqualTo(401);
            assertThat(other.metrics()).containsPattern(
                    "filestream_auth_guesses_total\\{outcome=\"braked\",where=\"console\"} [1-9]");
            assertThat(audit.lines("console login failed")).hasSizeBetween(10, 25);
            assertThat(audit.lines("brake on guessing started")).singleElement()
                    .satisfies(line -> assertFields(line, "where", "console", "name", ConsoleSession.USER));
        }
    }
}
