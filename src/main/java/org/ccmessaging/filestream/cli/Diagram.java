package org.ccmessaging.filestream.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;

/**
 * Draws routes as a flowchart in the language of Mermaid, which GitHub and many editors render. Consecutive steps share
 * one box, so that the branches stand out. A dotted arrow is a call of another route, or a failure.
 */
final class Diagram {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{.*?}}");

    private final RouteSet set;
    private final List<Route> routes;
    private final List<String> lines = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    /** The nodes that the next node follows. */
    private List<String> open = List.of();
    private String label = "";
    private int nodes;

    private Diagram(RouteSet set, List<Route> routes) {
        this.set = set;
        this.routes = routes;
    }

    static List<String> of(RouteSet set, List<Route> routes) {
        Diagram diagram = new Diagram(set, routes);
        diagram.lines.add("flowchart TD");
        routes.forEach(diagram::route);
        diagram.lines.addAll(diagram.calls);
        return diagram.lines;
    }

    /** Draws a route and every route that it calls, in the order of the calls. */
    static List<String> from(RouteSet set, Route first) {
        List<Route> called = new ArrayList<>(List.of(first));
        for (int i = 0; i < called.size(); i++) {
            called.get(i).steps().stream().flatMap(Step::withAllBelow).flatMap(step -> called(set, step).stream())
                    .filter(route -> !called.contains(route)).forEach(called::add);
        }
        return of(set, called);
    }

    /** Returns the routes that a step calls. A placeholder in the target stands for any text. */
    private static List<Route> called(RouteSet set, Step step) {
        if (!step.endpoint().isPresent()) {
            return List.of();
        }
        Pattern target = Pattern.compile(PLACEHOLDER.splitAsStream(set.resolve(step.endpoint().target()) + " ")
                .map(Pattern::quote).collect(Collectors.joining("\\S+")));
        return set.routes().stream().filter(route -> target.matcher(set.resolve(route.uri().target()) + " ").matches())
                .toList();
    }

    private void route(Route route) {
        String entry = set.resolve(route.uri().target());
        lines.add("    subgraph " + name(route) + "[" + quoted(name(route)) + "]");
        open = List.of();
        if (!entry.startsWith("direct:")) {
            node("([" + quoted(entry) + "])");
            calls.add("    " + name(route) + " -.->|\"any failure\"| " + route.field("routeConfigurationId").text());
        }
        steps(route.steps());
        lines.add("    end");
    }

    private static String name(Route route) {
        return route.id().isEmpty() ? route.label().replace(' ', '-') : route.id();
    }

    /** Draws steps after the open nodes, and leaves the ends of the steps open. */
    private void steps(List<Step> steps) {
        List<Step> box = new ArrayList<>();
        for (Step step : steps) {
            if (step.children().isEmpty() && step.branches().isEmpty()) {
                box.add(step);
            } else {
                box(box);
                branching(step);
            }
        }
        box(box);
    }

    /** Draws the steps as one box, and clears the list. */
    private void box(List<Step> steps) {
        if (!steps.isEmpty()) {
            String node = node("[" + quoted(steps.stream().map(Diagram::name).collect(Collectors.joining("<br/>")))
                    + "]");
            steps.stream().flatMap(step -> called(set, step).stream()).filter(routes::contains)
                    .forEach(route -> calls.add("    " + node + " -.-> " + name(route)));
            steps.clear();
        }
    }

    private void branching(Step step) {
        boolean choice = step.name().equals("choice");
        String text = quoted(name(step));
        String node = node(choice || step.name().equals("filter") ? "{" + text + "}" : "[" + text + "]");
        steps(step.children());
        List<String> ends = new ArrayList<>();
        if (!choice || step.branches().stream().noneMatch(branch -> branch.name().equals("otherwise"))) {
            ends.addAll(open);
        }
        for (Step branch : step.branches()) {
            open = List.of(node);
            label = branch.expression().map(Expression::text).orElse(branch.name());
            steps(branch.children());
            ends.addAll(open);
        }
        open = ends.stream().distinct().toList();
        label = "";
    }

    /** Draws a node and arrows to it from the open nodes. Then only this node is open. */
    private String node(String shape) {
        String node = "n" + nodes++;
        lines.add("        " + node + shape);
        if (!open.isEmpty()) {
            lines.add("        " + String.join(" & ", open)
                    + (label.isEmpty() ? " --> " : " -->|" + quoted(label) + "| ") + node);
        }
        open = List.of(node);
        label = "";
        return node;
    }

    private static String name(Step step) {
        return step.id().isEmpty() ? step.name() : step.id();
    }

    /** Escapes braces and quotes, which Mermaid would read, and shortens expressions to their names. */
    private static String quoted(String text) {
        return "\"" + text.replaceAll("\\$\\{([^{}]*)}", "$1").replace("variable.", "").replace("\"", "#quot;")
                .replace("{", "#123;").replace("}", "#125;") + "\"";
    }
}
