package org.ccmessaging.filestream.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.management.ManagementFactory;
import java.util.Map;
import javax.management.ObjectName;
import org.ccmessaging.filestream.support.AuditLines;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attributes of the MBean of the routes, and the operations that the console's policy allows. */
@Isolated("counts lines that other tests would write")
class RoutesMBeanTest extends ConsoleOfAService {

    private static final String MBEAN = RoutesMBean.NAME;

    @Override
    Stage open() throws Exception {
        return withMadeUpRoutes();
    }

    @AfterAll
    void stop() throws Exception {
        stage.close();
        assertThat(ManagementFactory.getPlatformMBeanServer().isRegistered(new ObjectName(MBEAN))).isFalse();
    }

    private JsonNode attributes() {
        return operator.json(operator.jolokia(Map.of("type", "read", "mbean", MBEAN))).get("value");
    }

    private String run(String operation, Object... arguments) {
        JsonNode answer = operator.exec(MBEAN, operation, arguments);
        assertThat(answer.get("status").asInt()).as(answer.toString()).isEqualTo(200);
        return answer.get("value").asText();
    }

    @Test
    void attributesAreLinesOfTextAndTheHistoryIsRows() {
        routes().edit("- route: rows");
        run("reload()");
        JsonNode shown = attributes();

        assertThat(shown.get("Sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(shown.get("MadeBy").asText()).isEqualTo("console user admin");
        assertThat(shown.get("Label").asText()).isEqualTo("release 7");
        assertThat(shown.get("FilesDiffer").asText()).isEqualTo("no");
        assertThat(shown.get("LastRejection").asText()).isEqualTo("none");
        routes().stage("checking").stage("trying 34 of 91");
        assertThat(attributes().get("Stages").asText())
                .isEqualTo("2026-11-26T08:00:00Z  checking | 2026-11-26T08:00:00Z  trying 34 of 91");
        assertThat(shown.get("Draining").asText()).isEqualTo(String.valueOf(shown.get("Generation").asInt() - 1));
        assertThat(shown.get("001").asText()).startsWith("generation=" + shown.get("Generation") + " since="
                + shown.get("Since").asText() + " by=console user admin label=release 7 sha256=");
        assertThat(shown.has("002")).isTrue();
        assertThat(shown).allSatisfy(value -> assertThat(value.asText()).doesNotContain("\n"));
    }

    @Test
    void operationsSayWhatCameOfThem() {
        routes().edit("- route: broken", "a.camel.yaml:1:1  error R001  wrong");
        assertThat(run("check()")).startsWith("rejected at stage check: generation ").endsWith("error R001  wrong");
        assertThat(run("reload")).startsWith("rejected at stage check");
        assertThat(attributes().get("LastRejection").asText())
                .contains("stage=check by=console user admin", "errors=a.camel.yaml:1:1  error R001  wrong");

        routes().edit("- route: well");
        assertThat(run("check")).startsWith("passed (");
        assertThat(run("reload()")).matches("generation \\d+ serves \\(1\\.2 s\\)");
        assertThat(run("rollback(int)", 1)).matches("generation \\d+ serves \\(.*");
        assertThat(attributes().get("FilesDiffer").asText()).contains("stays until the files change again");
        assertThat(routes().callers()).endsWith("check: console user admin", "reload: console user admin",
                "rollback 1: console user admin");
    }

    @ParameterizedTest
    @CsvSource({"rollback(long)", "rollback(java.lang.String)", "stop", "getAttribute", "status()", "history()"})
    void operationThatThePolicyDoesNotNameIsForbidden(String operation) {
        assertThat(operator.exec(MBEAN, operation, 1).get("status").asInt()).isEqualTo(403);
    }

    @Test
    void rollbackToAGenerationThatIsNotThereFailsAndTheAuditLogSaysSo() {
        try (AuditLines audit = new AuditLines()) {
            JsonNode answer = operator.exec(MBEAN, "rollback(int)", 99);

            assertThat(answer.get("status").asInt()).isGreaterThanOrEqualTo(400);
            assertThat(answer.get("error").asText()).contains("there is no generation 99; the last ones: ");
            assertThat(audit.lines("console operation")).singleElement().satisfies(line -> {
                assertThat(line.get("outcome").asText()).isEqualTo("failed");
                assertThat(line.get("reason").asText()).contains("there is no generation 99; the last ones: ");
            });
        }
    }
}
