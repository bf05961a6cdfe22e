package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Value.Member;

/**
 * A routeConfiguration.
 *
 * @param place the place of its key
 * @param fields its fields
 * @param clauses its clauses {@code onException} in the order of the file, with their steps as children
 */
public record Configuration(Place place, Value fields, List<Step> clauses) {

    static final String CLAUSE = "onException";

    static Configuration of(Member element) {
        return new Configuration(element.place(), element.value(), Step.in(element.value().get(CLAUSE), null));
    }

    /** The id; empty if it has none. */
    public String id() {
        return fields.get("id").text();
    }

    /** All steps, the clauses themselves included, depth first. */
    public Stream<Step> allSteps() {
        return clauses.stream().flatMap(Step::withAllBelow);
    }
}
