package org.ccmessaging.filestream.routes.check;

import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Language;
import org.ccmessaging.filestream.routes.check.Causes.Cause;
import org.ccmessaging.filestream.routes.check.Value.Member;

/** Whether the expressions of steps can be parsed. Camel says it without a column, and of a step only the first. */
final class Expressions {

    /** What asks whether, and not what: steps, and fields of steps. */
    private static final Set<String> PREDICATES = Set.of("when", "filter", "validate", "onWhen", "handled", "continued",
            "retryWhile", "completionPredicate");

    /** Names in the DSL of languages that Camel has under another name, or that a constant cannot get wrong. */
    private static final Set<String> NOT_PARSED = Set.of("constant", "exchangeProperty", "header", "method", "ref",
            "tokenize", "variable", "xtokenize");

    private final CamelContext camel;
    private final Findings findings;
    private final Causes causes;

    Expressions(CamelContext camel, Findings findings, Causes causes) {
        this.camel = camel;
        this.findings = findings;
        this.causes = causes;
    }

    void check(Step step) {
        step.expression().ifPresent(expression -> check(expression, step.name(), step.label() + ": "));
        step.fields().values().stream().filter(field -> !Faults.BELOW.contains(field.name())).forEach(field ->
                within(field.name(), field.value(), step.label() + ": "));
        if (step.name().equals("log")) {
            Value message = step.field("message");
            check(new Expression("simple", message.text(), message.place(), message), "log", step.label() + ": ");
        }
    }

    /** Expressions in the fields of a step, such as those of {@code setHeaders} and of {@code handled}. */
    private void within(String field, Value value, String label) {
        if (!field.equals("expression") && !Expression.LANGUAGES.contains(field)) {
            Expression.in(value).ifPresent(expression -> check(expression, field, label));
            Stream.concat(value.items().stream(), value.members().values().stream().map(Member::value))
                    .forEach(inner -> within(field, inner, label));
        }
    }

    private void check(Expression expression, String asked, String label) {
        if (NOT_PARSED.contains(expression.language()) || expression.text().isEmpty()
                || findings.hasErrorAt(expression.place())) {
            return;
        }
        try {
            String text = camel.resolvePropertyPlaceholders(expression.text());
            Language language = camel.resolveLanguage(expression.language());
            if (expression.language().equals("simple") && PREDICATES.contains(asked)) {
                language.createPredicate(text).initPredicate(camel);
            } else if (expression.language().equals("simple")) {
                language.createExpression(text).init(camel);
            }
        } catch (Exception fault) {
            for (Cause cause : causes.classify(fault)) {
                // References and the build say more about what is missing.
                if (cause.code().equals("R034") || cause.code().equals("R035")) {
                    findings.error(cause.code(), expression.place(), label + cause.message(), cause.hint());
                }
            }
        }
    }
}
