package org.ccmessaging.filestream.routes.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Schema.Choice;
import org.ccmessaging.filestream.routes.check.Schema.Shape;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.ccmessaging.filestream.routes.check.Value.Member;

/** The schema level of the check: whether steps and fields are those of Camel's YAML DSL. One finding for one fault. */
final class SchemaLevel {

    private static final Map<Kind, String> KINDS = Map.of(Kind.MAP, "fields", Kind.LIST, "a list",
            Kind.STRING, "a text", Kind.NUMBER, "a number", Kind.BOOLEAN, "true or false", Kind.EMPTY, "nothing");
    private static final Map<String, Kind> TYPES = Map.of("object", Kind.MAP, "array", Kind.LIST,
            "string", Kind.STRING, "number", Kind.NUMBER, "boolean", Kind.BOOLEAN);
    private static final int FEW = 12;

    private static final String CLAUSE = "onException";
    private static final String OWN_CLAUSE = "clauses of a route's own stand in a routeConfiguration with an id:"
            + " routeConfigurationId: result-codes,<its id>";

    private final Schema schema;
    private final Findings findings;

    SchemaLevel(Schema schema, Findings findings) {
        this.schema = schema;
        this.findings = findings;
    }

    void check(RouteFile file) {
        for (Value item : file.yaml().items()) {
            oneOf(item, schema.element(), "element", "this item");
        }
    }

    /** An item of a list of steps, or of a file: a map with one key, which names the kind. */
    private void oneOf(Value item, JsonNode type, String what, String owner) {
        if (item.kind() != Kind.MAP || item.members().isEmpty()) {
            findings.error("R012", item.place(), owner + ": " + KINDS.getOrDefault(item.kind(), "nothing") + " where "
                    + (what.equals("step") ? "a step such as \"- to:\"" : "\"- route:\" or the like") + " is expected");
            return;
        }
        Map<String, JsonNode> known = schema.shape(schema.resolved(type), type).fields();
        List<Member> kinds = List.copyOf(item.members().values());
        if (kinds.size() > 1 && kinds.get(0).value().kind() == Kind.EMPTY) {
            findings.error("R012", kinds.get(1).place(), "\"" + kinds.get(1).name() + "\" stands beside \""
                    + kinds.get(0).name() + "\" and not below it", "indent it, and what follows, further");
            return;
        }
        for (Member kind : kinds) {
            JsonNode body = known.get(kind.name());
            if (body == null) {
                findings.error("R015", kind.place(), "unknown " + what + " \"" + kind.name() + "\"",
                        kind.name().equals(CLAUSE) ? OWN_CLAUSE
                                : Names.didYouMean(kind.name(), known.keySet(), kinds.indexOf(kind) > 0
                                        ? "if it is a field of " + kinds.get(0).name() + ", indent it further" : null));
                continue;
            }
            if (kinds.indexOf(kind) > 0) {
                findings.error("R014", kind.place(), "\"" + kinds.get(0).name() + "\" and \"" + kind.name()
                        + "\" in one item of a list", "begin each " + what + " with \"- \"");
            }
            value(kind.value(), body, label(kind, what), "");
        }
    }

    private static String label(Member kind, String what) {
        String id = kind.value().get("id").text();
        String noun = what.equals("step") ? what : kind.name();
        return noun + (id.isEmpty() ? what.equals("step") ? " " + kind.name() : "" : " " + id);
    }

    /**
     * @param owner what holds the value, such as {@code step open-standard}
     * @param field the name of the field whose value it is; empty for the owner itself
     */
    private void value(Value value, JsonNode reference, String owner, String field) {
        if (schema.isStep(reference)) {
            oneOf(value, reference, "step", owner);
            return;
        }
        JsonNode type = schema.resolved(reference);
        List<JsonNode> alternatives = schema.alternatives(type);
        for (JsonNode alternative : alternatives) {
            Kind expected = expected(alternative);
            if (expected == null || expected == value.kind()) {
                fitting(value, alternative, type, owner, field);
                return;
            }
        }
        wrongKind(value, alternatives, owner, field);
    }

    private static Kind expected(JsonNode type) {
        return type.has("properties") ? Kind.MAP : TYPES.get(type.path("type").asText());
    }

    private void fitting(Value value, JsonNode type, JsonNode whole, String owner, String field) {
        switch (value.kind()) {
            case MAP -> map(value, type, whole, owner);
            case LIST -> value.items().forEach(item -> item(item, type.path("items"), owner, field));
            default -> permitted(value, type, owner, field);
        }
    }

    private void item(Value item, JsonNode type, String owner, String field) {
        if (schema.resolved(type).isMissingNode()) {
            return;
        }
        String id = item.get("id").text();
        value(item, type, id.isEmpty() ? owner : (schema.isStep(type) ? owner : field + " " + id), field);
    }

