package org.ccmessaging.filestream.cli;

import java.util.ArrayList;
import java.util.List;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.Step;

/** Routes as an indented list, in the order in which a request meets the steps. */
final class Diagram {

    private static final String INDENT = "  ";

    private final List<String> lines = new ArrayList<>();

    private Diagram() {
    }

    static List<String> of(List<Route> routes) {
        Diagram diagram = new Diagram();
        for (Route route : routes) {
            diagram.lines.add(route.label() + "  from " + route.uri().target());
            route.steps().forEach(step -> diagram.step(step, INDENT));
        }
        return diagram.lines;
    }

    private void step(Step step, String indent) {
        lines.add(indent + name(step) + detail(step));
        step.children().forEach(child -> step(child, indent + INDENT));
        step.branches().forEach(branch -> step(branch, indent + INDENT));
    }

    /** What a reader finds a step by: its id and its kind. */
    static String name(Step step) {
        return step.id().isEmpty() ? step.name() : step.id() + " (" + step.name() + ")";
    }

    /** Where a step sends to, what it runs, or what it asks. */
    static String detail(Step step) {
        if (step.endpoint().isPresent()) {
            return "  " + step.endpoint().target();
        }
        if (step.bean().isPresent()) {
            return "  " + step.bean().text();
        }
        return step.expression().map(Expression::text).filter(text -> !text.isEmpty()).map(text -> "  " + text)
                .orElse("");
    }
}
