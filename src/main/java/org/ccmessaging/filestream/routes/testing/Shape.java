package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.ccmessaging.filestream.routes.check.Names;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.ccmessaging.filestream.routes.check.Value.Member;

/**
 * What a value of a test file may be. The reader of the files and their JSON schema are both made of it, so that an
 * editor never accepts what the command refuses.
 */
final class Shape {

    private static final Map<Kind, String> JSON_TYPES = new EnumMap<>(Map.of(Kind.MAP, "object", Kind.LIST, "array",
            Kind.STRING, "string", Kind.NUMBER, "number", Kind.BOOLEAN, "boolean", Kind.EMPTY, "null"));

    private static final Map<Kind, String> WORDS = new EnumMap<>(Map.of(Kind.MAP, "a map", Kind.LIST, "a list",
            Kind.STRING, "a text", Kind.NUMBER, "a number", Kind.BOOLEAN, "true or false", Kind.EMPTY, "nothing"));

    private final String description;
    private final TreeSet<Kind> kinds;
    private final Map<String, Shape> members;
    private final List<String> required;
    private final Shape others;
    private final Shape items;
    private final List<String> values;

    private Shape(String description, List<Kind> kinds, Map<String, Shape> members, List<String> required,
            Shape others, Shape items, List<String> values) {
        this.description = description;
        this.kinds = new TreeSet<>(kinds);
        this.members = members;
        this.required = required;
        this.others = others;
        this.items = items;
        this.values = values;
    }

    /** A text, a number or a truth value, which all count as the text that the file has. */
    static Shape scalar(String description) {
        return of(description, Kind.STRING, Kind.NUMBER, Kind.BOOLEAN);
    }

    static Shape of(String description, Kind... kinds) {
        return new Shape(description, List.of(kinds), Map.of(), List.of(), null, null, List.of());
    }

    /** One of some texts. */
    static Shape oneOf(String description, String... values) {
        return new Shape(description, List.of(Kind.STRING), Map.of(), List.of(), null, null, List.of(values));
    }

    /** Members of any name. */
    static Shape mapOf(String description, Shape others) {
        return new Shape(description, List.of(Kind.MAP), Map.of(), List.of(), others, null, List.of());
    }

    static Shape listOf(String description, Shape items) {
        return new Shape(description, List.of(Kind.LIST), Map.of(), List.of(), null, items, List.of());
    }

    /** Anything at all. */
    static Shape any(String description) {
        return of(description, JSON_TYPES.keySet().toArray(Kind[]::new)).withItems(null);
    }

    static Builder map(String description) {
        return new Builder(description);
    }

    /** The same, but a value of one of these kinds is good as well. */
    Shape or(Kind... more) {
        List<Kind> all = new ArrayList<>(kinds);
        all.addAll(List.of(more));
        return new Shape(description, all, members, required, others, items, values);
    }

    private Shape withItems(Shape each) {
        return new Shape(description, List.copyOf(kinds), members, required, others, each, values);
    }

    /** The same, but a list is good as well. */
    Shape orListOf(Shape each) {
        return or(Kind.LIST).withItems(each);
    }

    private boolean isOpen() {
        return members.isEmpty() && others == null;
    }

    /** Finds what is wrong with a value. */
    void check(String name, Value value, Problems problems) {
        if (!kinds.contains(value.kind())) {
            problems.add(value.place(), name + " is " + WORDS.get(value.kind()) + ": expected is " + words(), null);
            return;
        }
        if (!values.isEmpty() && value.isScalar() && !values.contains(value.text())) {
            problems.add(value.place(), name + " is \"" + value.text() + "\": expected is " + String.join(", ", values),
                    Names.didYouMean(value.text(), values, null));
        }
        if (items != null) {
            value.items().forEach(item -> items.check(name, item, problems));
        }
        value.members().values().forEach(member -> check(name, member, problems));
        for (String wanted : required) {
            if (value.kind() == Kind.MAP && value.get(wanted).isMissing()) {
                problems.add(value.place(), name + " has no member " + wanted, null);
            }
        }
    }

    private void check(String name, Member member, Problems problems) {
        Shape shape = members.getOrDefault(member.name(), others);
        if (shape != null) {
            shape.check(member.name(), member.value(), problems);
        } else if (!isOpen()) {
            problems.add(member.place(), "unknown member \"" + member.name() + "\" of " + name, Names.didYouMean(
                    member.name(), members.keySet(), "its members are " + String.join(", ", members.keySet())));
        }
    }

    private String words() {
        return String.join(" or ", kinds.stream().map(WORDS::get).toList());
    }

    /** The same as JSON schema. */
    ObjectNode toJson() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        if (!description.isEmpty()) {
            schema.put("description", description);
        }
        if (kinds.size() == 1) {
            schema.put("type", JSON_TYPES.get(kinds.first()));
        } else if (kinds.size() < JSON_TYPES.size()) {
            ArrayNode types = schema.putArray("type");
            kinds.forEach(kind -> types.add(JSON_TYPES.get(kind)));
        }
        if (!values.isEmpty()) {
            values.forEach(schema.withArray("enum")::add);
        }
        if (items != null) {
            schema.set("items", items.toJson());
        }
        if (!members.isEmpty()) {
            ObjectNode properties = schema.putObject("properties");
            members.forEach((name, shape) -> properties.set(name, shape.toJson()));
        }
        if (!required.isEmpty()) {
            required.forEach(schema.withArray("required")::add);
        }
        if (others != null) {
            schema.set("additionalProperties", others.toJson());
        } else if (!isOpen()) {
            schema.put("additionalProperties", false);
        }
        return schema;
    }

    /** Makes a map of known members. */
    static final class Builder {

        private final String description;
        private final Map<String, Shape> members = new LinkedHashMap<>();
        private final List<String> required = new ArrayList<>();

        private Builder(String description) {
            this.description = description;
        }

        Builder with(String name, Shape shape) {
            members.put(name, shape);
            return this;
        }

        Builder required(String name, Shape shape) {
            required.add(name);
            return with(name, shape);
        }

        Builder and(UnaryOperator<Builder> more) {
            return more.apply(this);
        }

        Shape build() {
            return new Shape(description, List.of(Kind.MAP), members, required, null, null, List.of());
        }
    }
}
