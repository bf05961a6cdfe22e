package org.ccmessaging.filestream.routes.check;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A YAML value (a map, a list or a scalar). A value that a map lacks has kind MISSING and the place of the map.
 *
 * @param name the key under which a map holds the value; empty for an item of a list
 * @param key where the key begins; for an item of a list, where the value begins
 * @param place where the value begins
 * @param text the scalar as text, whatever its kind; empty for a map, a list, null and a missing value
 * @param members the values of a map by name, in the order of the file
 */
public record Value(String name, Place key, YamlKind kind, Place place, String text, List<Value> items,
        Map<String, Value> members) {

    /** Languages that the check recognizes in the short form, as in {@code simple: text}. */
    private static final Set<String> LANGUAGES =
            Set.of("constant", "simple", "header", "variable", "exchangeProperty", "tokenize");

    /** The type of a value in YAML. EMPTY stands for null. */
    public enum YamlKind { MAP, LIST, STRING, NUMBER, BOOLEAN, EMPTY, MISSING }

    static Value scalar(YamlKind kind, Place place, String text) {
        return new Value("", place, kind, place, text, List.of(), Map.of());
    }

    /** Returns a map or a list. Of members with the same name, the last wins, as in Camel. */
    static Value holding(List<Value> below, boolean map, Place place) {
        Map<String, Value> members = new LinkedHashMap<>();
        below.stream().filter(value -> map).forEach(member -> members.put(member.name(), member));
        return new Value("", place, map ? YamlKind.MAP : YamlKind.LIST, place, "", map ? List.of() : List.copyOf(below),
                Collections.unmodifiableMap(members));
    }

    Value named(String member, Place at) {
        return new Value(member, at, kind, place, text, items, members);
    }

    static Value missing(Place place) {
        return scalar(YamlKind.MISSING, place, "");
    }

    public Value get(String name) {
        return members.getOrDefault(name, missing(place));
    }

    /** Returns the text of this map's expression or predicate. The name of the returned value is the language. */
    public Optional<Value> expression() {
        return members.values().stream()
                .flatMap(member -> member.name.equals("expression") && member.kind == YamlKind.MAP
                        ? member.expression().stream() : member.languageText().stream()).findFirst();
    }

    private Optional<Value> languageText() {
        return isScalar() && LANGUAGES.contains(name) ? Optional.of(this)
                : Optional.of(get("expression")).filter(Value::isScalar).map(text -> text.named(name, key));
    }

    Stream<Value> withAllBelow() {
        return Stream.concat(Stream.of(this), Stream.concat(items.stream(), members.values().stream())
                .flatMap(Value::withAllBelow));
    }

    /** All scalars in this value that Camel evaluates, without the scalars of inner steps. */
    Stream<Value> texts() {
        return isScalar() ? Stream.of(this) : Stream.concat(items.stream(), members.values().stream()
                .filter(member -> !Step.NOT_EVALUATED.contains(member.name())))
                .flatMap(Value::texts);
    }

    /** Returns whether the file contains the value. An empty value counts too. */
    public boolean isPresent() {
        return kind != YamlKind.MISSING;
    }

    public boolean isScalar() {
        return kind == YamlKind.STRING || kind == YamlKind.NUMBER || kind == YamlKind.BOOLEAN;
    }

    public boolean isTrue() {
        return text.equalsIgnoreCase("true");
    }

    /** Compares identity, because a comparison of all members would be slow. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return place.hashCode();
    }
}
