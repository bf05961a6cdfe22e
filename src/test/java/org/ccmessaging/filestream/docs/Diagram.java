package org.ccmessaging.filestream.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;

/**
 * Draws a route and those that it calls as a flowchart in the language of Mermaid, which GitHub renders. Consecutive
 * steps share one box, so that the branches stand out. A dotted arrow is a call of another route, or a failure.
 */
final class Diagram {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{.*?}}");
    private static final String ARROW = " --> ";

    private final RouteSet set;
    private final List<String> lines = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private int nodes;

    private Diagram(RouteSet set) {
        this.set = set;
    }

    static String from(RouteSet set, String id) {
        List<Step> called = new ArrayList<>(set.routes().stream().filter(route -> route.id().equals(id)).toList());
        for (int i = 0; i < called.size(); i++) {
            called.get(i).allSteps().flatMap(step -> called(set, step).stream())
                    .filter(route -> !called.contains(route)).forEach(called::add);
        }
        Diagram diagram = new Diagram(set);
        called.forEach(diagram::route);
        return "flowchart TD\n" + String.join("\n", diagram.lines) + "\n" + String.join("\n", diagram.calls) + "\n";
    }

    /** Returns the routes that a step calls. A placeholder in the target stands for any text. */
    private static List<Step> called(RouteSet set, Step step) {
        if (!step.endpoint().isPresent()) {
            return List.of();
        }
        Pattern target = Pattern.compile(PLACEHOLDER.splitAsStream(set.resolve(step.endpoint().target()) + " ")
                .map(Pattern::quote).collect(Collectors.joining("\\S+")));
        return set.routes().stream()
                .filter(route -> target.matcher(set.resolve(route.endpoint().target()) + " ").matches()).toList();
    }

    private void route(Step route) {
        String entry = set.resolve(route.endpoint().target());
        lines.add("    subgraph " + route.id() + "[" + quoted(route.id()) + "]");
        List<String> arrows = List.of();
        if (!entry.startsWith("direct:")) {
            arrows = List.of(node("([" + quoted(entry) + "])", arrows) + ARROW);
            calls.add("    " + route.id() + " -.->|\"any failure\"| " + route.field("routeConfigurationId").text());
        }
        steps(route.children(), arrows);
        lines.add("    end");
    }

    /** Draws steps at the ends of the arrows, and returns the arrows that leave the steps. */
    private List<String> steps(List<Step> steps, List<String> from) {
        List<String> arrows = from;
        List<Step> box = new ArrayList<>();
        for (Step step : steps) {
            if (step.children().isEmpty() && step.branches().isEmpty()) {
                box.add(step);
            } else {
                arrows = branching(step, box(box, arrows));
                box.clear();
            }
        }
        return box(box, arrows);
    }

    private List<String> box(List<Step> steps, List<String> arrows) {
        if (steps.isEmpty()) {
            return arrows;
        }
        String names = steps.stream().map(Step::id).collect(Collectors.joining("<br/>"));
        String node = node("[" + quoted(names) + "]", arrows);
        steps.stream().flatMap(step -> called(set, step).stream())
                .forEach(route -> calls.add("    " + node + " -.-> " + route.id()));
        return List.of(node + ARROW);
    }

    private List<String> branching(Step step, List<String> from) {
        boolean choice = step.name().equals("choice");
        String text = quoted(step.id());
        String node = node(choice || step.name().equals("filter") ? "{" + text + "}" : "[" + text + "]", from);
        List<String> arrows = new ArrayList<>();
        if (!choice || step.branches().stream().noneMatch(branch -> branch.name().equals("otherwise"))) {
            arrows.addAll(steps(step.children(), List.of(node + ARROW)));
        }
        for (Step branch : step.branches()) {
            String label = branch.expression().map(Value::text).orElse(branch.name());
            arrows.addAll(steps(branch.children(), List.of(node + " -->|" + quoted(label) + "| ")));
        }
        return arrows;
    }

    private String node(String shape, List<String> arrows) {
        String node = "n" + nodes++;
        lines.add("        " + node + shape);
        arrows.forEach(arrow -> lines.add("        " + arrow + node));
        return node;
    }

    /** Shortens expressions to their names. */
    private static String quoted(String text) {
        return "\"" + text.replaceAll("\\$\\{([^{}]*)}", "$1").replace("variable.", "") + "\"";
    }
}
