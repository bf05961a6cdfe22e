package org.ccmessaging.filestream.routes.check;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.ShippedRoutes;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.ccmessaging.filestream.routes.language.FieldType;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.routes.language.RouteLanguage.Entry;
import org.ccmessaging.filestream.settings.NearestName;

/**
 * The language level of the check: elements, steps and fields are listed, and each value is of the type of its field
 * (R01x).
 *
 * @param names checks what values name (R02x, R031, R222)
 */
record LanguageLevel(RouteLanguage language, Names names) {

    private static final Map<Kind, String> KINDS = Map.of(Kind.MAP, "fields", Kind.LIST, "a list",
            Kind.STRING, "a text", Kind.NUMBER, "a number", Kind.BOOLEAN, "true or false", Kind.EMPTY, "nothing");
    private static final String SIMPLE = "simple";
    private static final FieldType CONDITION = FieldType.of("predicate");

    /** Types of lists that are not empty: Camel would put the steps that follow into a step whose list is empty. */
    private static final Set<String> LISTS = Set.of("steps", "parts", "wrapped", "failures");

    private static final int FEW = 12;

    void check(RouteSet set) {
        names.learn(set);
        set.lists().stream().flatMap(list -> list.items().stream()).forEach(item -> {
            names.label("this file: ");
            item(item, language.elements().keySet(), "element");
        });
        names.label("");
        Map<String, Place> ids = new HashMap<>();
        Stream.concat(set.routes().stream(), set.configurations().stream()).flatMap(Step::withAllBelow)
                .forEach(one -> unique(ids, one.isElement() ? one.name() : "step", one.field("id")));
    }

    /** Checks an item of a list, which has one key: the kind of the element or step. */
    private void item(Value item, Collection<String> known, String what) {
        List<Value> kinds = List.copyOf(item.members().values());
        if (item.kind() != Kind.MAP) {
            wrongKind(item, "fields", null);
        } else if (kinds.isEmpty()) {
            names.error("R012", item.place(), "nothing where a step or an element is expected", null);
        } else if (kinds.size() > 1) {
            names.error("R012", kinds.get(1).key(), "\"" + kinds.get(0).name() + "\" and \"" + kinds.get(1).name()
                    + "\" in one item of a list", kinds.get(0).kind() == Kind.EMPTY
                            ? "indent it, and what follows, further" : "begin each with \"- \"");
        } else if (known.contains(kinds.get(0).name())) {
            map(kinds.get(0), language.fields(kinds.get(0).name()));
        } else {
            String name = kinds.get(0).name();
            names.error("R010", kinds.get(0).key(), what + " \"" + name + "\" is not in the language of routes",
                    language.instead(name, known, what.equals("step") ? "`routes list steps` lists those that are"
                            : "one of " + String.join(", ", known)));
        }
    }

    /** Checks a map: its fields, those that it needs, and that it has one expression or data format. */
    private void map(Value map, Map<String, FieldType> fields) {
        String name = map.name();
        Entry entry = language.entry(name);
        List<String> needs = entry == null ? List.of(SIMPLE) : entry.needs();
        String around = names.label();
        String id = map.get("id").text();
        boolean element = language.elements().containsKey(name);
        if (language.steps().containsKey(name) || !id.isEmpty() && (element || Step.BELOW.contains(name))) {
            names.label((element ? name : "step") + " " + (id.isEmpty() ? name : id) + ": ");
        }
        if (map.kind() != Kind.MAP) {
            wrongKind(map, "fields", map.kind() == Kind.EMPTY ? "write {} if there is nothing to say"
                    : "write it out: " + name + ": {" + needs.stream().findFirst().orElse("…") + ": …}");
        } else {
            fields(map, entry == null ? List.of() : needs, fields);
        }
        names.label(around);
    }

