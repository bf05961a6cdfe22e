package org.ccmessaging.filestream.routes.language;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.simple.SimpleLanguage;
import org.apache.camel.support.LRUCacheFactory;

/**
 * The language Simple, restricted to the functions, members and operators of {@link RouteLanguage}. Camel's own parser
 * reads an expression, and everything that it finds must be listed. An expression cannot compute another expression,
 * because functions do not nest.
 */
final class ConfinedSimple extends SimpleLanguage {

    /** Maximum length of a text that an expression makes: repeated doubling must not fill the heap. */
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
            SimpleFunction.in(getCamelContext(), text, condition, language);
            passed.put(key, true);
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
