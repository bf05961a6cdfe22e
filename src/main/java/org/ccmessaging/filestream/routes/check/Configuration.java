package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.stream.Stream;

/**
 * A routeConfiguration.
 *
 * @param file where it is
 * @param place the place of its key
 * @param fields its fields
 * @param clauses its clauses {@code onException} in the order of the file, with their steps as children
 */
public record Configuration(RouteFile file, Place place, Value fields, List<Step> clauses) {

    static final String CLAUSE = "onException";

    /** The id; empty if it has none. */
    public String id() {
        return fields.get("id").text();
    }

    /** All steps, the clauses themselves included, depth first. */
    public Stream<Step> allSteps() {
        return clauses.stream().flatMap(Step::withAllBelow);
    }
}
