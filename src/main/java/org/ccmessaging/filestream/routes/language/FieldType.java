package org.ccmessaging.filestream.routes.language;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.TimeUtils;

/**
 * The type of a field of a route file, or of an option of a component, with its limits.
 *
 * @param kind a name in {@link RouteLanguage#types()}
 * @param values the permitted values; empty unless the kind is {@code enum}
 * @param least the lowest amount or duration; {@code null} for other kinds
 * @param most the highest amount or duration; {@code null} for other kinds
 * @param text the type of the text of an expression; {@code null} for any of its language
 */
public record FieldType(String kind, List<String> values, String least, String most, FieldType text) {

    private static final Pattern WITH_LIMITS = Pattern.compile("(\\w+) (\\w+)\\.\\.(\\w+)");
    private static final String DURATION = "duration";
    private static final Set<String> NUMBERS = Set.of("amount", "decimal", DURATION);
    private static final Set<String> EXPRESSIONS = Set.of("expression", "condition");

    /** The type of an item in a list of exceptions. No field has this type. */
    public static final FieldType FAILURE = of("failure");

    /** Returns a type without limits of its own. */
    public static FieldType of(String kind) {
        return new FieldType(kind, List.of(), null, null, null);
    }

    /** Returns the type in any form of the list. That of <code>{}</code>, which installations may write, is a text. */
    @JsonCreator
    static FieldType of(JsonNode written) {
        Matcher limits = WITH_LIMITS.matcher(written.asText());
        if (limits.matches()) {
            return new FieldType(limits.group(1), List.of(), limits.group(2), limits.group(3), null);
        } else if (written.isTextual()) {
            if (NUMBERS.contains(written.asText())) {
                throw new IllegalArgumentException(written.asText() + " without limits, such as 1..10");
            }
            return of(written.asText());
        } else if (written.has("enum")) {
            return new FieldType("enum", written.get("enum").valueStream().map(JsonNode::asText).toList(), null, null,
                    null);
        } else if (written.has("holds")) {
            return new FieldType("expression", List.of(), null, null, of(written.get("holds")));
        } else if (!written.isEmpty()) {
            throw new IllegalArgumentException("no type: " + written);
        }
        return of("value");
    }

    /** Returns whether the field holds an expression. */
    public boolean isExpression() {
        return EXPRESSIONS.contains(kind);
    }

    boolean hasLimits() {
        return least != null;
    }

    /** Returns whether a text is of this type, as far as its syntax shows. */
    public boolean accepts(String written, RouteLanguage routes) {
        if (!values.isEmpty() || written.length() > routes.types().get(kind).most()) {
            return values.contains(written);
        }
        return Pattern.matches(routes.pattern(this), written) && (!hasLimits()
                || number(written).compareTo(number(least)) >= 0 && number(written).compareTo(number(most)) <= 0);
    }

    BigDecimal number(String written) {
        return kind.equals(DURATION) ? BigDecimal.valueOf(TimeUtils.toMilliSeconds(written)) : new BigDecimal(written);
    }

    /** Describes what a field of this type holds, for authors. */
    public String says(RouteLanguage routes) {
        String says = routes.types().get(kind).says();
        return hasLimits() ? says + " from " + least + " to " + most
                : text != null ? text.says(routes)
                : (says + " " + String.join(", ", values)).strip();
    }
}
