package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a step writes by name.
 *
 * @param what {@code header} or {@code variable}
 * @param name the name, with the place of it
 * @param expression what is written; empty if the step writes a body that it received (variableReceive)
 */
public record Assignment(String what, Value name, Optional<Expression> expression) {

    static List<Assignment> of(Step step) {
        Stream<Assignment> named = switch (step.name()) {
            case "setHeader" -> Stream.of(one("header", step.field("name"), step.expression()));
            case "setVariable" -> Stream.of(one("variable", step.field("name"), step.expression()));
            case "setHeaders" -> several("header", step.field("headers"));
            case "setVariables" -> several("variable", step.field("variables"));
            default -> Stream.empty();
        };
        Value received = step.field("variableReceive");
        return Stream.concat(named,
                received.isMissing() ? Stream.empty() : Stream.of(one("variable", received, Optional.empty())))
                .toList();
    }

    private static Assignment one(String what, Value name, Optional<Expression> expression) {
        return new Assignment(what, name, expression);
    }

    private static Stream<Assignment> several(String what, Value list) {
        return list.items().stream().map(item -> one(what, item.get("name"), Expression.in(item)));
    }
}
