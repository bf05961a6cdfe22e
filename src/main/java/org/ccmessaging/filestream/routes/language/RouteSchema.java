package org.ccmessaging.filestream.routes.language;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.language.RouteLanguage.Entry;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * Makes the JSON schema of route files: Camel's schema of its YAML DSL, narrowed to {@link RouteLanguage}. Editors
 * complete and the check validates with it. Of the forms that Camel accepts it has the one that Kaoto saves.
 */
public final class RouteSchema {

    private static final String RESOURCE = "/schema/camelYamlDsl.json";

    private static final String CAMEL_STEPS = "org.apache.camel.model.ProcessorDefinition";
    private static final String EXPRESSION = "expression";
    private static final String STEPS = "steps";

    /** Required fields that are optional in Camel's schema. */
    private static final Map<String, Set<String>> NEEDED = Map.of("route", Set.of("id", "from"),
            "routeConfiguration", Set.of("id"), "from", Set.of("uri", STEPS), "process", Set.of("ref"),
            "onException", Set.of("exception"), "doCatch", Set.of("exception"), "base64", Set.of("lineLength"));

    /** Maps whose field {@code name} is that of a variable or header which a route sets. */
    private static final Set<String> VARIABLES = Set.of("setVariable", "variables", "removeVariable");
    private static final Set<String> HEADERS = Set.of("setHeader", "headers");
    private static final String NAME = "[A-Za-z][\\w-]*";

    /** Headers that begin with Camel steer components. */
    private static final String HEADER = "(?![Cc][Aa][Mm][Ee][Ll])" + NAME;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RouteLanguage language;
    private final JsonNode camel;
    private final ObjectNode definitions = JSON.createObjectNode();

    private RouteSchema(RouteLanguage language) {
        this.language = language;
        try {
            this.camel = JSON.readTree(RouteSchema.class.getResourceAsStream(RESOURCE)).get("items");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", unreadable);
        }
    }

    /** Returns the schema of a language. */
    public static ObjectNode of(RouteLanguage language) {
        return new RouteSchema(language).schema();
    }

    private ObjectNode schema() {
        ObjectNode schema = JSON.createObjectNode();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", "Route files of ccmessaging-filestream");
        schema.put("type", "array");
        schema.set("items", oneOf("element", language.elements().keySet()));
        JsonNode steps = camel.at("/definitions/" + CAMEL_STEPS + "/properties");
        language.elements().keySet().forEach(name -> define(name, camel.at("/properties/" + name)));
        language.steps().keySet().forEach(name -> define(name, steps.path(name)));
        definitions.set(STEPS, oneOf("step", new TreeSet<>(language.steps().keySet())));
        schema.set("definitions", definitions);
        return schema;
    }

    /** Returns the schema of a map with one key, which names the kind. */
    private static ObjectNode oneOf(String title, Set<String> kinds) {
        ObjectNode map = object(title);
        map.put("minProperties", 1).put("maxProperties", 1);
        kinds.forEach(kind -> map.withObject("/properties").set(kind, reference(kind)));
        return map;
    }

    private static ObjectNode object(String title) {
        ObjectNode map = JSON.createObjectNode().put("title", title).put("type", "object")
                .put("additionalProperties", false);
        map.putObject("properties");
        return map;
    }

    private static ObjectNode reference(String name) {
        return JSON.createObjectNode().put("$ref", "#/definitions/" + name);
    }

    private void define(String name, JsonNode reference) {
        if (definitions.has(name)) {
            return;
        }
        Entry entry = language.entry(name);
        JsonNode own = resolved(reference);
        JsonNode map = own.path("oneOf").valueStream().filter(form -> form.has("properties")).findFirst().orElse(own);
        ObjectNode definition = object(name).put("description", entry.says());
        definitions.set(name, definition);
        List<String> alternatives = new ArrayList<>();
        language.fields(name).forEach((field, narrower) -> {
            if (field.equals(EXPRESSION) && !language.languages().containsKey(name)) {
                alternatives.addAll(expression(definition));
            } else {
                boolean named = field.equals("name");
                definition.withObject("/properties").set(field, field(field, property(map, field),
                        named && HEADERS.contains(name) ? header() : named && VARIABLES.contains(name)
                                || field.equals("variableReceive") ? variable(name) : narrower));
                if (language.formats().containsKey(field)) {
                    alternatives.add(field);
                }
            }
        });
        required(name, definition, own, map);
        alternatives(definition, alternatives);
    }

    /** Returns what narrows the name of a variable that a step sets or removes. */
    private Map<String, Object> variable(String step) {
        String ours = language.variables().entrySet().stream().filter(variable -> variable.getValue().ours()
                        && !(step.equals("unmarshal") && variable.getKey().equals(Variables.REQUEST)))
                .map(Map.Entry::getKey).sorted().collect(Collectors.joining("|"));
        return Map.of("pattern", "^(?!(" + ours + ")$)" + NAME + "$", "description",
                "letters, digits, - and _; only the service sets " + ours.replace("|", ", "));
    }

