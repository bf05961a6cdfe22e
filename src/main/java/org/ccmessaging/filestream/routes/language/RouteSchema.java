package org.ccmessaging.filestream.routes.language;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.language.RouteLanguage.Component;
import org.ccmessaging.filestream.routes.language.RouteLanguage.Entry;
import org.ccmessaging.filestream.toolkit.RouteSteps;

/**
 * Makes the JSON schema of route files from {@link RouteLanguage}, with which editors complete and mark. Of the forms
 * that Camel accepts it has the one that Kaoto saves. The check compares with the types themselves.
 */
public record RouteSchema(RouteLanguage language) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Returns the schema. */
    public ObjectNode json() {
        ObjectNode schema = JSON.createObjectNode();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", "Route files of ccmessaging-filestream");
        schema.put("type", "array");
        schema.set("items", oneOf("element", language.elements().keySet()));
        ObjectNode definitions = schema.putObject("definitions");
        Stream.of(language.elements(), language.steps(), language.parts(), language.languages(), language.formats())
                .forEach(kind -> kind.forEach((name, entry) -> definitions.set(name, definition(name, entry))));
        definitions.set("steps", oneOf("step", language.steps().keySet()));
        return schema;
    }

    /** Returns the schema of a map with one key, which names the kind. */
    private static ObjectNode oneOf(String title, Collection<String> kinds) {
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

    /** Returns the schema of a list. Camel would put the steps that follow into a step whose list is empty. */
    private static ObjectNode list(ObjectNode items) {
        return JSON.createObjectNode().put("type", "array").put("minItems", 1).set("items", items);
    }

    private ObjectNode definition(String name, Entry entry) {
        ObjectNode definition = object(name, language.fields(name)).put("description", entry.says());
        if (!entry.needs().isEmpty()) {
            definition.set("required", JSON.valueToTree(entry.needs()));
        }
        if (entry.fields().containsKey("parameters")) {
            language.components().forEach((scheme, component) -> options(definition, scheme, component));
        }
        return definition;
    }

    private ObjectNode object(String title, Map<String, FieldType> fields) {
        ObjectNode map = object(title);
        fields.forEach((field, type) -> {
            map.withObject("/properties").set(field, field(field, type));
            if (language.isAlternative(field, type)) {
                map.withArray("oneOf").addObject().putArray("required").add(field);
            }
        });
        return map;
    }

    /** Adds the options of a component, beside an address of it. */
    private void options(ObjectNode definition, String scheme, Component component) {
        if (component.options() != null && component.standsIn(definition.get("title").asText())) {
            ObjectNode rule = definition.withArray("allOf").addObject();
            rule.withObject("/if/properties/uri").put("pattern", "^" + scheme + "(:|$)");
            ObjectNode parameters = object("options of " + scheme);
            component.options().forEach((option, type) ->
                    parameters.withObject("/properties").set(option, scalar(option, type, true)));
            rule.withObject("/then/properties").set("parameters", parameters);
        }
    }

    private ObjectNode field(String name, FieldType type) {
        if (language.isAlternative(name, type)) {
            return type.text() == null ? reference(name)
                    : object(name, Map.of(RouteLanguage.EXPRESSION, type.text()));
        }
        return switch (type.kind()) {
            case "part" -> reference(name);
            case "parts" -> list(reference(name));
            case "wrapped" -> list(oneOf(name, Set.of(name)));
            case "steps" -> list(reference("steps"));
            case "failures" -> list(scalar(name, FieldType.FAILURE, false));
            case "parameters" -> JSON.createObjectNode().put("type", "object");
            case "expression", "condition" -> object(name, language.expressions(type));
            default -> scalar(name, type, false);
        };
    }

    /** Returns the schema of a scalar. Camel converts: a text may be a number, and a setting may give either. */
    private ObjectNode scalar(String name, FieldType type, boolean option) {
        RouteLanguage.Type kind = language.types().get(type.kind());
        ObjectNode scalar = JSON.createObjectNode().put("description", type.says(language));
        scalar.putArray("type").add("string").add("number").add("boolean");
        Collection<String> values = type.kind().equals("bean") ? RouteSteps.all().keySet() : type.values();
        if (!values.isEmpty()) {
            ArrayNode listed = scalar.putArray("enum");
            values.forEach(value -> {
                listed.add(value);
                if (value.matches("\\d+|true")) {
                    listed.addPOJO(value.equals("true") ? (Object) true : Integer.valueOf(value));
                }
            });
            return scalar;
        } else if (type.hasLimits()) {
            scalar.put("minimum", type.number(type.least())).put("maximum", type.number(type.most()));
        }
        return scalar.put("maxLength", kind.most()).put("pattern", "^(?:"
                + language.pattern(type) + ")$"
                + (kind.literal() && !option ? "" : "|\\{\\{"));
    }
}
