package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Endpoint;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;

/** What steps send to or get from. */
final class Targets {

    private static final Set<String> BY_URI = Set.of("to", "toD", "wireTap", "poll", "interceptSendToEndpoint");
    private static final Set<String> BY_EXPRESSION =
            Set.of("enrich", "pollEnrich", "recipientList", "routingSlip", "dynamicRouter");

    private Targets() {
    }

    /** The endpoints that the file names; not those that an expression makes. */
    static List<Endpoint> of(Step step) {
        if (BY_URI.contains(step.name())) {
            Endpoint endpoint = step.endpoint();
            return endpoint.isPresent() ? List.of(endpoint) : List.of();
        }
        Optional<Expression> expression = expression(step);
        if (expression.isEmpty() || isDynamic(expression.get())) {
            return List.of();
        }
        String text = expression.get().text();
        boolean list = step.name().equals("recipientList") || step.name().equals("routingSlip");
        return Stream.of(list ? text.split(",") : new String[] {text}).map(String::strip)
                .filter(uri -> !uri.isEmpty()).map(uri -> Endpoint.of(uri, expression.get().place())).toList();
    }

    /** What makes the endpoint while the service runs, if something does. */
    static Optional<Expression> dynamic(Step step) {
        if (BY_EXPRESSION.contains(step.name())) {
            return expression(step).filter(Targets::isDynamic);
        }
        boolean evaluated = step.name().equals("toD") || step.name().equals("poll")
                || step.name().equals("wireTap") && !step.field("dynamicUri").text().equals("false");
        String uri = step.field("uri").text();
        return evaluated && Texts.evaluates(uri)
                ? Optional.of(new Expression("simple", uri, step.field("uri").place(), step.field("uri")))
                : Optional.empty();
    }

    /** Scheme and path with settings in the place of placeholders; for seda and direct without options. */
    static String resolved(RouteSet set, Endpoint endpoint) {
        String target = set.resolve(endpoint.target());
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    private static Optional<Expression> expression(Step step) {
        return BY_EXPRESSION.contains(step.name()) ? step.expression() : Optional.empty();
    }

    private static boolean isDynamic(Expression expression) {
        return !expression.isConstant()
                && !(expression.language().equals("simple") && !Texts.evaluates(expression.text()));
    }
}
