package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Value.Member;

/**
 * A route.
 *
 * @param place the place of its key
 * @param fields the fields of the route
 * @param from what {@code from} holds
 * @param steps the steps in order
 */
public record Route(Place place, Value fields, Value from, List<Step> steps) {

    static Route of(Member element) {
        Value from = element.value().get("from");
        return new Route(element.place(), element.value(), from, Step.in(from.get("steps"), null));
    }

    /** The id; empty if it has none, and Camel then makes one up. */
    public String id() {
        return fields.get("id").text();
    }

    /** How a message names the route: {@code route read-s3}, or by what it receives from if it has no id. */
    public String label() {
        return "route " + (id().isEmpty() ? "from " + uri().target() : id());
    }

    /** A field of the route, such as {@code autoStartup}; missing if it is not set. */
    public Value field(String name) {
        return fields.get(name);
    }

    /** What the route receives from. */
    public Endpoint uri() {
        return Endpoint.in(from);
    }

    /** All steps, branches included, depth first in the order of the file. */
    public Stream<Step> allSteps() {
        return steps.stream().flatMap(Step::withAllBelow);
    }

    @Override
    public String toString() {
        return label() + " at " + place;
    }
}
