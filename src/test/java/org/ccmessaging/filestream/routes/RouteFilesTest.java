package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.toolkit.RouteSteps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Each file of {@code routes/} follows the rules of form that help engineers and their editors. {@code routes check}
 * reports violations of some of these rules, in the files of authors only.
 */
class RouteFilesTest {

    private static final JsonSchema YAML_DSL = yamlDsl();
    private static final RouteSet SET = OwnRoutes.shipped();

    /** Files that hold several routes, or one that is not their subject. */
    private static final Set<String> COLLECTIONS = Set.of("result-codes.camel.yaml", "tokens.camel.yaml");

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

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(OwnRoutes.SHIPPED)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Reads a file by the YAML parser that Camel uses. */
    private static JsonNode yaml(Path file) throws IOException {
        return new ObjectMapper().valueToTree(new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(file)));
    }

    /** The configuration, routes, steps, branches and clauses of all files. */
    private static Stream<Step> steps() {
        return Stream.of(SET.frame(), SET.authors(), SET.configurations()).flatMap(List::stream)
                .flatMap(Step::withAllBelow);
    }

    @Test
    void folderIsFlatAndHoldsRouteFilesAndTheirTestsOnly() throws IOException {
        Path tests = OwnRoutes.SHIPPED.resolve("tests");
        assertThat(tests).isDirectoryNotContaining(file -> !file.toString().endsWith(".test.yaml"));
        try (Stream<Path> entries = Files.list(OwnRoutes.SHIPPED)) {
            assertThat(entries.filter(entry -> !entry.equals(tests))).isNotEmpty().allSatisfy(entry -> {
                assertThat(entry).isRegularFile();
                assertThat(entry.getFileName().toString()).matches("[a-z0-9-]+\\.camel\\.yaml");
            });
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void fileKeepsToTheYamlDslsSchema(Path file) throws IOException {
        assertThat(YAML_DSL.validate(yaml(file))).isEmpty();
    }

    @Test
    void schemaRefusesAStepThatDoesNotExist() throws IOException {
        JsonNode yaml = yaml(files().get(0));

        assertThat(YAML_DSL.validate(yaml)).isEmpty();
        ((ArrayNode) yaml.at("/0/route/from/steps")).addObject().putObject("proces");
        assertThat(YAML_DSL.validate(yaml)).isNotEmpty();
    }

    private static String file(Step route) {
        return route.place().file().getFileName().toString();
    }

    @Test
    void fileIsNamedAfterItsOneRoute() throws IOException {
        List<Step> routes = SET.routes().stream().filter(route -> !COLLECTIONS.contains(file(route))).toList();

        assertThat(routes).extracting(RouteFilesTest::file).containsExactlyInAnyOrderElementsOf(files().stream()
                .map(file -> file.getFileName().toString()).filter(file -> !COLLECTIONS.contains(file)).toList());
        assertThat(routes).allSatisfy(route -> assertThat(route.id() + ".camel.yaml").isEqualTo(file(route)));
    }

    @Test
    void everyRouteAndStepHasAnIdOfItsOwnAndADescription() {
        List<Value> named = Stream.concat(steps().map(Step::value),
                SET.routes().stream().map(route -> route.field("from"))).toList();

        assertThat(named).hasSizeGreaterThan(100).allSatisfy(value -> {
            assertThat(value.get("id").text()).as("id of %s", value).matches("[a-z0-9-]+");
            assertThat(value.get("description").text()).as("description of %s", value).isNotBlank();
        });
        assertThat(named).extracting(value -> value.get("id").text()).doesNotHaveDuplicates();
    }

    @Test
    void everyRouteNamesTheResultCodes() {
        assertThat(SET.configurations()).extracting(Step::id).containsExactly("result-codes");
        assertThat(SET.routes()).isNotEmpty().allSatisfy(route -> assertThat(route.field("routeConfigurationId").text())
                .as(route.label()).isEqualTo("result-codes"));
    }

    /** Step open-file refers to bean openFile of class OpenFile; step respond-busy to bean respond. */
    @Test
    void stepBeanAndClassShareOneName() {
        assertThat(steps()).filteredOn(step -> step.bean().isPresent()).isNotEmpty().allSatisfy(step -> {
            String name = step.bean().text().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            assertThat(step.id() + "-").as("step of bean %s", step.bean().text()).startsWith(name + "-");
            assertThat(RouteSteps.all()).containsKey(step.bean().text());
        });
    }

    /** So each is described in one place, from which the reference is made too. */
    @Test
    void stepOfTheFrameIsDescribedAsItsBean() {
        assertThat(steps()).filteredOn(step -> step.bean().isPresent()
                && RouteSteps.all().get(step.bean().text()).frame()).isNotEmpty().allSatisfy(step ->
                assertThat(step.description()).as(step.label())
                        .isEqualTo(RouteSteps.all().get(step.bean().text()).description()));
    }

    @Test
    void everyStepBeanIsUsedByARoute() {
        Set<String> used = steps().map(step -> step.bean().text()).collect(Collectors.toSet());

        used.addAll(FOR_OWN_ROUTES);
        assertThat(used).containsAll(RouteSteps.all().keySet());
    }

    @ParameterizedTest
    @MethodSource("files")
    void intentIsInDescriptionsSinceEditorsDropComments(Path file) {
        assertThat(file).content().doesNotContainPattern("(?m)^ *#");
    }
}