    private void map(Value map, JsonNode type, JsonNode whole, String owner) {
        Shape shape = schema.shape(type, whole);
        if (shape.fields().isEmpty()) {
            return;
        }
        Set<String> misspelt = new HashSet<>();
        for (Member member : map.members().values()) {
            JsonNode field = shape.fields().get(member.name());
            if (field == null) {
                Optional<String> meant = Names.nearest(member.name(), shape.fields().keySet());
                meant.ifPresent(misspelt::add);
                findings.error("R010", member.place(), owner + ": unknown field \"" + member.name() + "\"",
                        meant.map(name -> "did you mean " + name + "?").orElse(
                                member.name().equals(CLAUSE) ? OWN_CLAUSE : fieldsOf(shape)));
            } else {
                value(member.value(), field, owner(member, owner), member.name());
            }
        }
        shape.required().stream().filter(name -> !map.members().containsKey(name) && !misspelt.contains(name))
                .forEach(name -> findings.error("R011", map.place(), owner + ": field \"" + name + "\" is missing"));
        shape.choices().stream().filter(choice -> Collections.disjoint(choice.fields(), misspelt))
                .forEach(choice -> choose(map, choice, owner));
    }

    private static String owner(Member member, String owner) {
        String id = member.value().get("id").text();
        return id.isEmpty() ? owner : member.name() + " " + id;
    }

    private static String fieldsOf(Shape shape) {
        String fields = Stream.concat(shape.required().stream(), shape.fields().keySet().stream())
                .filter(name -> !Expression.LANGUAGES.contains(name)).distinct().limit(FEW)
                .collect(Collectors.joining(", "));
        return "its fields: " + fields + (shape.fields().size() > FEW ? " and more" : "");
    }

    private void choose(Value map, Choice choice, String owner) {
        List<Member> chosen = map.members().values().stream()
                .filter(member -> choice.fields().contains(member.name())).toList();
        if (chosen.isEmpty() && !choice.optional()) {
            findings.error("R011", map.place(), owner + ": " + (choice.fields().contains("simple")
                    ? "an expression is missing, such as \"simple:\""
                    : "one of " + String.join(", ", choice.fields()) + " is missing"));
        }
        for (Member second : chosen.subList(Math.min(1, chosen.size()), chosen.size())) {
            findings.error("R014", second.place(), owner + ": both \"" + chosen.get(0).name() + "\" and \""
                    + second.name() + "\"", "only one of them can be in force");
        }
    }

    private void permitted(Value value, JsonNode type, String owner, String field) {
        List<String> values = new ArrayList<>();
        type.path("enum").forEach(one -> values.add(one.asText()));
        if (values.isEmpty() || values.contains(value.text())) {
            return;
        }
        String message = owner + ": " + field + " cannot be \"" + value.text() + "\"";
        if (values.stream().anyMatch(value.text()::equalsIgnoreCase)) {
            findings.warning("R013", value.place(), message, Names.didYouMean(value.text(), values, null));
        } else if (!value.text().contains("{{")) {
            findings.error("R013", value.place(), message,
                    Names.didYouMean(value.text(), values, "one of " + String.join(", ", values)));
        }
    }

    private void wrongKind(Value value, List<JsonNode> alternatives, String owner, String field) {
        Kind expected = expected(alternatives.get(0));
        String message = owner + ": " + (field.isEmpty() ? "" : field + " is ") + KINDS.get(value.kind())
                + ", expected " + alternatives.stream().map(type -> KINDS.get(expected(type))).distinct()
                        .collect(Collectors.joining(" or "));
        if (isReadAs(value, expected)) {
            findings.warning("R012", value.place(), message, expected == Kind.STRING
                    ? "write it in quotation marks" : "write it without quotation marks");
        } else {
            findings.error("R012", value.place(), message, value.kind() == Kind.EMPTY && expected == Kind.MAP
                    ? "write {} if there is nothing to say" : null);
        }
    }

    /** Camel takes the text of every scalar, and makes of it what it needs. */
    private static boolean isReadAs(Value value, Kind expected) {
        String text = value.text().strip().toLowerCase(Locale.ROOT);
        boolean placeholder = text.contains("{{");
        return switch (expected) {
            case STRING -> value.isScalar() || value.kind() == Kind.EMPTY;
            case BOOLEAN -> value.isScalar() && (placeholder || text.equals("true") || text.equals("false"));
            case NUMBER -> value.isScalar() && (placeholder || text.matches("-?\\d+(\\.\\d+)?"));
            default -> false;
        };
    }
}