    /** Returns what narrows the name of a header that a step sets. */
    private Map<String, Object> header() {
        String listed = language.headers().keySet().stream().filter(name -> !name.matches(HEADER)).sorted()
                .collect(Collectors.joining("|"));
        return Map.of("pattern", "^(" + listed.replace(".", "\\.") + "|" + HEADER + ")$", "description",
                "letters, digits, - and _; of those that begin with Camel, " + listed.replace("|", ", "));
    }

    private List<String> expression(ObjectNode definition) {
        language.languages().keySet().forEach(name -> {
            define(name, camel.at("/definitions/org.apache.camel.model.language.ExpressionDefinition/anyOf/0/oneOf")
                    .findValue(name));
            definition.withObject("/properties").set(name, reference(name));
        });
        return List.copyOf(language.languages().keySet());
    }

    private static void alternatives(ObjectNode definition, List<String> names) {
        names.forEach(name -> definition.withArray("oneOf").addObject().putArray("required").add(name));
    }

    private static void required(String name, ObjectNode definition, JsonNode own, JsonNode map) {
        Set<String> required = new TreeSet<>(NEEDED.getOrDefault(name, Set.of()));
        own.path("required").forEach(field -> required.add(field.asText()));
        map.path("required").forEach(field -> required.add(field.asText()));
        // A clause that only repeats a step has no steps.
        if (definition.path("properties").has(STEPS) && !name.equals("onException")) {
            required.add(STEPS);
        }
        required.removeIf(field -> !definition.path("properties").has(field));
        if (!required.isEmpty()) {
            ArrayNode fields = definition.putArray("required");
            required.forEach(fields::add);
        }
    }

    /**
     * Returns the schema of a field: a map of the language, steps, an expression or a scalar. A list of steps has at
     * least one, because Camel would put the steps that follow into a step whose list is empty.
     */
    private JsonNode field(String name, JsonNode camels, Map<String, Object> narrower) {
        if (name.equals(STEPS)) {
            return list(reference(STEPS)).put("minItems", 1);
        }
        JsonNode type = resolved(camels);
        if (type.path("type").asText().equals("array") && language.entry(name) != null) {
            JsonNode item = resolved(type.path("items"));
            if (item.path("properties").size() == 1 && item.path("properties").has(name)) {
                define(name, item.path("properties").path(name));
                return list(oneOf(name, Set.of(name)));
            }
            define(name, type.path("items"));
            return list(reference(name));
        }
        if (language.entry(name) != null && !language.languages().containsKey(name)) {
            define(name, camels);
            return reference(name);
        }
        if (camels.path("$ref").asText().contains("Expression")) {
            ObjectNode expression = object(name);
            alternatives(expression, expression(expression));
            return expression;
        }
        return scalar(type, narrower);
    }

    private static ObjectNode list(JsonNode items) {
        return JSON.createObjectNode().put("type", "array").set("items", items);
    }

    /** Returns the schema of a scalar. Camel converts: a text may be a number, a boolean may be a placeholder. */
    private static ObjectNode scalar(JsonNode camels, Map<String, Object> narrower) {
        ObjectNode scalar = JSON.createObjectNode();
        for (String field : List.of("description", "enum", "items")) {
            if (camels.has(field)) {
                scalar.set(field, camels.get(field));
            }
        }
        switch (camels.path("type").asText()) {
            case "string" -> scalar.putArray("type").add("string").add("number").add("boolean");
            case "boolean" -> {
                scalar.putArray("type").add("boolean").add("string");
                scalar.put("pattern", "^(true|false)$|\\{\\{");
            }
            case "" -> { }
            default -> scalar.put("type", camels.path("type").asText());
        }
        narrower.forEach((keyword, value) -> scalar.set(keyword, JSON.valueToTree(value)));
        return scalar;
    }

    private JsonNode resolved(JsonNode reference) {
        JsonNode type = reference;
        while (type.has("$ref") && !type.has("properties")) {
            type = camel.at("/definitions/" + type.get("$ref").asText().replaceFirst(".*/", ""));
        }
        return type;
    }

    /** Returns Camel's schema of a field, which may be part of one of several alternatives. */
    private JsonNode property(JsonNode map, String name) {
        JsonNode own = map.path("properties").path(name);
        return own.size() > 0 ? own : Stream.of("anyOf", "oneOf").flatMap(keyword -> map.path(keyword).valueStream())
                .map(alternative -> property(resolved(alternative), name)).filter(found -> !found.isMissingNode())
                .findFirst().orElse(own);
    }
}
