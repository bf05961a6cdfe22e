package org.ccmessaging.filestream.routes.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.ccmessaging.filestream.routes.check.Value.Kind;

/**
 * The form level of the check: compares the values of a file with Camel's own schema of the YAML DSL, which takes
 * canonical and compact notation. A validator of schemas reports a mistake once for each alternative that it excludes;
 * this class follows the alternative that the author has chosen, so that a mistake is one finding.
 *
 * <p>Scalars are compared as Camel's loader reads them, which is laxer than the schema: {@code "3"} is a number, and a
 * placeholder is anything.
 */
final class Form {

    private static final String SCHEMA = "/schema/camelYamlDsl.json";
    private static final String PROPERTIES = "properties";

    private final JsonNode element;
    private final JsonNode definitions;

    private Form(JsonNode element) {
        this.element = element;
        this.definitions = element.get("definitions");
    }

    /** Reads the schema from the jar of Camel. */
    static Form load() {
        try (InputStream schema = Form.class.getResourceAsStream(SCHEMA)) {
            return new Form(new JsonMapper().readTree(schema).get("items"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(SCHEMA + " cannot be read", unreadable);
        }
    }

    /** Checks the list of a file. */
    void check(Value list, Findings findings) {
        list.items().forEach(item -> item(item, element, "element", findings));
    }

    private JsonNode resolved(JsonNode schema) {
        JsonNode at = schema;
        while (at.has("$ref") && !at.has(PROPERTIES)) {
            at = definitions.get(at.get("$ref").asText().replaceFirst(".*/", ""));
        }
        return at;
    }

    private static List<JsonNode> children(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).toList();
    }

    private static Set<String> texts(JsonNode list) {
        return children(list).stream().map(JsonNode::asText).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the schemas of the members that a map may have, those of its alternatives included. */
    private Map<String, JsonNode> properties(JsonNode schema) {
        Map<String, JsonNode> all = new HashMap<>();
        schema.path(PROPERTIES).properties().forEach(each -> all.put(each.getKey(), each.getValue()));
        for (String group : List.of("anyOf", "oneOf")) {
            children(schema.path(group)).forEach(each -> all.putAll(properties(resolved(each))));
        }
        return all;
    }

    private void value(Value value, JsonNode reference, Findings findings) {
        JsonNode schema = resolved(reference);
        List<JsonNode> alternatives = schema.has("oneOf")
                ? children(schema.get("oneOf")).stream().map(this::resolved).toList() : List.of(schema);
        Set<String> values = texts(schema.path("enum"));
        Optional<JsonNode> chosen = alternatives.stream().filter(one -> fits(value, one, values)).findFirst();
        if (schema.has("maxProperties")) {
            item(value, schema, "step", findings);
        } else if (chosen.isEmpty() && (value.kind() != Kind.EMPTY || alternatives.stream().anyMatch(Form::isMap))) {
            findings.error(value.kind() == Kind.EMPTY ? value.key() : value.place(), value.name() + " is "
                    + shown(value) + ", expected " + expected(alternatives.get(0), values),
                    NearestName.didYouMean(value.text(), values, null));
        } else if (value.kind() == Kind.MAP) {
            map(value, chosen.get(), texts(schema.has("required") ? schema.get("required")
                    : chosen.get().path("required")), findings);
        } else if (value.kind() == Kind.LIST) {
            value.items().forEach(each -> value(each.named(value.name(), each.place()), chosen.get().path("items"),
                    findings));
        }
    }

    private static boolean isMap(JsonNode schema) {
        return schema.has(PROPERTIES) || schema.path("type").asText().equals("object");
    }

    private boolean fits(Value value, JsonNode schema, Set<String> values) {
        String text = value.text();
        boolean open = value.isScalar() && (text.contains("{{") || text.startsWith("#"));
        return isMap(schema) ? value.kind() == Kind.MAP : switch (schema.path("type").asText()) {
            case "array" -> value.kind() == Kind.LIST
                    || value.isScalar() && resolved(schema.path("items")).path("type").asText().equals("string");
            case "boolean" -> open || text.matches("(?i)true|false");
            case "number", "integer" -> open || text.matches("[-+]?[\\d_]+(\\.\\d+)?");
            case "string" -> open || value.isScalar() && (values.isEmpty()
                    || values.stream().anyMatch(one -> same(one).equals(same(text))));
            default -> true;
        };
    }

    /** Camel's conversion to an enum accepts any case, and dashes. */
    private static String same(String text) {
        return text.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    private static String expected(JsonNode schema, Set<String> values) {
        return isMap(schema) ? "fields" : switch (schema.path("type").asText()) {
            case "array" -> "a list";
            case "boolean" -> "true or false";
            case "number", "integer" -> "a number";
            default -> values.isEmpty() ? "a text" : "one of " + String.join(", ", values);
        };
    }

    private static String shown(Value value) {
        return switch (value.kind()) {
            case MAP -> "fields";
            case LIST -> "a list";
            case EMPTY -> "empty";
            default -> "\"" + value.text() + "\"";
        };
    }

    /** Checks an item of a list, which has one key: the kind of the element or step. */
    private void item(Value item, JsonNode schema, String what, Findings findings) {
        List<Value> kinds = List.copyOf(item.members().values());
        if (item.isScalar()) {
            findings.error(item.place(), "\"" + item.text() + "\" is no " + what, "most often the colon is missing:"
                    + " write \"" + item.text().split("[\\s:]", 2)[0] + ": …\"");
        } else if (kinds.isEmpty()) {
            findings.error(item.place(), "nothing where a " + what + " is expected", null);
        } else if (kinds.size() > 1) {
            findings.error(kinds.get(1).key(), "\"" + kinds.get(0).name() + "\" and \"" + kinds.get(1).name()
                    + "\" in one item of a list", kinds.get(0).kind() == Kind.EMPTY
                            ? "indent it, and what follows, further" : "begin each with \"- \"");
        } else {
            Map<String, JsonNode> known = properties(schema);
            String name = kinds.get(0).name();
            if (known.containsKey(name)) {
                value(kinds.get(0), known.get(name), findings);
            } else {
                findings.error(kinds.get(0).key(), "unknown " + what + " \"" + name + "\"",
                        NearestName.didYouMean(name, known.keySet(), null));
            }
        }
    }

    private void map(Value map, JsonNode schema, Set<String> required, Findings findings) {
        Map<String, JsonNode> known = properties(schema);
        List<Value> unknown = map.members().values().stream()
                .filter(member -> !known.isEmpty() && !known.containsKey(member.name())).toList();
        unknown.forEach(member -> findings.error(member.key(), "unknown option \"" + member.name() + "\" of "
                + map.name(), NearestName.didYouMean(member.name(), known.keySet(), null)));
        map.members().values().stream().filter(member -> known.containsKey(member.name()))
                .forEach(member -> value(member, known.get(member.name()), findings));
        // A misspelt option is reported as unknown.
        required.stream().filter(name -> unknown.isEmpty() && !map.get(name).isPresent())
                .forEach(name -> findings.error(map.key(), map.name() + " needs \"" + name + "\"", null));
    }
}
