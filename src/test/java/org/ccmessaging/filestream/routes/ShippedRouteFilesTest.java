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
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Each file of {@code routes/} is what Camel, Kaoto and a reader expect of it. */
class ShippedRouteFilesTest {

    private static final JsonSchema CANONICAL = canonical();

    private static final RouteSet SHIPPED = OwnRoutes.shipped();

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

    static Set<Path> files() {
        return SHIPPED.files().contents().keySet();
    }

    /** The file, as the YAML parser that Camel uses reads it. */
    private static JsonNode yaml(Path file) throws IOException {
        return new ObjectMapper().valueToTree(
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
    }

    private static List<Step> clauses() {
        return SHIPPED.configurations().get(0).children();
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
    void fileIsCanonicalSoThatKaotoKeepsItsMeaning(Path file) throws IOException {
        assertThat(CANONICAL.validate(yaml(file))).isEmpty();
    }

    @Test
    void schemaRefusesAnUnknownStepAndCompactNotation() throws IOException {
        for (String step : List.of("{\"proces\": {\"ref\": \"respond\"}}", "{\"to\": \"direct:a\"}",
                "{\"setBody\": {\"simple\": {\"expression\": \"a\"}}}")) {
            JsonNode yaml = yaml(SHIPPED.files().contents().firstKey());
            assertThat(CANONICAL.validate(yaml)).isEmpty();
            ((ArrayNode) yaml.at("/0/route/from/steps")).add(new ObjectMapper().readTree(step));

            assertThat(CANONICAL.validate(yaml)).as(step).isNotEmpty();
        }
    }

    @Test
    void fileIsNamedAfterItsOneRoute() {
        assertThat(files()).filteredOn(file -> !COLLECTIONS.contains(file.getFileName().toString()))
                .allSatisfy(file -> assertThat(SHIPPED.elements().stream()
                        .filter(element -> element.place().file().equals(file)).map(Step::id))
                        .containsExactly(file.getFileName().toString().replace(".camel.yaml", "")));
    }

    @Test
    void everyRouteClauseAndStepHasAnIdOfItsOwn() {
        List<String> ids = SHIPPED.elements().stream().flatMap(Step::withAllBelow).map(Step::id).toList();

        assertThat(ids).hasSizeGreaterThan(80).doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).matches("[a-z0-9-]+"));
    }

    /** The steps that need none say it by their id: the two of a clause, and those that a branch has in one line. */
    @Test
    void everyRouteAndClauseAndEveryStepOfTheRequestFlowSaysItsIntent() {
        assertThat(Stream.of(SHIPPED.elements().stream(), clauses().stream(), requestFlow())
                .flatMap(parts -> parts)).allSatisfy(part ->
                        assertThat(part.field("description").text()).as(part.id()).isNotBlank());
    }

    private static Stream<Step> requestFlow() {
        return SHIPPED.route("download-file-stream").orElseThrow().allSteps()
                .filter(step -> !Set.of("when", "otherwise").contains(step.name()));
    }

    @Test
    void requestFlowIsReadFromTopToBottom() {
        assertThat(requestFlow()).extracting(Step::id).containsExactly("record-download", "authenticate",
                "read-body", "admit", "parse-request", "check-request", "to-choose-storage", "read-first-chunk",
                "set-success", "encode", "encode-in-memory", "encode-stream", "respond");
    }

    /** The order of reading: what a part is before what is in it, a condition before its steps. */
    @ParameterizedTest
    @MethodSource("files")
    void keysAreInTheOrderOfReading(Path file) throws IOException {
        List<String> order = List.of("id", "description", "precondition", "routeConfigurationId", "errorHandler",
                "exception", "onWhen", "expression", "handled", "from", "uri", "parameters", "steps", "when",
                "doCatch", "otherwise");

        assertOrder(yaml(file), order);
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
        assertThat(SHIPPED.configurations()).extracting(Step::id).containsExactly("result-codes");
        assertThat(SHIPPED.routes()).isNotEmpty().allSatisfy(route ->
                assertThat(route.field("routeConfigurationId").text()).as(route.id()).isEqualTo("result-codes"));
    }

    /** Step open-file refers to bean openFile of class OpenFile; step respond-busy to bean respond. */
    @Test
    void stepBeanAndClassShareOneName() {
        assertThat(SHIPPED.allSteps()).filteredOn(step -> step.name().equals("process")).isNotEmpty()
                .allSatisfy(step -> {
            String name = step.bean().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            assertThat(step.id() + "-").as("step of bean %s", step.bean()).startsWith(name + "-");
        });
    }

    @ParameterizedTest
    @MethodSource("files")
    void intentIsInDescriptionsSinceEditorsDropComments(Path file) {
        assertThat(file).content().doesNotContainPattern("(?m)^ *#");
    }

    @Test
    void routesStayShort() {
        Map<String, String> texts = SHIPPED.files().texts();
        assertThat(texts.values().stream().mapToLong(text -> text.lines().count()).sum()).isLessThanOrEqualTo(LINES);
        assertThat(texts.get("result-codes.camel.yaml").split("\n *- onException:\n")).hasSize(clauses().size() + 1)
                .allSatisfy(clause -> assertThat(clause.lines().count() + 1).isLessThanOrEqualTo(CLAUSE_LINES));
        for (String branch : List.of("local", "standard")) {
            assertThat(texts.get("storage-" + branch + ".camel.yaml")
                    .replaceAll("(?m)^ *description: .*\n(?: {6}\\S.*\n)*", "").lines())
                    .hasSizeLessThanOrEqualTo(BRANCH_LINES);
        }
    }
}
