package org.ccmessaging.filestream.routes.check;

import java.util.Optional;

/**
 * An expression or predicate, such as {@code simple: {expression: ...}}.
 *
 * @param language the language, such as {@code simple}
 * @param value the text with its place; missing if the file has none
 */
public record Expression(String language, Value value) {

    /** Returns the expression among the members of a map, such as the fields of a step. */
    public static Optional<Expression> in(Value map) {
        return map.members().values().stream().filter(member -> member.get("expression").isPresent())
                .findFirst().map(member -> new Expression(member.name(), member.get("expression")));
    }

    /** The text; empty if it is missing. */
    public String text() {
        return value.text();
    }

    /** Where the text begins. */
    public Place place() {
        return value.place();
    }
}
