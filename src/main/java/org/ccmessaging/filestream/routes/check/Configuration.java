package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.stream.Stream;

/**
 * A routeConfiguration.
 *
 * @param file where it is
 * @param place the place of its key
 * @param fields its fields
 * @param clauses its clauses ({@code onException}, {@code onCompletion}, {@code intercept}, {@code interceptFrom},
 *     {@code interceptSendToEndpoint}) in the order of the file, with their steps as children
 */
public record Configuration(RouteFile file, Place place, Value fields, List<Step> clauses) {

    /** The id; empty if it has none, and the configuration then applies to every route. */
    public String id() {
        return fields.get("id").text();
    }

    /** The clauses of a kind, such as {@code onException}. */
    public List<Step> clauses(String kind) {
        return clauses.stream().filter(clause -> clause.name().equals(kind)).toList();
    }

    /** All steps, the clauses themselves included, depth first. */
    public Stream<Step> allSteps() {
        return clauses.stream().flatMap(Step::withAllBelow);
    }
}
