package org.ccmessaging.filestream.supplychain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;

/** {@code security/vex.json} is a document of OpenVEX 0.2.0, and what its statements rest on is so. */
class VexTest {

    private static final Set<String> JUSTIFICATIONS = Set.of("component_not_present", "vulnerable_code_not_present",
            "vulnerable_code_not_in_execute_path", "vulnerable_code_cannot_be_controlled_by_adversary",
            "inline_mitigations_already_exist");

    /** One statement, about one advisory. */
    record Statement(JsonNode json) {

        String cve() {
            return json.at("/vulnerability/name").asText();
        }

        String text(String member) {
            return json.path(member).asText();
        }

        List<String> subcomponents() {
            return json.at("/products/0/subcomponents").findValuesAsText("@id");
        }

        @Override
        public String toString() {
            return cve();
        }
    }

    private static JsonNode document() throws IOException {
        return new ObjectMapper().readTree(Files.readString(Path.of("security/vex.json")));
    }

    static List<Statement> statements() throws IOException {
        return document().path("statements").valueStream().map(Statement::new).toList();
    }

    @Test
    void documentSaysWhoWroteItAndWhen() throws IOException {
        JsonNode document = document();

        assertThat(document.path("@context").asText()).isEqualTo("https://openvex.dev/ns/v0.2.0");
        assertThat(document.path("@id").asText()).matches("urn:uuid:[0-9a-f-]{36}");
        assertThat(document.path("author").asText()).isNotBlank();
        assertThat(Instant.parse(document.path("timestamp").asText())).isBefore(Instant.now());
        assertThat(document.path("version").isIntegralNumber()).isTrue();
    }

    @Test
    void noAdvisoryIsThereTwice() throws IOException {
        assertThat(statements()).extracting(Statement::cve).doesNotHaveDuplicates()
                .allMatch(cve -> cve.matches("CVE-\\d{4}-\\d{4,}"))
                .contains("CVE-2026-95664", "CVE-2026-85316", "CVE-2026-85312", "CVE-2026-78164");
    }

    @ParameterizedTest
    @MethodSource("statements")
    void statementHasWhatItsStatusDemands(Statement statement) {
        switch (statement.text("status")) {
            case "not_affected" -> {
                assertThat(statement.text("justification")).isIn(JUSTIFICATIONS);
                assertThat(statement.text("impact_statement")).isNotBlank();
            }
            case "affected" -> assertThat(statement.text("action_statement")).isNotBlank();
            case "fixed", "under_investigation" -> assertThat(statement.text("status_notes")).isNotBlank();
            default -> throw new AssertionError("OpenVEX has no status " + statement.text("status"));
        }
    }

    @ParameterizedTest
    @MethodSource("statements")
    void statementIsAboutThisVersion(Statement statement) throws Exception {
        Document pom = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse("pom.xml");
        String version = XPathFactory.newDefaultInstance().newXPath().evaluate("/project/version", pom);

        assertThat(statement.json().path("products")).hasSize(1);
        assertThat(statement.json().at("/products/0/@id").asText())
                .isEqualTo("pkg:maven/org.ccmessaging/ccmessaging-filestream@" + version);
        assertThat(statement.subcomponents()).isNotEmpty().allMatch(purl -> purl.matches("pkg:maven/.+/.+@.+"));
    }

    // What the statements rest on

    @Test
    void routesUseNoEndpointOfWhichAnAdvisorySpeaks() throws IOException {
        String routes = allTextsOf("routes");

        assertThat(found("uri: \"?([a-z0-9-]+)", routes)).isSubsetOf("platform-http", "direct", "aws2-s3", "sql");
        assertThat(routes).doesNotContainPattern("uri: \"?platform-http:/*proxy").doesNotContainPattern("\\bsaga:")
                .doesNotContainPattern("\\bxpath:");
    }

    @Test
    void everyUseOfTheS3ComponentSendsARequestObject() throws IOException {
        String routes = allTextsOf("routes");

        assertThat(found("pojoRequest: (true)", routes)).hasSameSizeAs(found("uri: (\"?aws2-s3)", routes)).isNotEmpty();
    }

    @Test
    void noClassUsesPolymorphicTypingOrViewsOfJackson() throws IOException {
        assertThat(allTextsOf("src/main/java"))
                .doesNotContain("activateDefaultTyping", "JsonTypeInfo", "JsonView", "PolymorphicTypeValidator");
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
    }

    private static String allTextsOf(String folder) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file)).append('\n');
            }
        }
        return all.toString();
    }
}
