package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFile.Node;
import org.ccmessaging.filestream.toolkit.RouteSteps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every file of {@code routes/} keeps to, so that engineers and their editors find their way. */
class RouteFilesTest {

    private static final JsonSchema YAML_DSL = yamlDsl();

    /** Files that hold several routes, or one that is not their subject. */
    private static final Set<String> COLLECTIONS = Set.of("result-codes", "tokens");

    /** Steps that only routes of an installation use. */
    private static final Set<String> FOR_OWN_ROUTES =
            Set.of("requestStream", "takeStream", "giveStream", "recallKey", "rememberKey");

    private static JsonSchema yamlDsl() {
        try (InputStream schema = RouteFilesTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            // Keywords that the draft does not have are for editors, and no reason for a warning.
            JsonMetaSchema dialect = JsonMetaSchema.builder(JsonMetaSchema.getV4())
                    .unknownKeywordFactory((name, context) -> new NonValidationKeyword(name)).build();
            return JsonSchemaFactory.getInstance(VersionFlag.V4, factory -> factory.metaSchema(dialect))
                    .getSchema(schema);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    static List<RouteFile> files() {
        return RouteFile.all();
    }

    static Stream<RouteFile> filesOfOneRoute() {
        return RouteFile.all().stream().filter(file -> !COLLECTIONS.contains(file.stem()));
    }

    @Test
    void folderIsFlatAndHoldsRouteFilesAndTheirTestsOnly() throws IOException {
        Path tests = RouteFile.FOLDER.resolve("tests");
        assertThat(tests).isDirectoryNotContaining(file -> !file.toString().endsWith(".test.yaml"));
        try (Stream<Path> entries = Files.list(RouteFile.FOLDER)) {
            assertThat(entries.filter(entry -> !entry.equals(tests))).isNotEmpty().allSatisfy(entry -> {
                assertThat(entry).isRegularFile();
                assertThat(entry.getFileName().toString()).matches("[a-z0-9-]+\\.camel\\.yaml");
            });
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void fileKeepsToTheYamlDslsSchema(RouteFile file) {
        assertThat(YAML_DSL.validate(file.yaml())).isEmpty();
    }

    @Test
    void schemaRefusesAStepThatDoesNotExist() {
        RouteFile file = files().get(0);

        assertThat(YAML_DSL.validate(file.yaml())).isEmpty();
        ((ArrayNode) file.yaml().at("/0/route/from/steps")).addObject()
                .putObject("proces");
        assertThat(YAML_DSL.validate(file.yaml())).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("filesOfOneRoute")
    void fileIsNamedAfterItsOneRoute(RouteFile file) {
        assertThat(file.routes()).extracting(Node::id).containsExactly(file.stem());
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyRouteAndStepHasAnIdAndADescription(RouteFile file) {
        assertThat(file.nodes()).isNotEmpty().allSatisfy(node -> {
            assertThat(node.id()).as("id of %s", node).matches("[a-z0-9-]+");
            assertThat(node.description()).as("description of %s", node).isNotBlank();
        });
    }

    @Test
    void everyIdIsUsedOnce() {
        assertThat(files().stream().flatMap(file -> file.ids().stream())).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void everyRouteNamesTheResultCodes() {
        RouteFile resultCodes = files().stream().filter(file -> file.stem().equals("result-codes"))
                .findFirst().orElseThrow();

        assertThat(resultCodes.yaml().at("/0/routeConfiguration/id").asText()).isEqualTo("result-codes");
        assertThat(resultCodes.yaml().at("/0/routeConfiguration/description").asText()).isNotBlank();
        assertThat(files()).flatExtracting(RouteFile::routes).isNotEmpty().allSatisfy(route -> assertThat(
                route.definition().path("routeConfigurationId").asText()).as("%s", route).isEqualTo("result-codes"));
    }

    /** Step open-file refers to bean openFile of class OpenFile; step respond-busy to bean respond. */
    @ParameterizedTest
    @MethodSource("files")
    void stepBeanAndClassShareOneName(RouteFile file) {
        assertThat(file.nodes()).filteredOn(node -> node.place().endsWith("/process")).allSatisfy(step -> {
            String bean = step.definition().path("ref").asText();
            String name = bean.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            assertThat(step.id() + "-").as("step of bean %s", bean).startsWith(name + "-");
            assertThat(RouteSteps.all()).containsKey(bean);
        });
    }

    /** So each is described in one place, from which the reference is made too. */
    @ParameterizedTest
    @MethodSource("files")
    void stepOfTheFrameIsDescribedAsItsBean(RouteFile file) {
        assertThat(file.nodes()).filteredOn(node -> node.place().endsWith("/process")
                && RouteSteps.all().get(node.definition().path("ref").asText()).frame()).allSatisfy(step ->
                assertThat(step.description()).as("%s", step)
                        .isEqualTo(RouteSteps.all().get(step.definition().path("ref").asText()).description()));
    }

    @Test
    void everyStepBeanIsUsedByARoute() {
        Set<String> used = files().stream().flatMap(file -> file.nodes().stream())
                .map(node -> node.definition().path("ref").asText()).collect(Collectors.toSet());

        used.addAll(FOR_OWN_ROUTES);
        assertThat(used).containsAll(RouteSteps.all().keySet());
    }

    @ParameterizedTest
    @MethodSource("files")
    void intentIsInDescriptionsSinceEditorsDropComments(RouteFile file) {
        assertThat(file.text().lines()).noneMatch(line -> line.stripLeading().startsWith("#"));
    }
}
