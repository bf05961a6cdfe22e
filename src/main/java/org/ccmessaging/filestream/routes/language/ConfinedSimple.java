package org.ccmessaging.filestream.routes.language;

import java.util.AbstractMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.simple.SimpleExpressionParser;
import org.apache.camel.language.simple.SimpleLanguage;
import org.apache.camel.language.simple.SimplePredicateParser;
import org.apache.camel.language.simple.ast.SimpleFunctionExpression;
import org.apache.camel.language.simple.types.SimpleToken;
import org.apache.camel.language.simple.types.SimpleTokenType;
import org.apache.camel.language.simple.types.TokenType;
import org.apache.camel.support.LRUCacheFactory;
import org.apache.camel.support.PredicateToExpressionAdapter;
import org.apache.camel.support.builder.ExpressionBuilder;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * The language Simple, restricted to the functions, members and operators of {@link RouteLanguage}. Camel's own parser
 * reads an expression, and everything that it finds must be listed. An expression cannot compute another expression,
 * because functions do not nest. The parser gets each function from here and creates none, so each is {@link Counted}.
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

    ConfinedSimple(RouteLanguage language) {
        this.language = language;
    }

    @Override
    public Predicate createPredicate(String condition) {
        return conditions.computeIfAbsent(condition, text -> {
            Predicate created = parse(text, true, functions ->
                    new SimplePredicateParser(getCamelContext(), text, true, functions).parsePredicate());
            created.init(getCamelContext());
            return new Counted(PredicateToExpressionAdapter.toExpression(created), false);
        });
    }

    @Override
    public Expression createExpression(String expression) {
        return expressions.computeIfAbsent(expression, text -> {
            Expression created = parse(text, false, functions ->
                    new SimpleExpressionParser(getCamelContext(), text, true, functions).parseExpression());
            return text.contains("{") ? new Counted(created, false) : created;
        });
    }

    /** @throws ClosedException if the parser has taken anything but each function of the text once */
    private <T> T parse(String text, boolean condition, Function<Map<String, Expression>, T> parser) {
        Map<String, Expression> functions = new HashMap<>();
        List<SimpleFunction> called = SimpleFunction.in(getCamelContext(), text, condition, language);
        called.forEach(function -> functions.computeIfAbsent(function.text(), any -> function(function)));
        AtomicInteger taken = new AtomicInteger();
        T created = parser.apply(new AbstractMap<>() {

            @Override
            public Expression get(Object function) {
                taken.incrementAndGet();
                return Optional.ofNullable(functions.get(function)).orElseThrow(() ->
                        new ClosedException("${" + function + "} is not in the language of routes"));
            }

            @Override
            public Set<Entry<String, Expression>> entrySet() {
                return functions.entrySet();
            }
        });
        if (taken.get() != called.size()) {
            throw new ClosedException("\"" + text + "\" holds more than functions and operators");
        }
        return created;
    }

    private Expression function(SimpleFunction function) {
        Expression expression = function(function.text());
        return function.growth() == 1 ? new Counted(expression, true)
                : Counted.growing(expression, function(function.source()), function.growth());
    }

    /** The expression of a function, which the text that holds it has unescaped. */
    private Expression function(String text) {
        Function<DownloadRequest, String> field =
                text.startsWith(REQUEST) ? FIELDS.get(text.substring(REQUEST.length())) : null;
        SimpleFunctionExpression function = new SimpleFunctionExpression(
                new SimpleToken(new SimpleTokenType(TokenType.functionStart, "${"), 0), null, false);
        function.addText(text);
        return field == null ? function.createExpression(getCamelContext(), text) : requestField(field);
    }

    /** A field of the request. Camel would create a bean expression for it in each exchange (decision 0006). */
    private static Expression requestField(Function<DownloadRequest, String> field) {
        return ExpressionBuilder.exchangeExpression(exchange ->
                exchange.getVariable(Variables.REQUEST) instanceof DownloadRequest request
                        ? field.apply(request) : null);
    }
}
