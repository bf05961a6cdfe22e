package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.language.RouteLanguage;

/** A route with the endpoint that it consumes from and its steps in order, or a routeConfiguration with its clauses. */
public record Route(Value fields, Endpoint uri, List<Step> steps) implements Finding.Subject {

    static Route of(Value fields, RouteLanguage language) {
        Value from = fields.get("from");
        return new Route(fields, Endpoint.in(from, language), Step.in(fields.name().equals("route")
                ? from.get("steps") : fields.get(Step.CLAUSE), null, language));
    }

    /** The place of its key. */
    public Place place() {
        return fields.key();
    }

    /** The id; empty if it has none, and Camel then makes one up. */
    public String id() {
        return fields.get("id").text();
    }

    /** The route's name in a message: {@code route read-s3}, or its consumer if it has no id. */
    public String label() {
        return fields.name() + " " + (id().isEmpty() ? "from " + uri().target() : id());
    }

    /** Returns the value of a field, such as {@code autoStartup}; missing if it is not set. */
    public Value field(String name) {
        return fields.get(name);
    }

    /** All steps, branches included, depth first in the order of the file. */
    public Stream<Step> allSteps() {
        return steps.stream().flatMap(Step::withAllBelow);
    }
}
