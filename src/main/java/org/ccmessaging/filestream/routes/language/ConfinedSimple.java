package org.ccmessaging.filestream.routes.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.simple.SimpleExpressionParser;
import org.apache.camel.language.simple.SimpleLanguage;
import org.apache.camel.language.simple.SimplePredicateParser;
import org.apache.camel.language.simple.ast.SimpleNode;
import org.apache.camel.language.simple.ast.UnaryExpression;
import org.apache.camel.language.simple.types.SimpleToken;
import org.apache.camel.support.LRUCacheFactory;

/**
 * The language Simple with the functions, members and operators of {@link RouteLanguage} and no others. Camel's own
 * parser reads an expression; whatever it finds must be listed. An expression cannot compute what another one is,
 * because functions do not nest.
 */
final class ConfinedSimple extends SimpleLanguage {

    /** Doubling a variable again and again must not fill the heap. */
    private static final int LONGEST = 1_000_000;

    private static final int REMEMBERED = 1000;

    private final RouteLanguage language;
    private final Map<String, Boolean> passed = LRUCacheFactory.newLRUCache(REMEMBERED);

    ConfinedSimple(RouteLanguage language) {
        this.language = language;
    }

    @Override
    public Predicate createPredicate(String condition) {
        require(condition, true);
        return super.createPredicate(condition);
    }

    @Override
    public Expression createExpression(String expression) {
        require(expression, false);
        Expression created = super.createExpression(expression);
        return expression.contains("{") ? new Bounded(created) : created;
    }

    private void require(String text, boolean condition) {
        String key = condition + text;
        if (!passed.containsKey(key)) {
            if (text.strip().startsWith("resource:")) {
                throw new ClosedException("an expression cannot come from a file");
            }
            functions(getCamelContext(), text, condition, language);
            passed.put(key, true);
        }
    }

    /**
     * Reads an expression or a condition.
     *
     * @return the functions that it calls
     * @throws ClosedException if it holds something that is not listed
     * @throws org.apache.camel.language.simple.types.SimpleParserException if Camel cannot parse it
     */
    static List<SimpleFunction> functions(
            CamelContext camel, String text, boolean condition, RouteLanguage language) {
        List<SimpleToken> tokens = condition ? new Conditions(camel, text).read() : new Expressions(camel, text).read();
        List<SimpleFunction> functions = new ArrayList<>();
        StringBuilder function = null;
        for (SimpleToken token : tokens) {
            if (token.getType().isFunctionStart()) {
                if (function != null) {
                    throw new ClosedException("an expression within ${" + function + "…}: functions do not nest");
                }
                function = new StringBuilder();
            } else if (token.getType().isFunctionEnd() && function != null) {
                functions.add(SimpleFunction.read(function.toString(), language));
                function = null;
            } else if (function != null) {
                function.append(token.getText());
            } else if (condition && (token.getType().isBinary() || token.getType().isLogical())
                    && !language.operators().contains(token.getText().strip())) {
                throw new ClosedException("operator " + token.getText().strip()
                        + " is not in the language of routes, which has " + String.join(" ", language.operators()));
            }
        }
        return functions;
    }

    private static List<SimpleToken> read(List<SimpleToken> tokens, List<SimpleNode> nodes) {
        if (nodes.stream().anyMatch(UnaryExpression.class::isInstance)) {
            throw new ClosedException("operators ++ and -- are not in the language of routes");
        }
        return tokens;
    }

    private static final class Expressions extends SimpleExpressionParser {

        private Expressions(CamelContext camel, String text) {
            super(camel, text, true, null);
        }

        private List<SimpleToken> read() {
            return ConfinedSimple.read(tokens, parseTokens());
        }
    }

    private static final class Conditions extends SimplePredicateParser {

        private Conditions(CamelContext camel, String text) {
            super(camel, text, true, null);
        }

        private List<SimpleToken> read() {
            return ConfinedSimple.read(tokens, parseTokens());
        }
    }

    /** An expression whose text is at most {@link #LONGEST} characters long. */
    private record Bounded(Expression expression) implements Expression {

        @Override
        public void init(CamelContext context) {
            expression.init(context);
        }

        @Override
        public <T> T evaluate(Exchange exchange, Class<T> type) {
            T value = expression.evaluate(exchange, type);
            if (value instanceof String text && text.length() > LONGEST) {
                throw new IllegalStateException("an expression makes a text of more than " + LONGEST + " characters: "
                        + expression);
            }
            return value;
        }

        @Override
        public String toString() {
            return expression.toString();
        }
    }
}
