package org.ccmessaging.filestream.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.cli.FailedStart;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/**
 * The unit, the compose file and the Dockerfile, as far as a test can tell without systemd and Docker. {@code
 * DeployedServiceIT} runs their commands.
 */
class DeployFilesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path COMPOSE = Path.of("deploy", "compose");

    private static JsonNode compose(String stem) throws IOException {
        return JSON.valueToTree(new Yaml().load(Files.readString(COMPOSE.resolve(stem + ".yaml"))));
    }

    private static Set<String> all(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.MULTILINE).matcher(text).results().map(MatchResult::group)
                .collect(Collectors.toSet());
    }

    @Test
    void unitDoesNotRestartForAWrongConfigurationAndDoesForTheRestAndNeedsNoFileOfVariables() throws IOException {
        String unit = Files.readString(Path.of("deploy", "systemd", "ccmessaging-filestream.service"));

        assertThat(unit).contains("\nRestart=on-failure\n",
                "\nRestartPreventExitStatus=" + FailedStart.CONFIGURATION + "\n", "\nEnvironmentFile=-");
        assertThat(unit).doesNotContainPattern("(?m)^RestartPreventExitStatus=.*\\b" + FailedStart.OTHER + "$");
    }

    @Test
    void everyImageOfComposeHasAVersion() throws IOException {
        assertThat(compose("compose").at("/services")).filteredOn(service -> !service.has("build"))
                .isNotEmpty().allSatisfy(service -> assertThat(service.path("image").asText())
                        .matches("docker\\.io/[a-z]+/[a-z0-9]+:\\$\\{[A-Z0-9_]+:-[^}]*\\d[^}]*}"));
    }

    @Test
    void policyLetsTheServiceReadAndNotWrite() throws IOException {
        JsonNode policy = JSON.readTree(Path.of("deploy/s3-read-only-policy.json").toFile());

        assertThat(policy.findValues("Effect")).extracting(JsonNode::asText).containsOnly("Allow");
        assertThat(policy.findValues("Action").toString()).isEqualTo("[[\"s3:GetObject\"], [\"s3:ListBucket\"]]");
    }

    @Test
    void exampleHasEveryVariableThatComposeAsksFor() throws IOException {
        String example = Files.readString(COMPOSE.resolve("example.env"));
        String compose = compose("compose").toString();
        Set<String> required = all("(?<=\\$\\{)[A-Z_0-9]+(?=:\\?)", compose);

        assertThat(required).hasSizeGreaterThan(3);
        assertThat(all("^[A-Z_0-9]+(?==)", example)).containsAll(required);
        assertThat(all("^# [A-Z0-9_]+(?==)", example))
                .hasSameSizeAs(all("(?<=\\$\\{)[A-Z_0-9]+_TAG(?=:-)", compose));
    }

    @Test
    void prometheusOfComposeHandsItsAlertsOn() throws IOException {
        JsonNode alertmanager = compose("alertmanager");

        assertThat(compose("prometheus").at("/alerting/alertmanagers/0/static_configs/0/targets/0").asText())
                .isEqualTo("alertmanager:9093");
        assertThat(compose("compose").at("/services").has("alertmanager")).isTrue();
        assertThat(alertmanager.at("/receivers").findValuesAsText("name"))
                .contains(alertmanager.at("/route/receiver").asText());
    }

    /** Maven copies no connector that the tests have in their scope, so none may be there while it copies one. */
    @Test
    void connectorThatTestsUseCanBeCopied() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));

        assertThat(pom.substring(0, pom.indexOf("<profiles>"))).doesNotContainPattern(
                "<artifactId>camel-(?!test)[\\w-]+</artifactId>\\s*(<version>.*</version>\\s*)?<scope>test</scope>");
        assertThat(pom).containsSubsequence("<name>!connector</name>", "camel-kafka", "<name>connector</name>");
    }

    /** Libraries of its own in lib/, or another class path in training, would spoil the archive for connectors. */
    @Test
    void imageReadsConnectorsFromLibAndIsTrainedAsItStarts() throws IOException {
        String dockerfile = Files.readString(Path.of("Dockerfile"));
        String main = FileStreamApplication.class.getName();

        assertThat(dockerfile).contains(" extract --layers --destination layers --libraries libraries ",
                "\"-cp\", \"ccmessaging-filestream.jar:lib/*\", \"" + main + "\"]");
        assertThat(Files.readString(Path.of("deploy/train")))
                .contains("\njava \"$@\" -cp 'ccmessaging-filestream.jar:lib/*' " + main + " ");
    }
}
