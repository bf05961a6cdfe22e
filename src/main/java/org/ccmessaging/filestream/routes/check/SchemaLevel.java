package org.ccmessaging.filestream.routes.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.ccmessaging.filestream.routes.check.Value.Member;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.routes.language.RouteSchema;

/** The schema level of the check: elements, steps, their fields and the kinds of their values. */
final class SchemaLevel {

    private static final Map<Kind, String> KINDS = Map.of(Kind.MAP, "fields", Kind.LIST, "a list",
            Kind.STRING, "a text", Kind.NUMBER, "a number", Kind.BOOLEAN, "true or false", Kind.EMPTY, "nothing");
    private static final Map<String, String> TYPES = Map.of("object", "fields", "array", "a list", "string", "a text",
            "number", "a number", "boolean", "true or false");
    private static final int FEW = 12;
    private static final String ALTERNATIVES = "/oneOf";

    private final RouteLanguage language;
    private final JsonSchema schema;

    SchemaLevel(RouteLanguage language) {
        this.language = language;
        this.schema = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(RouteSchema.of(language));
    }

    void check(RouteFile file, Findings findings) {
        for (ValidationMessage message : schema.validate(Json.of(file.yaml()))) {
            new Fault(message, file).report(findings);
        }
    }

    /** What the validator says, in an author's words and at its place. */
    private final class Fault {

        private final ValidationMessage message;
        private final List<Member> path = new ArrayList<>();
        private final Value value;
        private final String field;

        private Fault(ValidationMessage message, RouteFile file) {
            this.message = message;
            Value at = file.yaml();
            String last = "";
            JsonNodePath where = message.getInstanceLocation();
            for (int i = 0; i < where.getNameCount(); i++) {
                Object part = where.getElement(i);
                if (part instanceof Integer index) {
                    at = at.items().get(index);
                } else {
                    Member member = at.members().get(part.toString());
                    path.add(member);
                    at = member.value();
                    last = member.name();
                }
            }
            this.value = at;
            this.field = last;
        }

        /** The innermost map with an id or a kind: what the message is about. */
        private String owner() {
            for (int i = path.size() - 1; i >= 0; i--) {
                Member member = path.get(i);
                if (language.steps().containsKey(member.name())) {
                    String id = member.value().get("id").text();
                    return "step " + (id.isEmpty() ? member.name() : id);
                }
                String id = member.value().get("id").text();
                if (!id.isEmpty()) {
                    return member.name() + " " + id;
                }
            }
            return path.isEmpty() ? "this file" : path.get(0).name();
        }

        private void report(Findings findings) {
            JsonNode type = message.getSchemaNode();
            switch (message.getType()) {
                case "additionalProperties" -> unknown(findings);
                case "required", "oneOf" -> {
                    if (location().contains(ALTERNATIVES)) {
                        alternatives(findings);
                    } else {
                        missing(findings);
                    }
                }
                case "minProperties", "maxProperties" -> kinds(findings);
                case "minItems" -> findings.error("R012", value.place(), owner() + ": " + field + " is empty",
                        "give it a step, or remove what holds it");
                case "type" -> kind(type, findings);
                case "enum" -> findings.error("R012", value.place(), owner() + ": " + field + " cannot be \""
                        + value.text() + "\"", Names.didYouMean(value.text(), texts(type),
                        language.instead().getOrDefault(field, "one of " + String.join(", ", texts(type)))));
                default -> findings.error("R012", value.place(), owner() + ": " + field + " cannot be \"" + value.text()
                        + "\"", limits());
            }
        }

        private String limits() {
            return switch (message.getType()) {
                case "maximum" -> "at most " + message.getSchemaNode().asText();
                case "minimum" -> "at least " + message.getSchemaNode().asText();
                default -> null;
            };
        }

        private void unknown(Findings findings) {
            String name = message.getProperty();
            Place place = value.placeOf(name);
            List<String> known = new ArrayList<>();
            fields().forEach(known::add);
            boolean item = known.equals(List.copyOf(language.elements().keySet())) || known.contains("setBody");
            if (item && value.members().size() > 1) {
                return;
            }
            if (item) {
                String what = known.contains("setBody") ? "step" : "element";
                findings.error("R010", place, what + " \"" + name + "\" is not in the language of routes",
                        Optional.ofNullable(language.instead().get(name)).or(() -> Names.nearest(name, known)
                                .map(near -> "did you mean " + near + "?"))
                                .orElse("`routes list steps` names those that are"));
            } else {
                findings.error("R010", place, owner() + ": field \"" + name + "\" is not in the language of routes",
                        Optional.ofNullable(language.instead().get(name)).or(() -> Names.nearest(name, known)
                                .map(near -> "did you mean " + near + "?")).orElse("its fields: "
                                + known.stream().limit(FEW).collect(Collectors.joining(", "))));
            }
        }

