package org.ccmessaging.filestream.routes.check;

import java.util.Optional;
import java.util.Set;
import org.ccmessaging.filestream.routes.check.Value.Member;

/**
 * An expression or predicate, such as {@code simple: {expression: ...}}.
 *
 * @param language the language, such as {@code simple}
 * @param text what is evaluated; empty if there is no text
 * @param place where the text begins
 * @param value what stands behind the name of the language
 */
public record Expression(String language, String text, Place place, Value value) {

    /** The languages that camelYamlDsl.json of Camel 4.17 names, each a key of its own. */
    static final Set<String> LANGUAGES = Set.of("constant", "csimple", "datasonnet", "exchangeProperty", "groovy",
            "header", "hl7terser", "java", "joor", "jq", "js", "jsonpath", "language", "method", "mvel", "ognl",
            "python", "ref", "simple", "spel", "tokenize", "variable", "wasm", "xpath", "xquery", "xtokenize");

    /** The expression among the members of a map, such as the fields of a step. */
    public static Optional<Expression> in(Value map) {
        return map.members().values().stream().filter(member -> LANGUAGES.contains(member.name())).findFirst()
                .map(Expression::of);
    }

    private static Expression of(Member member) {
        Value text = member.value().get("expression");
        return new Expression(member.name(), text.text(), text.place(), member.value());
    }

    /** Whether the expression is a constant. */
    public boolean isConstant() {
        return language.equals("constant");
    }
}
