package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteYaml.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each file of {@code routes/} is what Camel, Kaoto and a reader expect of it. */
class ShippedRouteFilesTest {

    private static final JsonSchema CANONICAL = canonical();

    /** Files that hold several routes, or one that is not their subject. */
    private static final Set<String> COLLECTIONS = Set.of("result-codes.camel.yaml", "tokens.camel.yaml");

    /** Budgets in lines. That of a branch is without descriptions. */
    private static final int LINES = 600;
    private static final int CLAUSE_LINES = 15;
    private static final int BRANCH_LINES = 10;

    private static JsonSchema canonical() {
        try (InputStream file =
                ShippedRouteFilesTest.class.getResourceAsStream("/schema/camelYamlDsl-canonical.json")) {
            ObjectNode schema = (ObjectNode) new ObjectMapper().readTree(file);
            // Camel 4.22.0 requires every data format at once of an unmarshal.
            ((ObjectNode) schema.at("/items/definitions/org.apache.camel.model.UnmarshalDefinition"))
                    .remove("required");
            // Keywords that the draft does not have are for editors, and no reason for a warning.
            JsonMetaSchema dialect = JsonMetaSchema.builder(JsonMetaSchema.getV4())
                    .unknownKeywordFactory((name, context) -> new NonValidationKeyword(name)).build();
            return JsonSchemaFactory.getInstance(VersionFlag.V4, factory -> factory.metaSchema(dialect))
                    .getSchema(schema);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    static List<Path> files() {
        return RouteYaml.files();
    }

    private static Stream<Node> nodes() {
        return files().stream().flatMap(RouteYaml::nodes);
    }

    /** The steps of all routes and clauses. */
    private static Stream<Node> steps() {
        return Stream.concat(nodes(), RouteYaml.clauses().stream()).flatMap(Node::steps);
    }

    @Test
    void folderIsFlatAndHoldsRouteFilesAndTheirTestsOnly() throws IOException {
        Path tests = Path.of("routes", "tests");

        assertThat(tests).isDirectoryNotContaining(file -> !file.toString().endsWith(".yaml"));
        try (Stream<Path> entries = Files.list(tests.getParent())) {
            assertThat(entries.filter(entry -> !entry.equals(tests))).isNotEmpty().allSatisfy(entry -> {
                assertThat(entry).isRegularFile();
                assertThat(entry.getFileName().toString()).matches("[a-z0-9-]+\\.camel\\.yaml");
            });
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void fileIsCanonicalSoThatKaotoKeepsItsMeaning(Path file) {
        assertThat(CANONICAL.validate(RouteYaml.yaml(file))).isEmpty();
    }

    @Test
    void schemaRefusesAnUnknownStepAndCompactNotation() throws IOException {
        for (String step : List.of("{\"proces\": {\"ref\": \"respond\"}}", "{\"to\": \"direct:a\"}",
                "{\"setBody\": {\"simple\": {\"expression\": \"a\"}}}")) {
            JsonNode yaml = RouteYaml.yaml(files().get(0));
            assertThat(CANONICAL.validate(yaml)).isEmpty();
            ((ArrayNode) yaml.at("/0/route/from/steps")).add(new ObjectMapper().readTree(step));

            assertThat(CANONICAL.validate(yaml)).as(step).isNotEmpty();
        }
    }

    @Test
    void fileIsNamedAfterItsOneRoute() {
        assertThat(files()).filteredOn(file -> !COLLECTIONS.contains(file.getFileName().toString()))
                .allSatisfy(file -> assertThat(RouteYaml.nodes(file).map(route -> route.id() + ".camel.yaml"))
                        .containsExactly(file.getFileName().toString()));
    }

    @Test
    void everyRouteClauseAndStepHasAnIdOfItsOwn() {
        List<String> ids = Stream.of(nodes(), RouteYaml.clauses().stream(), steps()).flatMap(part -> part)
                .map(Node::id).toList();

        assertThat(ids).hasSizeGreaterThan(80).doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).matches("[a-z0-9-]+"));
    }

    /** The steps that need none say it by their id: the two of a clause, and those that a branch has in one line. */
    @Test
    void everyRouteAndClauseAndEveryStepOfTheRequestFlowSaysItsIntent() {
        assertThat(Stream.concat(nodes(), RouteYaml.clauses().stream())).allSatisfy(part ->
                assertThat(part.description()).as(part.id()).isNotBlank());
        assertThat(requestFlow().steps()).allSatisfy(step ->
                assertThat(step.description()).as(step.id()).isNotBlank());
    }

    private static Node requestFlow() {
        return RouteYaml.routes().stream().filter(route -> route.id().equals("download-file-stream")).findFirst()
                .orElseThrow();
    }

    @Test
    void requestFlowIsReadFromTopToBottom() {
        assertThat(requestFlow().steps()).extracting(Node::id).containsExactly("record-download", "authenticate",
                "read-body", "admit", "parse-request", "check-request", "to-choose-storage", "read-first-chunk",
                "set-success", "encode", "encode-in-memory", "encode-stream", "respond");
    }

    /** The order of reading: what a part is before what is in it, a condition before its steps. */
    @ParameterizedTest
    @MethodSource("files")
    void keysAreInTheOrderOfReading(Path file) {
        List<String> order = List.of("id", "description", "precondition", "routeConfigurationId", "errorHandler",
                "exception", "onWhen", "expression", "handled", "from", "uri", "parameters", "steps", "when",
                "doCatch", "otherwise");

        assertOrder(RouteYaml.yaml(file), order);
    }

    private static void assertOrder(JsonNode yaml, List<String> order) {
        if (yaml.isObject()) {
            Stream<String> keys = yaml.properties().stream().map(Map.Entry::getKey).filter(order::contains);
            assertThat(keys.map(order::indexOf)).as(yaml.toString()).isSorted();
        }
        yaml.forEach(child -> assertOrder(child, order));
    }

    @Test
    void everyRouteNamesTheResultCodes() {
        assertThat(RouteYaml.resultCodes().id()).isEqualTo("result-codes");
        assertThat(RouteYaml.routes()).isNotEmpty().allSatisfy(route ->
                assertThat(route.value().path("routeConfigurationId").asText()).as(route.id())
                        .isEqualTo("result-codes"));
    }

    /** Step open-file refers to bean openFile of class OpenFile; step respond-busy to bean respond. */
    @Test
    void stepBeanAndClassShareOneName() {
        assertThat(steps()).filteredOn(step -> step.kind().equals("process")).isNotEmpty().allSatisfy(step -> {
            String bean = step.value().path("ref").asText();
            String name = bean.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            assertThat(step.id() + "-").as("step of bean %s", bean).startsWith(name + "-");
        });
    }

    @ParameterizedTest
    @MethodSource("files")
    void intentIsInDescriptionsSinceEditorsDropComments(Path file) {
        assertThat(file).content().doesNotContainPattern("(?m)^ *#");
    }

    @Test
    void routesStayShort() {
        assertThat(files().stream().mapToLong(file -> RouteYaml.text(file).lines().count()).sum())
                .isLessThanOrEqualTo(LINES);
        assertThat(RouteYaml.text(Path.of("routes", "result-codes.camel.yaml")).split("\n *- onException:\n"))
                .hasSize(RouteYaml.clauses().size() + 1)
                .allSatisfy(clause -> assertThat(clause.lines().count() + 1).isLessThanOrEqualTo(CLAUSE_LINES));
        for (String branch : List.of("local", "standard")) {
            String text = RouteYaml.text(Path.of("routes", "storage-" + branch + ".camel.yaml"));
            assertThat(text.replaceAll("(?m)^ *description: .*\n(?: {6}\\S.*\n)*", "").lines())
                    .hasSizeLessThanOrEqualTo(BRANCH_LINES);
        }
    }
}
