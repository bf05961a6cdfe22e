package org.ccmessaging.filestream.routes.language;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.jsonpath.JsonPathLanguage;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.builder.ExpressionBuilder;
import org.ccmessaging.filestream.toolkit.ExchangeBudget;

/** Counts what an expression or a condition reads and makes in the {@link ExchangeBudget}. */
final class Counted extends ExpressionAdapter {

    private final Expression expression;
    private final boolean part;

    /** @param part whether a further expression may put its text together with others */
    Counted(Expression expression, boolean part) {
        this.expression = expression;
        this.part = part;
    }

    /** Counts what a function may make of the text of its source, before it does. */
    static Expression growing(Expression function, Expression source, double growth) {
        return ExpressionBuilder.exchangeExpression(exchange -> {
            String text = source.evaluate(exchange, String.class);
            long most = text == null ? 0 : (long) Math.ceil(growth * text.length());
            ExchangeBudget.of(exchange).count(most, 2 * most);
            return function.evaluate(exchange, Object.class);
        });
    }

    /** Counts the body in each evaluation, because JSONPath parses all of it. */
    static JsonPathLanguage jsonPath() {
        Expression body = ExpressionBuilder.exchangeExpression(exchange -> {
            ExchangeBudget budget = ExchangeBudget.of(exchange);
            budget.count(exchange.getMessage().getBody());
            return budget.json(exchange.getMessage().getBody());
        });
        return new JsonPathLanguage() {

            @Override
            protected ExpressionAdapter doCreateJsonPathExpression(
                    Expression source, String path, Object[] properties, boolean predicate) {
                return new Counted(super.doCreateJsonPathExpression(body, path, properties, predicate), false);
            }
        };
    }

    @Override
    public void init(CamelContext context) {
        expression.init(context);
    }

    @Override
    public <T> T evaluate(Exchange exchange, Class<T> type) {
        ExchangeBudget budget = ExchangeBudget.of(exchange);
        if (!part) {
            return budget.evaluate(exchange, expression, type);
        }
        T value = expression.evaluate(exchange, type);
        budget.count(value);
        return value;
    }

    @Override
    public String toString() {
        return expression.toString();
    }
}
