package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.language.RouteLanguage;

/** A route with the endpoint that it consumes from and its steps in order, or a routeConfiguration with its clauses. */
public record Route(Value value, Endpoint uri, List<Step> steps) implements Finding.Subject {

    static Route of(Value value, RouteLanguage language) {
        Value from = value.get("from");
        return new Route(value, Endpoint.in(from, language), Step.in(value.name().equals("route")
                ? from.get("steps") : value.get(Step.CLAUSE), language));
    }

    /** The route's name in a message: {@code route read-s3}, or its consumer if it has no id. */
    public String label() {
        return value.name() + " " + (id().isEmpty() ? "from " + uri().target() : id());
    }

    /** All steps, branches included, depth first in the order of the file. */
    public Stream<Step> allSteps() {
        return steps.stream().flatMap(Step::withAllBelow);
    }

    /** This route and all its steps. */
    Stream<Finding.Subject> withAllSteps() {
        return Stream.concat(Stream.of(this), allSteps());
    }
}
