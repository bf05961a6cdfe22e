package org.ccmessaging.filestream.supplychain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code security/vex.json} is a document of OpenVEX 0.2.0, and what its statements rest on is so. */
class VexTest {

    private static final Set<String> JUSTIFICATIONS = Set.of("component_not_present", "vulnerable_code_not_present",
            "vulnerable_code_not_in_execute_path", "vulnerable_code_cannot_be_controlled_by_adversary",
            "inline_mitigations_already_exist");

    /** One statement, about one advisory. */
    record Statement(JsonNode json) {

        String text(String member) {
            return json.path(member).asText();
        }

        List<String> subcomponents() {
            return json.at("/products/0/subcomponents").findValuesAsText("@id");
        }

        /** OpenVEX has no member for what proves a premise, so each proof is a line of {@code status_notes}. */
        List<String> proofs(String kind) {
            return found("(?m)^proof: " + kind + ":(\\S+)$", text("status_notes"));
        }

        @Override
        public String toString() {
            return json.at("/vulnerability/name").asText();
        }
    }

    private static JsonNode document() throws IOException {
        return new ObjectMapper().readTree(Files.readString(Path.of("security/vex.json")));
    }

    static List<Statement> statements() throws IOException {
        return document().path("statements").valueStream().map(Statement::new).toList();
    }

    @Test
    void documentSaysWhoWroteItAndWhenAndHasNoAdvisoryTwice() throws IOException {
        JsonNode document = document();

        assertThat(document.path("@context").asText()).isEqualTo("https://openvex.dev/ns/v0.2.0");
        assertThat(document.path("@id").asText()).matches("urn:uuid:[0-9a-f-]{36}");
        assertThat(document.path("author").asText()).isNotBlank();
        assertThat(Instant.parse(document.path("timestamp").asText())).isBefore(Instant.now());
        assertThat(document.path("version").isIntegralNumber()).isTrue();
        assertThat(statements()).extracting(Statement::toString).doesNotHaveDuplicates()
                .allMatch(cve -> cve.matches("CVE-\\d{4}-\\d{4,}"));
    }

    @ParameterizedTest
    @MethodSource("statements")
    void statementHasWhatItsStatusDemands(Statement statement) {
        assertThat(statement.text("status_notes")).isNotBlank();
        switch (statement.text("status")) {
            case "not_affected" -> {
                assertThat(statement.text("justification")).isIn(JUSTIFICATIONS);
                assertThat(statement.json().has("impact_statement")).as("beside a justification").isFalse();
                assertThat(statement.proofs("(?:test|absent)")).isNotEmpty()
                        .hasSameSizeAs(found("(?m)^(proof)", statement.text("status_notes")));
            }
            case "affected" -> assertThat(statement.text("action_statement")).isNotBlank();
            case "fixed", "under_investigation" -> assertThat(statement.json().has("justification")).isFalse();
            default -> throw new AssertionError("OpenVEX has no status " + statement.text("status"));
        }
    }

    @Test
    void everyTestThatProvesAPremiseExists() throws IOException {
        String sources = allTextsOf("src/test/java");

        assertThat(statements()).flatExtracting(statement -> statement.proofs("test")).isNotEmpty()
                .allSatisfy(proof -> assertThat(sources).containsPattern(
                        "class " + proof.replace(".", "\\b[^\f]*@(Test|ParameterizedTest)\\b[^\f]*void ") + "\\("));
    }

    /** Prints the number, so that each build shows it. */
    @Test
    void readmeSaysHowManyStatementsAreUnderInvestigation() throws IOException {
        String number = statements().stream().map(statement -> statement.text("status"))
                .filter("under_investigation"::equals).count() + " statements are `under_investigation`";
        System.out.println("security/vex.json: " + number);

        assertThat(Path.of("security/README.md")).content().contains(number);
    }

    @ParameterizedTest
    @MethodSource("statements")
    void statementIsAboutThisVersion(Statement statement) {
        assertThat(statement.json().path("products")).hasSize(1);
        assertThat(Path.of("pom.xml")).content().contains(statement.json().at("/products/0/@id").asText()
                .replaceFirst("pkg:maven/.+/(.+)@(.+)", "<artifactId>$1</artifactId>\n  <version>$2</version>"));
        assertThat(statement.subcomponents()).isNotEmpty().allMatch(purl -> purl.matches("pkg:maven/.+/.+@.+"));
    }

    // What the statements rest on

    @Test
    void routesUseNothingOfWhichAnAdvisorySpeaks() throws IOException {
        String routes = allTextsOf("routes");

        assertThat(found("uri: \"?([a-z0-9-]+)", routes)).isSubsetOf("platform-http", "direct", "aws2-s3", "sql");
        assertThat(routes).doesNotContainPattern("uri: \"?platform-http:/*proxy").doesNotContainPattern("\\b(saga|xpath"
                + "|toD|wireTap|enrich|pollEnrich|recipientList|routingSlip|dynamicRouter):");
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

    /** A form feed is between two files. */
    private static String allTextsOf(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(Files::isRegularFile).map(file -> contentOf(file.toFile()))
                    .collect(Collectors.joining("\f"));
        }
    }
}
