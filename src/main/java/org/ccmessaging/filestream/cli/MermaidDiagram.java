package org.ccmessaging.filestream.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;

/** Routes as a flowchart in the language of Mermaid, which many editors and GitHub draw. */
final class MermaidDiagram {

    private final RouteSet set;
    private final List<String> lines = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final Map<String, String> routes = new HashMap<>();
    private final List<String> open = new ArrayList<>();
    private int nodes;

    private MermaidDiagram(RouteSet set) {
        this.set = set;
    }

    static List<String> of(RouteSet set, List<Route> routes) {
        MermaidDiagram diagram = new MermaidDiagram(set);
        diagram.lines.add("flowchart TD");
        for (Route route : routes) {
            diagram.routes.put(route.uri().target(), "route" + diagram.routes.size());
        }
        routes.forEach(diagram::route);
        diagram.lines.addAll(diagram.calls);
        return diagram.lines;
    }

    private void route(Route route) {
        String start = routes.get(route.uri().target());
        lines.add("    subgraph " + start + "s[" + quoted(route.id().isEmpty() ? route.label() : route.id()) + "]");
        lines.add("        " + start + "([" + quoted(set.resolve(route.uri().target())) + "])");
        open.clear();
        open.add(start);
        steps(route.steps(), "");
        lines.add("    end");
    }

    /** Draws steps after whatever is open; what is open afterwards are their ends. */
    private void steps(List<Step> steps, String label) {
        String first = label;
        for (Step step : steps) {
            step(step, first);
            first = "";
        }
    }

    private void step(Step step, String label) {
        String node = "step" + nodes++;
        boolean asks = step.name().equals("choice") || step.name().equals("filter");
        String text = quoted(step.id().isEmpty() ? step.name() : step.id());
        lines.add("        " + node + (asks ? "{" + text + "}" : "[" + text + "]"));
        open.forEach(end -> lines.add("        " + end + " -->" + (label.isEmpty() ? "" : "|" + quoted(label) + "|")
                + " " + node));
        open.clear();
        open.add(node);
        call(step, node);
        below(step, node);
    }

    private void call(Step step, String node) {
        String target = step.endpoint().isPresent() ? set.resolve(step.endpoint().target()) : "";
        if (routes.containsKey(target)) {
            calls.add("    " + node + " -.-> " + routes.get(target));
        }
    }

    private void below(Step step, String node) {
        steps(step.children(), "");
        List<String> ends = new ArrayList<>();
        boolean choice = step.name().equals("choice");
        if (!choice || step.branches().stream().noneMatch(branch -> branch.name().equals("otherwise"))) {
            ends.addAll(open);
        }
        for (Step branch : step.branches()) {
            open.clear();
            open.add(node);
            steps(branch.children(), branch.expression().map(Expression::text).orElse(branch.name()));
            ends.addAll(open);
        }
        open.clear();
        ends.stream().distinct().forEach(open::add);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\"", "#quot;").replace("{", "#123;").replace("}", "#125;") + "\"";
    }
}
