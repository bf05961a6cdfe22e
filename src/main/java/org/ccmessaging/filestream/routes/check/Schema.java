package org.ccmessaging.filestream.routes.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The JSON schema of Camel's YAML DSL, as far as it says what a map may hold. The schema is regular: a type is a
 * definition of its own, a {@code oneOf} offers a short form as text, and an {@code anyOf} offers fields that exclude
 * each other. So every fault has one name, where a general validator would list each alternative that does not fit.
 */
final class Schema {

    /** In camel-yaml-dsl. */
    private static final String RESOURCE = "/schema/camelYamlDsl.json";

    private static final String STEP = "#/items/definitions/org.apache.camel.model.ProcessorDefinition";

    private final JsonNode root;
    private final Map<JsonNode, Shape> shapes = new IdentityHashMap<>();

    /**
     * What a map may hold.
     *
     * @param fields the fields that it may have; empty if it may have any
     * @param required the fields that it must have
     * @param choices fields that exclude each other
     */
    record Shape(Map<String, JsonNode> fields, Set<String> required, List<Choice> choices) {
    }

    /**
     * Fields that exclude each other.
     *
     * @param fields their names
     * @param optional whether none of them may be there
     */
    record Choice(Set<String> fields, boolean optional) {
    }

    private Schema(JsonNode root) {
        this.root = root;
    }

    static Schema load() {
        try (InputStream json = Schema.class.getResourceAsStream(RESOURCE)) {
            return new Schema(new ObjectMapper().readTree(json));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(RESOURCE + " cannot be read", unreadable);
        }
    }

    /** What an item of a file may be. */
    JsonNode element() {
        return root.get("items");
    }

    /** Whether a value of this type is a step. */
    boolean isStep(JsonNode type) {
        return type.path("$ref").asText().equals(STEP);
    }

    /** The type itself, where there is only a reference to it. */
    JsonNode resolved(JsonNode type) {
        JsonNode resolved = type;
        while (resolved.has("$ref") && !resolved.has("properties")) {
            resolved = root.at(resolved.get("$ref").asText().substring(1));
        }
        return resolved;
    }

    /** The types that a value may have: more than one where there is a short form. */
    List<JsonNode> alternatives(JsonNode type) {
        List<JsonNode> alternatives = new ArrayList<>();
        type.path("oneOf").forEach(alternatives::add);
        return alternatives.isEmpty() ? List.of(type) : alternatives;
    }

    /** What a map of a type may hold; the type with the short form may say what the other form must have. */
    Shape shape(JsonNode type, JsonNode whole) {
        Shape known = shapes.get(type);
        if (known != null) {
            return known;
        }
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        List<Choice> choices = new ArrayList<>();
        type.path("properties").properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        type.path("anyOf").forEach(choice -> choices.add(choice(choice, fields)));
        Set<String> required = new LinkedHashSet<>();
        type.path("required").forEach(name -> required.add(name.asText()));
        whole.path("required").forEach(name -> required.add(name.asText()));
        Shape shape = new Shape(fields, required, choices);
        shapes.put(type, shape);
        return shape;
    }

    private Choice choice(JsonNode choice, Map<String, JsonNode> fields) {
        Set<String> names = new LinkedHashSet<>();
        boolean optional = false;
        for (JsonNode alternative : choice.path("oneOf")) {
            if (alternative.has("not")) {
                optional = true;
            } else if (alternative.has("$ref")) {
                Shape other = shape(resolved(alternative), alternative);
                fields.putAll(other.fields());
                other.choices().forEach(inner -> names.addAll(inner.fields()));
            } else {
                String name = alternative.path("required").path(0).asText();
                names.add(name);
                fields.put(name, alternative.path("properties").path(name));
            }
        }
        return new Choice(names, optional);
    }
}