    private void fields(Value map, List<String> needs, Map<String, FieldType> fields) {
        Set<String> known = fields.keySet();
        map.members().values().forEach(field -> {
            FieldType type = fields.get(field.name());
            if (type == null) {
                names.error("R010", field.key(), "field \"" + field.name() + "\" is not in the language of routes",
                        language.instead(field.name(), known, "its fields: "
                                + known.stream().limit(FEW).collect(Collectors.joining(", "))));
            } else if (type.isExpression() && language.isAlternative(field.name(), type)) {
                expression(field, language.holds().getOrDefault(map.get("name").text(), type));
            } else {
                field(field, type);
            }
        });
        // A misspelt field is reported as unknown.
        needs.stream().filter(field -> !map.get(field).isPresent()).filter(field -> map.members().keySet().stream()
                        .noneMatch(other -> !known.contains(other) && NearestName.of(other, Set.of(field)).isPresent()))
                .forEach(field -> names.error("R011", map.place(), "field \"" + field + "\" is missing", null));
        oneOf(map, known.stream().filter(field -> language.isAlternative(field, fields.get(field))).toList(), known);
        if (fields.containsKey("parameters") && map.get("uri").isScalar()) {
            names.endpoint(map);
        }
    }

    /** A map has exactly one of its languages or data formats. */
    private void oneOf(Value map, Collection<String> kinds, Set<String> known) {
        List<Value> chosen = map.members().values().stream().filter(member -> kinds.contains(member.name())).toList();
        if (chosen.size() > 1) {
            names.error("R012", chosen.get(1).key(), "both \"" + chosen.get(0).name() + "\" and \""
                    + chosen.get(1).name() + "\"", "only one of them can be in force");
        } else if (chosen.isEmpty() && !kinds.isEmpty() && known.containsAll(map.members().keySet())) {
            names.error("R011", map.place(), kinds.contains(SIMPLE) ? "an expression is missing, such as \"simple:\""
                    : "one of " + String.join(", ", kinds) + " is missing", null);
        }
    }

    private void wrongKind(Value value, String expected, String hint) {
        boolean named = value.name().isEmpty() || names.label().endsWith(" " + value.name() + ": ");
        names.error("R012", value.place(), (named ? "" : value.name() + " is ") + KINDS.get(value.kind())
                + ", expected " + expected, hint);
    }

    private void field(Value field, FieldType type) {
        if (LISTS.contains(type.kind()) && field.kind() != Kind.LIST) {
            wrongKind(field, "a list", null);
        } else if (LISTS.contains(type.kind()) && field.items().isEmpty()) {
            names.error("R012", field.place(), field.name() + " is empty", "give it an item, or remove what holds it");
        } else if (type.kind().equals("parameters") && field.kind() != Kind.MAP) {
            wrongKind(field, "fields", null);
        }
        switch (type.kind()) {
            case "steps" -> field.items().forEach(item -> item(item, language.steps().keySet(), "step"));
            case "wrapped" -> field.items().forEach(item -> item(item, Set.of(field.name()), "element"));
            case "parts" -> field.items().forEach(item ->
                    map(item.named(field.name(), item.place()), language.fields(field.name())));
            case "failures" -> field.items().forEach(item ->
                    text(item.named(field.name(), item.key()), FieldType.FAILURE));
            case "part", "format" -> map(field, language.fields(field.name()));
            case "expression", "condition" -> map(field, language.expressions(type));
            case "parameters" -> { }
            default -> text(field, type);
        }
    }

    private void expression(Value chosen, FieldType type) {
        Map<String, FieldType> fields = language.fields(chosen.name());
        if (type.text() != null) {
            fields.put(RouteLanguage.EXPRESSION, type.text());
        } else if (type.kind().equals("condition")) {
            fields.computeIfPresent(RouteLanguage.EXPRESSION,
                    (field, text) -> text.kind().equals("template") ? CONDITION : text);
        }
        map(chosen, fields);
    }

    /** Checks a text: that it is of its type, and the names that it holds. */
    private void text(Value field, FieldType type) {
        String text = language.types().get(type.kind()).literal() ? field.text() : names.resolved(field);
        if (!field.isScalar()) {
            wrongKind(field, type.says(language), null);
        } else if (text != null) {
            names.text("R012", field.name(), field, text, type);
        }
    }

    private void unique(Map<String, Place> ids, String kind, Value id) {
        String key = kind.equals("routeConfiguration") ? kind + " " + id.text() : id.text();
        Place first = id.text().isEmpty() ? null : ids.putIfAbsent(key, id.place());
        if (first != null && ShippedRoutes.frame().contents().containsKey(first.file())) {
            names.error("R104", id.place(), kind + " id \"" + id.text()
                    + "\" is one of the frame, which runs from the jar",
                    "remove the " + kind + ", or give it another id");
        } else if (first != null) {
            names.error("R038", id.place(), kind + " id \"" + id.text() + "\" is given twice",
                    "the first is at " + first);
        }
    }
}