        /** The fields that the map may have. */
        private List<String> fields() {
            JsonNode map = schema.getSchemaNode().at(pointer());
            List<String> names = new ArrayList<>();
            map.path("properties").fieldNames().forEachRemaining(names::add);
            return names;
        }

        private String location() {
            return message.getSchemaLocation().getFragment().toString();
        }

        private String pointer() {
            String location = location();
            int alternatives = location.indexOf(ALTERNATIVES);
            return location.substring(0, alternatives < 0 ? location.lastIndexOf('/') : alternatives);
        }

        private void missing(Findings findings) {
            List<String> known = fields();
            if (value.members().keySet().stream().filter(name -> !known.contains(name))
                    .anyMatch(name -> Names.nearest(name, List.of(message.getProperty())).isPresent())) {
                // It is misspelt, which is the finding.
                return;
            }
            findings.error("R011", value.place(), owner() + ": field \"" + message.getProperty() + "\" is missing");
        }

        /** A map has one expression, or one data format. */
        private void alternatives(Findings findings) {
            List<String> names = new ArrayList<>();
            schema.getSchemaNode().at(pointer() + ALTERNATIVES)
                    .forEach(one -> names.add(one.at("/required/0").asText()));
            List<Member> chosen = value.members().values().stream().filter(member -> names.contains(member.name()))
                    .toList();
            if (chosen.size() > 1) {
                findings.error("R012", chosen.get(1).place(), owner() + ": both \"" + chosen.get(0).name() + "\" and \""
                        + chosen.get(1).name() + "\"", "only one of them can be in force");
            } else if (fields().containsAll(value.members().keySet())) {
                findings.error("R011", value.place(), owner() + ": " + (names.contains("simple")
                        ? "an expression is missing, such as \"simple:\""
                        : "one of " + String.join(", ", names) + " is missing"));
            }
        }

        /** An item of a list has one key, which names the kind of the element or step. */
        private void kinds(Findings findings) {
            List<Member> kinds = List.copyOf(value.members().values());
            if (kinds.isEmpty()) {
                findings.error("R012", value.place(), owner() + ": nothing where a step or an element is expected");
            } else if (kinds.get(0).value().kind() == Kind.EMPTY) {
                findings.error("R012", kinds.get(1).place(), "\"" + kinds.get(1).name() + "\" stands beside \""
                        + kinds.get(0).name() + "\" and not below it", "indent it, and what follows, further");
            } else {
                findings.error("R012", kinds.get(1).place(), "\"" + kinds.get(0).name() + "\" and \""
                        + kinds.get(1).name() + "\" in one item of a list", "begin each with \"- \"");
            }
        }

        private void kind(JsonNode type, Findings findings) {
            List<String> types = type.isArray() ? texts(type) : List.of(type.asText());
            String expected = types.stream().map(one -> TYPES.getOrDefault(one, one)).limit(1).collect(
                    Collectors.joining());
            String name = field.isEmpty() || owner().endsWith(" " + field) ? "" : field + " is ";
            findings.error("R012", value.place(), owner() + ": " + name + KINDS.get(value.kind()) + ", expected "
                    + expected, value.isScalar() && types.contains("object")
                            ? "write it out: " + field + ": {" + first() + ": …}"
                            : value.kind() == Kind.EMPTY && types.contains("object") ? "write {} if there is nothing"
                            + " to say" : null);
        }

        /** The field that a text stands for in a short form of Camel. */
        private String first() {
            JsonNode map = schema.getSchemaNode().at(pointer());
            return map.path("required").path(0).asText(map.path("properties").has("message") ? "message" : "…");
        }

        private static List<String> texts(JsonNode list) {
            List<String> texts = new ArrayList<>();
            list.forEach(one -> texts.add(one.asText()));
            return texts;
        }
    }
}
