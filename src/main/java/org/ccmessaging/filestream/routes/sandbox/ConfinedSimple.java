package org.ccmessaging.filestream.routes.sandbox;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.simple.SimpleLanguage;

/**
 * The language Simple without the functions that leave the exchange: environment and system properties, classes, any
 * bean, the CamelContext. An expression cannot compute the name of a function either, because a client's text could
 * then name one.
 */
final class ConfinedSimple extends SimpleLanguage {

    /** The start of a function and its name, up to what may follow a name. */
    private static final Pattern FUNCTION = Pattern.compile("\\$(?:simple)?\\{\\s*([A-Za-z-]*)([^}\\s]*)");

    private static final Set<String> ENVIRONMENT = Set.of("sys", "sysenv", "env");
    private static final Set<String> CLOSED = Set.of("ref", "type");

    /**
     * Camel takes what follows these words as methods, also without a dot: <code>${camelContextname}</code>. Of
     * {@code exchange}, these are functions of their own.
     */
    private static final Pattern LEADS_OUT = Pattern.compile("camelContext.*|exchange(?!Id$|Property(\\W.*)?$).*");

    private static final String RESOURCE = "resource:";
    private static final Pattern REFLECTION = Pattern.compile(
            "\\bgetClass\\b|[dD]eclaringClass|[.?]class\\b|getClassLoader");

    private final ReadableSettings readable;

    ConfinedSimple(ReadableSettings readable) {
        this.readable = readable;
    }

    @Override
    public Predicate createPredicate(String expression) {
        requireConfined(expression);
        return super.createPredicate(expression);
    }

    @Override
    public Expression createExpression(String expression) {
        requireConfined(expression);
        return super.createExpression(expression);
    }

    /** @throws ClosedException if the expression would leave the exchange */
    private void requireConfined(String expression) {
        if (expression == null) {
            return;
        }
        if (expression.startsWith(RESOURCE)) {
            throw new ClosedException(ClosedException.What.SETTING,
                    "an expression cannot come from elsewhere, because nobody has checked that one: " + expression);
        }
        Matcher function = FUNCTION.matcher(expression);
        int from = 0;
        while (function.find(from)) {
            String refusal = refusal(function.group(1), function.group(2));
            if (refusal != null) {
                throw new ClosedException(ClosedException.What.SETTING, refusal + ", in: " + expression);
            }
            // Functions nest, so the next one may start within what follows this name.
            from = function.start(2);
        }
        if (from > 0 && REFLECTION.matcher(expression).find()) {
            throw new ClosedException(ClosedException.What.SETTING,
                    "an expression cannot reach classes, in: " + expression);
        }
    }

    private String refusal(String name, String rest) {
        if (rest.startsWith("$")) {
            return "an expression cannot compute the name of a function";
        }
        if (CLOSED.contains(name) || LEADS_OUT.matcher(name + rest).matches()
                || name.equals("bean") && rest.startsWith(":type:")) {
            return "${" + name + "…} is not open to routes";
        }
        if (ENVIRONMENT.contains(name) && !(rest.length() > 1 && readable.isExposed(rest.substring(1)))) {
            return "${" + name + rest + "} is open to routes only if filestream.routes.expose lists "
                    + (rest.length() > 1 ? rest.substring(1) : "the name");
        }
        return null;
    }
}
