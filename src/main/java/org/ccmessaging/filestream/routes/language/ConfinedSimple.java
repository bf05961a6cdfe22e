package org.ccmessaging.filestream.routes.language;

import java.util.Map;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.simple.SimpleExpressionParser;
import org.apache.camel.language.simple.SimpleLanguage;
import org.apache.camel.language.simple.SimplePredicateParser;
import org.apache.camel.support.LRUCacheFactory;
import org.apache.camel.support.builder.ExpressionBuilder;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * The language Simple, restricted to the functions, members and operators of {@link RouteLanguage}. Camel's own parser
 * reads an expression, and everything that it finds must be listed. An expression cannot compute another expression,
 * because functions do not nest.
 */
final class ConfinedSimple extends SimpleLanguage {

    /** Maximum length of a text that an expression makes: repeated doubling must not fill the heap. */
    private static final int LONGEST = 1_000_000;

    private static final int REMEMBERED = 1000;

    private static final Map<String, Function<DownloadRequest, String>> FIELDS = Map.of(
            "fileId", DownloadRequest::fileId, "channel", DownloadRequest::channel,
            "fileType", DownloadRequest::fileType, "multiMedia", DownloadRequest::multiMedia);

    private final RouteLanguage language;
    private final Map<String, Predicate> conditions = LRUCacheFactory.newLRUCache(REMEMBERED);
    private final Map<String, Expression> expressions = LRUCacheFactory.newLRUCache(REMEMBERED);

    /** Expressions by the text of a function. Camel's parser reads and fills it. */
    private final Map<String, Expression> functions = LRUCacheFactory.newLRUCache(REMEMBERED);

    ConfinedSimple(RouteLanguage language) {
        this.language = language;
        FIELDS.forEach((name, field) -> functions.put("variable.request." + name, requestField(field)));
    }

    @Override
    public Predicate createPredicate(String condition) {
        return conditions.computeIfAbsent(condition, text -> {
            require(text, true);
            return new SimplePredicateParser(getCamelContext(), text, true, functions).parsePredicate();
        });
    }

    @Override
    public Expression createExpression(String expression) {
        return expressions.computeIfAbsent(expression, text -> {
            require(text, false);
            Expression created = new SimpleExpressionParser(getCamelContext(), text, true, functions).parseExpression();
            return text.contains("{") ? new Bounded(created, text) : created;
        });
    }

    private void require(String text, boolean condition) {
        if (text.strip().startsWith("resource:")) {
            throw new ClosedException("an expression cannot come from a file");
        }
        SimpleFunction.in(getCamelContext(), text, condition, language);
    }

    /** A field of the request. Camel would create a bean expression for it in each exchange (decision 0006). */
    private static Expression requestField(Function<DownloadRequest, String> field) {
        return ExpressionBuilder.exchangeExpression(exchange ->
                exchange.getVariable(Variables.REQUEST) instanceof DownloadRequest request
                        ? field.apply(request) : null);
    }

    /** An expression whose text is at most {@link #LONGEST} characters long. */
    private record Bounded(Expression expression, String written) implements Expression {

        @Override
        public void init(CamelContext context) {
            expression.init(context);
        }

        @Override
        public <T> T evaluate(Exchange exchange, Class<T> type) {
            T value = expression.evaluate(exchange, type);
            if (value instanceof String text && text.length() > LONGEST) {
                throw new IllegalStateException("an expression makes a text of more than " + LONGEST + " characters: "
                        + written);
            }
            return value;
        }

        @Override
        public String toString() {
            return written;
        }
    }
}
