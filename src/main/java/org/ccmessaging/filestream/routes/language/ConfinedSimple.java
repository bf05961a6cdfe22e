package org.ccmessaging.filestream.routes.language;

import java.util.Map;
import java.util.function.Function;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.simple.SimpleExpressionParser;
import org.apache.camel.language.simple.SimpleLanguage;
import org.apache.camel.language.simple.SimplePredicateParser;
import org.apache.camel.support.LRUCacheFactory;
import org.apache.camel.support.PredicateToExpressionAdapter;
import org.apache.camel.support.builder.ExpressionBuilder;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * The language Simple, restricted to the functions, members and operators of {@link RouteLanguage}. Camel's own parser
 * reads an expression, and everything that it finds must be listed. An expression cannot compute another expression,
 * because functions do not nest.
 */
final class ConfinedSimple extends SimpleLanguage {

    private static final int REMEMBERED = 1000;

    private static final String REQUEST = "variable.request.";

    private static final Map<String, Function<DownloadRequest, String>> FIELDS = Map.of(
            "fileId", DownloadRequest::fileId, "channel", DownloadRequest::channel,
            "fileType", DownloadRequest::fileType, "multiMedia", DownloadRequest::multiMedia);

    private final RouteLanguage language;
    private final Map<String, Predicate> conditions = LRUCacheFactory.newLRUCache(REMEMBERED);
    private final Map<String, Expression> expressions = LRUCacheFactory.newLRUCache(REMEMBERED);

    /** Expressions by the text of a function, for Camel's parser. */
    private final Map<String, Expression> functions = LRUCacheFactory.newLRUCache(REMEMBERED);

    ConfinedSimple(RouteLanguage language) {
        this.language = language;
    }

    @Override
    public Predicate createPredicate(String condition) {
        return conditions.computeIfAbsent(condition, text -> {
            require(text, true);
            Predicate created = new SimplePredicateParser(getCamelContext(), text, true, functions).parsePredicate();
            created.init(getCamelContext());
            return new Counted(PredicateToExpressionAdapter.toExpression(created), false);
        });
    }

    @Override
    public Expression createExpression(String expression) {
        return expressions.computeIfAbsent(expression, text -> {
            require(text, false);
            Expression created = new SimpleExpressionParser(getCamelContext(), text, true, functions).parseExpression();
            return text.contains("{") ? new Counted(created, false) : created;
        });
    }

    private void require(String text, boolean condition) {
        if (text.strip().startsWith("resource:")) {
            throw new ClosedException("an expression cannot come from a file");
        }
        SimpleFunction.in(getCamelContext(), text, condition, language)
                .forEach(found -> functions.computeIfAbsent(found.text(), this::function));
    }

    /** The expression of a function, which the text that holds it has unescaped. */
    private Expression function(String text) {
        Function<DownloadRequest, String> field =
                text.startsWith(REQUEST) ? FIELDS.get(text.substring(REQUEST.length())) : null;
        return new Counted(field == null
                ? new SimpleExpressionParser(getCamelContext(), "${" + text + "}", false, null).parseExpression()
                : requestField(field), true);
    }

    /** A field of the request. Camel would create a bean expression for it in each exchange (decision 0006). */
    private static Expression requestField(Function<DownloadRequest, String> field) {
        return ExpressionBuilder.exchangeExpression(exchange ->
                exchange.getVariable(Variables.REQUEST) instanceof DownloadRequest request
                        ? field.apply(request) : null);
    }
}
