package org.ccmessaging.filestream.routes.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A value of a route file and its place: a map, a list or a scalar. A value that is not there is missing; its place is
 * that of the map that should hold it.
 */
public final class Value {

    /** What YAML makes of a value. */
    public enum Kind { MAP, LIST, STRING, NUMBER, BOOLEAN, EMPTY, MISSING }

    /**
     * A member of a map.
     *
     * @param name the key
     * @param place the place of the key
     * @param value the value
     */
    public record Member(String name, Place place, Value value) {
    }

    private final Kind kind;
    private final Place place;
    private final String text;
    private final List<Value> items;
    private final Map<String, Member> members;

    private Value(Kind kind, Place place, String text, List<Value> items, Map<String, Member> members) {
        this.kind = kind;
        this.place = place;
        this.text = text;
        this.items = items;
        this.members = members;
    }

    static Value scalar(Kind kind, Place place, String text) {
        return new Value(kind, place, text, List.of(), Map.of());
    }

    static Value list(Place place, List<Value> items) {
        return new Value(Kind.LIST, place, "", List.copyOf(items), Map.of());
    }

    /** Of members with the same name the last wins, as for Camel. */
    static Value map(Place place, Collection<Member> members) {
        Map<String, Member> byName = new LinkedHashMap<>();
        members.forEach(member -> byName.put(member.name(), member));
        return new Value(Kind.MAP, place, "", List.of(), Collections.unmodifiableMap(byName));
    }

    static Value missing(Place place) {
        return scalar(Kind.MISSING, place, "");
    }

    /** What YAML makes of the value. */
    public Kind kind() {
        return kind;
    }

    /** Where the value begins. */
    public Place place() {
        return place;
    }

    /** The scalar as text, whatever its kind; empty for a map, a list and a missing value. */
    public String text() {
        return text;
    }

    /** The items of a list; empty for anything else. */
    public List<Value> items() {
        return items;
    }

    /** The members of a map by name, in the order of the file; empty for anything else. */
    public Map<String, Member> members() {
        return members;
    }

    /** The value of a member; a missing value if there is none. */
    public Value get(String name) {
        Member member = members.get(name);
        return member == null ? missing(place) : member.value();
    }

    /** The place of a member's key; that of the map if there is no such member. */
    public Place placeOf(String name) {
        Member member = members.get(name);
        return member == null ? place : member.place();
    }

    /** The scalars in the value at any depth, members of some names left out. */
    Stream<Value> texts(Set<String> leftOut) {
        return isScalar() ? Stream.of(this) : Stream.concat(items.stream(), members.values().stream()
                .filter(member -> !leftOut.contains(member.name())).map(Member::value))
                .flatMap(value -> value.texts(leftOut));
    }

    /** Whether the value is not there. */
    public boolean isMissing() {
        return kind == Kind.MISSING;
    }

    /** Whether the value is there, be it empty. */
    public boolean isPresent() {
        return kind != Kind.MISSING;
    }

    /** Whether the value is a text, a number or a truth value. */
    public boolean isScalar() {
        return kind == Kind.STRING || kind == Kind.NUMBER || kind == Kind.BOOLEAN;
    }

    /** Whether the value says true. */
    public boolean isTrue() {
        return text.equalsIgnoreCase("true");
    }

    /** The value as JSON; null if it is empty or missing. */
    public JsonNode json() {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (kind) {
            case MAP -> {
                ObjectNode map = json.objectNode();
                members.forEach((name, member) -> map.set(name, member.value().json()));
                yield map;
            }
            case LIST -> json.arrayNode().addAll(items.stream().map(Value::json).toList());
            case NUMBER -> number();
            case BOOLEAN -> json.booleanNode(isTrue());
            case STRING -> json.textNode(text);
            default -> json.nullNode();
        };
    }

    private JsonNode number() {
        try {
            return JsonNodeFactory.instance.numberNode(new BigDecimal(text));
        } catch (NumberFormatException hexadecimalOrInfinite) {
            return JsonNodeFactory.instance.textNode(text);
        }
    }

    @Override
    public String toString() {
        return kind == Kind.MAP ? members.toString() : kind == Kind.LIST ? items.toString() : text;
    }
}
