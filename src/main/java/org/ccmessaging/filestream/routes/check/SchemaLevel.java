package org.ccmessaging.filestream.routes.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.routes.language.RouteSchema;
import org.ccmessaging.filestream.settings.NearestName;

/** The schema level of the check: elements, steps, their fields and the types of their values (R01x). */
final class SchemaLevel {

    private static final Map<String, String> TYPES = Map.of("object", "fields", "array", "a list", "string", "a text",
            "number", "a number", "boolean", "true or false", "null", "nothing");
    private static final Map<String, String> LIMITS = Map.of("maximum", "at most ", "minimum", "at least ");
    private static final int FEW = 12;
    private static final String ALTERNATIVES = "/oneOf";

    private final RouteLanguage language;
    private final JsonSchema schema;

    SchemaLevel(RouteLanguage language) {
        this.language = language;
        this.schema = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(RouteSchema.of(language));
    }

    void check(RouteFile file, Findings findings) {
        for (ValidationMessage message : schema.validate(file.yaml().json())) {
            new Violation(message, file, findings).report();
        }
    }

    /** Translates a message of the validator for authors, with its place. */
    private final class Violation {

        private final ValidationMessage message;
        private final Findings findings;

        /** The value, the members on the path to it, and the schema of the map that the message is about. */
        private final Value value;
        private final List<Value> path = new ArrayList<>();
        private final JsonNode map;

        private Violation(ValidationMessage message, RouteFile file, Findings findings) {
            this.message = message;
            this.findings = findings;
            this.value = file.yaml().at(message.getInstanceLocation(), path::add);
            String location = location();
            this.map = schema.getSchemaNode().at(location.substring(0,
                    isAlternative() ? location.indexOf(ALTERNATIVES) : location.lastIndexOf('/')));
        }

        private String location() {
            return message.getSchemaLocation().getFragment().toString();
        }

        private boolean isAlternative() {
            return location().contains(ALTERNATIVES);
        }

        /** The name of the member with the value; empty for the whole file. */
        private String field() {
            return path.isEmpty() ? "" : path.get(path.size() - 1).name();
        }

        /** The innermost step or map with an id, which begins the message. */
        private String owner() {
            for (int i = path.size() - 1; i >= 0; i--) {
                String name = path.get(i).name();
                String id = path.get(i).get("id").text();
                if (language.steps().containsKey(name)) {
                    return "step " + (id.isEmpty() ? name : id);
                } else if (!id.isEmpty()) {
                    return name + " " + id;
                }
            }
            return path.isEmpty() ? "this file" : path.get(0).name();
        }

        private void error(String code, Place place, String text, String hint) {
            findings.error(code, place, owner() + ": " + text, hint);
        }

        private void report() {
            JsonNode schema = message.getSchemaNode();
            switch (message.getType()) {
                case "additionalProperties" -> unknown();
                case "required", "oneOf" -> {
                    if (isAlternative()) {
                        alternatives();
                    } else {
                        missing();
                    }
                }
                case "minProperties", "maxProperties" -> kinds();
                case "minItems" -> error("R012", value.place(), field() + " is empty",
                        "give it an item, or remove what holds it");
                case "type" -> type(schema.isArray() ? texts(schema) : List.of(schema.asText()));
                case "enum" -> cannotBe(NearestName.didYouMean(value.text(), texts(schema), language.instead()
                        .getOrDefault(field(), "one of " + String.join(", ", texts(schema)))));
                default -> cannotBe(LIMITS.containsKey(message.getType())
                        ? LIMITS.get(message.getType()) + schema.asText() : map.path("description").asText(null));
            }
        }

        private void cannotBe(String hint) {
            error("R012", value.place(), field() + " cannot be \"" + value.text() + "\"", hint);
        }

        private void unknown() {
            String name = message.getProperty();
            List<String> known = fields();
            boolean step = known.contains("setBody");
            if (!step && !known.equals(List.copyOf(language.elements().keySet()))) {
                error("R010", value.placeOf(name), "field \"" + name + "\" is not in the language of routes",
                        language.instead(name, known, "its fields: "
                                + known.stream().limit(FEW).collect(Collectors.joining(", "))));
            } else if (value.members().size() == 1) {
                findings.error("R010", value.placeOf(name), (step ? "step" : "element") + " \"" + name
                        + "\" is not in the language of routes", language.instead(name, known,
                                "`routes list steps` lists those that are"));
            }
        }

        /** The fields that the map may have. */
        private List<String> fields() {
            return map.path("properties").propertyStream().map(Map.Entry::getKey).toList();
        }

        private void missing() {
            List<String> known = fields();
            // A misspelt field is reported as unknown.
            if (value.members().keySet().stream().filter(name -> !known.contains(name))
                    .noneMatch(name -> NearestName.of(name, List.of(message.getProperty())).isPresent())) {
                error("R011", value.place(), "field \"" + message.getProperty() + "\" is missing", null);
            }
        }

        /** A map has one expression, or one data format. */
        private void alternatives() {
            List<String> names = map.path("oneOf").findValues("required").stream()
                    .map(required -> required.path(0).asText()).toList();
            List<Value> chosen = value.members().values().stream().filter(member -> names.contains(member.name()))
                    .toList();
            if (chosen.size() > 1) {
                error("R012", chosen.get(1).key(), "both \"" + chosen.get(0).name() + "\" and \""
                        + chosen.get(1).name() + "\"", "only one of them can be in force");
            } else if (fields().containsAll(value.members().keySet())) {
                error("R011", value.place(), names.contains("simple")
                        ? "an expression is missing, such as \"simple:\""
                        : "one of " + String.join(", ", names) + " is missing", null);
            }
        }

        /** An item of a list has one key, which names the kind of the element or step. */
        private void kinds() {
            List<Value> kinds = List.copyOf(value.members().values());
            if (kinds.isEmpty()) {
                error("R012", value.place(), "nothing where a step or an element is expected", null);
                return;
            }
            boolean outdented = kinds.get(0).kind() == Kind.EMPTY;
            String first = "\"" + kinds.get(0).name() + "\"";
            String second = "\"" + kinds.get(1).name() + "\"";
            findings.error("R012", kinds.get(1).key(), outdented
                    ? second + " stands beside " + first + " and not below it"
                    : first + " and " + second + " in one item of a list",
                    outdented ? "indent it, and what follows, further" : "begin each with \"- \"");
        }

        private void type(List<String> types) {
            String field = field();
            String name = field.isEmpty() || owner().endsWith(" " + field) ? "" : field + " is ";
            String hint = !types.contains("object") ? null
                    : value.isScalar() ? "write it out: " + field + ": {" + shortForm() + ": …}"
                    : value.kind() == Kind.EMPTY ? "write {} if there is nothing to say" : null;
            String found = value.json().getNodeType().name().toLowerCase(Locale.ROOT);
            error("R012", value.place(), name + TYPES.get(found) + ", expected "
                    + TYPES.getOrDefault(types.get(0), types.get(0)), hint);
        }

        /** The field that a text stands for in a short form of Camel. */
        private String shortForm() {
            return map.path("required").path(0).asText(map.path("properties").has("message") ? "message" : "…");
        }

        private static List<String> texts(JsonNode list) {
            return list.valueStream().map(JsonNode::asText).toList();
        }
    }
}
