package org.ccmessaging.filestream.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * Draws a route and those that it calls as a flowchart in the language of Mermaid, which GitHub renders. Consecutive
 * steps share one box, so that the branches stand out. A dotted arrow is a call of another route, or a failure.
 */
final class Diagram {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{.*?}}");
    private static final String ARROW = " --> ";

    private final List<Node> routes;
    private final List<String> lines = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private int nodes;

    private Diagram(List<Node> routes) {
        this.routes = routes;
    }

    /**
     * A route, a step or a branch of a step.
     *
     * @param kind the name of its key in YAML
     */
    private record Node(String kind, Map<String, Object> fields) {

        String text(String field) {
            return String.valueOf(fields.getOrDefault(field, ""));
        }

        Node from() {
            return new Node("from", map(fields.get("from")));
        }

        List<Node> steps() {
            return fields.get("steps") instanceof List<?> steps ? steps.stream().map(Node::only).toList() : List.of();
        }

        /** Returns the branches of a choice, a doTry or a circuitBreaker, in the order of the file. */
        List<Node> branches() {
            return Stream.of("when", "otherwise", "doCatch", "doFinally", "onFallback").filter(fields::containsKey)
                    .flatMap(name -> (fields.get(name) instanceof List<?> branches ? branches
                            : List.of(fields.get(name))).stream().map(branch -> new Node(name, map(branch)))).toList();
        }

        /** Returns the expression of a {@code when}, or else the name of the branch. */
        String label() {
            return fields.get("expression") == null ? kind
                    : new Node("", only(fields.get("expression")).fields()).text("expression");
        }

        Stream<Node> allSteps() {
            return Stream.concat(steps().stream(), branches().stream()).flatMap(step ->
                    Stream.concat(Stream.of(step), step.allSteps()));
        }

        private static Node only(Object yaml) {
            Map.Entry<String, Object> entry = map(yaml).entrySet().iterator().next();
            return new Node(entry.getKey(), map(entry.getValue()));
        }

        @SuppressWarnings("unchecked")
        private static Map<String, Object> map(Object yaml) {
            return (Map<String, Object>) yaml;
        }
    }

    static String from(Path folder, String id) throws IOException {
        List<Node> routes = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".camel.yaml")).sorted().toList()) {
                List<Object> list = new Yaml().load(Files.readString(file));
                list.stream().map(Node::only).filter(node -> node.kind().equals("route")).forEach(routes::add);
            }
        }
        Diagram diagram = new Diagram(routes);
        List<Node> shown = new ArrayList<>(routes.stream().filter(route -> route.text("id").equals(id)).toList());
        for (int i = 0; i < shown.size(); i++) {
            shown.get(i).from().allSteps().flatMap(step -> diagram.called(step).stream())
                    .filter(route -> !shown.contains(route)).forEach(shown::add);
        }
        shown.forEach(diagram::route);
        return "flowchart TD\n" + String.join("\n", diagram.lines) + "\n" + String.join("\n", diagram.calls) + "\n";
    }

    /** Returns the routes that a step calls. A placeholder in the target stands for any text. */
    private List<Node> called(Node step) {
        Pattern target = Pattern.compile(PLACEHOLDER.splitAsStream(step.text("uri") + " ")
                .map(Pattern::quote).collect(Collectors.joining("\\S+")));
        return step.text("uri").isEmpty() ? List.of() : routes.stream()
                .filter(route -> target.matcher(route.from().text("uri") + " ").matches()).toList();
    }

    private void route(Node route) {
        String id = route.text("id");
        String entry = route.from().text("uri");
        lines.add("    subgraph " + id + "[" + quoted(id) + "]");
        List<String> arrows = List.of();
        if (!entry.startsWith("direct:")) {
            arrows = List.of(node("([" + quoted(entry) + "])", arrows) + ARROW);
            calls.add("    " + id + " -.->|\"any failure\"| " + route.text("routeConfigurationId"));
        }
        steps(route.from().steps(), arrows);
        lines.add("    end");
    }

    /** Draws steps at the ends of the arrows, and returns the arrows that leave the steps. */
    private List<String> steps(List<Node> steps, List<String> from) {
        List<String> arrows = from;
        List<Node> box = new ArrayList<>();
        for (Node step : steps) {
            if (step.steps().isEmpty() && step.branches().isEmpty()) {
                box.add(step);
            } else {
                arrows = branching(step, box(box, arrows));
                box.clear();
            }
        }
        return box(box, arrows);
    }

    private List<String> box(List<Node> steps, List<String> arrows) {
        if (steps.isEmpty()) {
            return arrows;
        }
        String names = steps.stream().map(step -> step.text("id")).collect(Collectors.joining("<br/>"));
        String node = node("[" + quoted(names) + "]", arrows);
        steps.stream().flatMap(step -> called(step).stream())
                .forEach(route -> calls.add("    " + node + " -.-> " + route.text("id")));
        return List.of(node + ARROW);
    }

    private List<String> branching(Node step, List<String> from) {
        boolean choice = step.kind().equals("choice");
        String text = quoted(step.text("id"));
        String node = node(choice || step.kind().equals("filter") ? "{" + text + "}" : "[" + text + "]", from);
        List<String> arrows = new ArrayList<>();
        if (!choice || step.branches().stream().noneMatch(branch -> branch.kind().equals("otherwise"))) {
            arrows.addAll(steps(step.steps(), List.of(node + ARROW)));
        }
        for (Node branch : step.branches()) {
            arrows.addAll(steps(branch.steps(), List.of(node + " -->|" + quoted(branch.label()) + "| ")));
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
