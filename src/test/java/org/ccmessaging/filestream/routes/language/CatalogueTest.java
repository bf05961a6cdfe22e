package org.ccmessaging.filestream.routes.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.catalog.impl.DefaultRuntimeCamelCatalog;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.language.simple.SimpleTokenizer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/**
 * The language of routes classes everything that the Camel on the class path has, as open or as closed. What an
 * upgrade of Camel brings fails here until somebody has decided.
 */
class CatalogueTest {

    private static final Map<String, Object> LANGUAGE = read();
    private static final JsonNode CAMEL = camel();
    private static final DefaultRuntimeCamelCatalog CATALOGUE = catalogue();
    private static final Set<String> COMMON = Set.of("id", "description", "note", "disabled");

    private static Map<String, Object> read() {
        return new Yaml().load(CatalogueTest.class.getResourceAsStream("/route-check/route-language.yaml"));
    }

    private static JsonNode camel() {
        try (InputStream json = CatalogueTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return new ObjectMapper().readTree(json).get("items");
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static DefaultRuntimeCamelCatalog catalogue() {
        DefaultRuntimeCamelCatalog catalogue = new DefaultRuntimeCamelCatalog();
        catalogue.setCamelContext(new DefaultCamelContext());
        return catalogue;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Map<String, Object>> entries(String kind) {
        return (Map<String, Map<String, Object>>) LANGUAGE.get(kind);
    }

    @SuppressWarnings("unchecked")
    private static Collection<String> closed(String kind) {
        return ((Map<String, Collection<String>>) LANGUAGE.get("closed")).get(kind);
    }

    private static Set<String> names(JsonNode map) {
        Set<String> names = new TreeSet<>();
        map.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode definition(String name) {
        return CAMEL.at("/definitions/org.apache.camel.model." + name);
    }

    private static Set<String> languages() {
        Set<String> languages = names(definition("language.ExpressionDefinition").path("properties"));
        languages.removeAll(Set.of("id", "expression", "trim"));
        return languages;
    }

    /** The fields of a map of Camel's, whichever form it has. */
    private static Set<String> fields(JsonNode reference) {
        JsonNode map = reference;
        while (map.has("$ref") && !map.has("properties")) {
            map = CAMEL.at("/definitions/" + map.get("$ref").asText().replaceFirst(".*/", ""));
        }
        Set<String> fields = names(map.path("properties"));
        for (String keyword : List.of("oneOf", "anyOf")) {
            map.path(keyword).forEach(form -> fields.addAll(fields(form)));
        }
        return fields;
    }

    private static void assertClassed(String what, Collection<String> ofCamel, Collection<String> open,
            Collection<String> closed) {
        assertThat(ofCamel).as("%s of Camel that route-language.yaml classes neither as open nor as closed", what)
                .allMatch(name -> open.contains(name) || closed.contains(name));
        assertThat(closed).as("closed %s that Camel does not have, or that are open", what)
                .allMatch(name -> ofCamel.contains(name) && !open.contains(name));
    }

    @Test
    void everyElementStepLanguageAndDataFormatIsOpenOrClosed() {
        Set<String> formats = fields(definition("UnmarshalDefinition"));
        formats.removeAll(Set.of("id", "description", "note", "disabled", "allowNullBody", "variableSend",
                "variableReceive"));

        assertClassed("elements", names(CAMEL.path("properties")), entries("elements").keySet(), closed("elements"));
        assertClassed("steps", names(definition("ProcessorDefinition").path("properties")), entries("steps").keySet(),
                closed("steps"));
        assertClassed("languages", languages(), entries("languages").keySet(), closed("languages"));
        assertClassed("data formats", formats, entries("formats").keySet(), closed("formats"));
    }

    static Stream<String> maps() {
        return Stream.of("elements", "steps", "parts", "languages", "formats")
                .flatMap(kind -> entries(kind).keySet().stream());
    }

    /** Where Camel's schema has a map of the language. */
    private static JsonNode map(String name) {
        return switch (name) {
            case "route", "routeConfiguration" -> CAMEL.at("/properties/" + name);
            case "when" -> definition("WhenDefinition");
            case "onWhen" -> definition("OnWhenDefinition");
            case "otherwise" -> definition("OtherwiseDefinition");
            case "doCatch" -> definition("CatchDefinition");
            case "doFinally" -> definition("FinallyDefinition");
            case "headers" -> definition("SetHeaderDefinition");
            case "variables" -> definition("SetVariableDefinition");
            case "from", "errorHandler", "onException", "onFallback", "redeliveryPolicy", "resilience4jConfiguration" ->
                    definition(name.substring(0, 1).toUpperCase() + name.substring(1) + "Definition");
            case "noErrorHandler" -> definition("errorhandler.NoErrorHandlerDefinition");
            case "constant", "simple" ->
                    definition("language." + name.substring(0, 1).toUpperCase() + name.substring(1) + "Expression");
            case "jsonpath" -> definition("language.JsonPathExpression");
            case "json" -> definition("dataformat.JsonDataFormat");
            case "base64" -> definition("dataformat.Base64DataFormat");
            default -> definition("ProcessorDefinition").path("properties").path(name);
        };
    }

    @ParameterizedTest
    @MethodSource("maps")
    @SuppressWarnings("unchecked")
    void everyFieldIsOpenOrClosed(String name) {
        Map<String, Object> entry = Stream.of("elements", "steps", "parts", "languages", "formats")
                .map(kind -> entries(kind).get(name)).filter(found -> found != null).findFirst().orElseThrow();
        Set<String> ofCamel = fields(map(name));
        Set<String> open = new TreeSet<>(((Map<String, Object>) entry.getOrDefault("fields", Map.of())).keySet());
        Collection<String> closed = (Collection<String>) entry.getOrDefault("closed", List.of());
        if (!entries("languages").containsKey(name)) {
            // An expression is in one of the languages, and every step has these.
            ofCamel.removeAll(languages());
            open.add("expression");
        }
        List<String> all = new ArrayList<>(open);
        all.addAll(COMMON);
        all.addAll(entries("formats").keySet());
        all.addAll(closed("formats"));

        assertThat(ofCamel).as("fields of %s that route-language.yaml classes neither as open nor as closed", name)
                .allMatch(field -> all.contains(field) || closed.contains(field));
        assertThat(closed).as("closed fields of %s that Camel does not have", name).isSubsetOf(ofCamel);
    }

    @Test
    void everyFunctionOfSimpleIsOpenOrClosed() throws IOException {
        JsonNode functions = new ObjectMapper().readTree(CATALOGUE.languageJSonSchema("simple")).path("functions");
        Set<String> ofCamel = names(functions).stream().map(name -> name.replaceFirst("[.:(].*", ""))
                .collect(Collectors.toCollection(TreeSet::new));

        assertClassed("functions", ofCamel, entries("functions").keySet(), closed("functions"));
    }

    @Test
    @SuppressWarnings("unchecked")
    void everyOperatorOfSimpleIsOpenOrClosed() throws ReflectiveOperationException {
        var tokens = SimpleTokenizer.class.getDeclaredField("KNOWN_TOKENS");
        tokens.setAccessible(true);
        Set<String> ofCamel = Stream.of((org.apache.camel.language.simple.types.SimpleTokenType[]) tokens.get(null))
                .filter(token -> token != null && (token.isBinary() || token.isLogical() || token.isUnary()
                        || token.getValue().equals("-"))).map(token -> token.getValue()).collect(Collectors.toSet());

        assertClassed("operators", ofCamel, (Collection<String>) LANGUAGE.get("operators"), closed("operators"));
    }

    static Stream<String> components() {
        return entries("components").keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("components")
    @SuppressWarnings("unchecked")
    void everyOptionIsOpenOrClosed(String scheme) throws IOException {
        Map<String, Object> component = entries("components").get(scheme);
        Set<String> open = new TreeSet<>(((Map<String, Object>) component.get("options")).keySet());
        open.addAll((Collection<String>) component.get("path"));

        assertClassed("options of " + scheme, names(new ObjectMapper().readTree(CATALOGUE.componentJSonSchema(scheme))
                .path("properties")), open, (Collection<String>) component.getOrDefault("closed", List.of()));
    }

    @Test
    void everyFieldHasATypeWithLimits() {
        RouteLanguage language = RouteLanguage.ofProduct();
        Stream.of("elements", "steps", "parts", "languages", "formats", "components").flatMap(kind ->
                entries(kind).entrySet().stream()).forEach(entry -> assertThat(entry.getValue().getOrDefault("fields",
                        entry.getValue().get("options"))).as(entry.getKey())
                        .asInstanceOf(InstanceOfAssertFactories.MAP).doesNotContainValue(Map.of()));

        assertThat(language.allFields()).hasSizeGreaterThan(100).allSatisfy((field, type) -> {
            assertThat(language.types()).as(field).containsKey(type.kind());
            assertThat(language.types().get(type.kind()).most()).as(field).isLessThanOrEqualTo(16_384);
            assertThat(type.kind().equals("enum")).as(field).isEqualTo(!type.values().isEmpty());
        });
    }

    @Test
    void everyEntryHasASentenceForAuthors() {
        for (String kind : List.of("elements", "steps", "parts", "languages", "formats", "functions", "components")) {
            assertThat(entries(kind)).allSatisfy((name, entry) ->
                    assertThat((String) entry.get("says")).as(name).isNotBlank().endsWith("."));
        }
    }
}
