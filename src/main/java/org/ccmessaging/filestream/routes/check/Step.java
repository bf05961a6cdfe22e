package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A step such as {@code process} or {@code choice}. Top-level elements, branches and clauses such as
 * {@code onException} count as steps too, because they contain steps.
 *
 * @param value the YAML value under the name of the step
 * @param children the inner steps in order, or the clauses of a route configuration; excludes branches
 * @param branches the branches in the order in which Camel tries them, such as {@code when}, then {@code otherwise}
 */
public record Step(Value value, RouteEndpoint endpoint, List<Step> children, List<Step> branches) {

    static final String CONFIGURATION = "routeConfiguration";
    static final String CLAUSE = "onException";
    static final String TEMPLATE = "routeTemplate";

    /** Names of elements that are routes. A top-level {@code from} is a route too. */
    static final Set<String> ROUTES = Set.of("route", "from");

    private static final Set<String> ELEMENTS = Set.of("route", "from", CONFIGURATION, TEMPLATE);
    private static final List<String> BRANCHES = List.of("when", "otherwise", "doCatch", "doFinally", "onFallback");

    private static final List<String> CLAUSES = List.of(CLAUSE, "onCompletion", "intercept", "interceptFrom",
            "interceptSendToEndpoint");

    /** Fields that {@link Value#texts} leaves out, because these fields hold inner steps, or texts for people. */
    static final Set<String> NOT_EVALUATED = Stream.of(BRANCHES, CLAUSES,
            List.of("steps", "description", "note", "from", "route")).flatMap(List::stream)
            .collect(Collectors.toSet());

    static Stream<Step> in(Value list) {
        return list.items().stream().flatMap(item -> item.members().values().stream()).map(Step::of);
    }

    private static Step of(Value value) {
        Value route = value.get("route").isPresent() ? value.get("route") : value;
        Value holder = value.name().equals("from") || !route.get("from").isPresent() ? route : route.get("from");
        Stream<Step> children = switch (value.name()) {
            case CONFIGURATION -> CLAUSES.stream().flatMap(clause -> in(value.get(clause)));
            default -> in(holder.get("steps"));
        };
        return new Step(value, RouteEndpoint.in(holder), children.toList(),
                BRANCHES.stream().flatMap(name -> branches(value.get(name))).toList());
    }

    private static Stream<Step> branches(Value branch) {
        Stream<Value> all = branch.kind() == Value.YamlKind.LIST
                ? branch.items().stream().map(item -> item.named(branch.name(), item.place())) : Stream.of(branch);
        return all.filter(one -> one.kind() == Value.YamlKind.MAP).map(Step::of);
    }

    /** The kind of the step, such as {@code setHeader}. */
    public String name() {
        return value.name();
    }

    /** The name in messages, such as {@code route read-s3}, or {@code step process} if the step has no id. */
    public String label() {
        String kind = isRoute() ? "route" : isElement() ? name() : "step";
        return kind + " " + (!id().isEmpty() ? id() : isElement() ? endpoint.target() : name());
    }

    public Place place() {
        return value.key();
    }

    /** The id; empty if the file does not set an id. */
    public String id() {
        return field("id").text();
    }

    public Value field(String name) {
        return value.get(name);
    }

    boolean isElement() {
        return ELEMENTS.contains(name());
    }

    boolean isRoute() {
        return ROUTES.contains(name());
    }

    public boolean isDisabled() {
        return field("disabled").isTrue();
    }

    boolean isCall() {
        return name().equals("to") && endpoint().scheme().equals("direct");
    }

    public Stream<Step> withAllBelow() {
        return Stream.concat(Stream.of(this), allSteps());
    }

    /** All steps below this step, depth first. */
    public Stream<Step> allSteps() {
        return Stream.concat(children.stream(), branches.stream()).flatMap(Step::withAllBelow);
    }

    /** The name of the bean that the step runs; empty if the step names no bean. */
    public String bean() {
        return switch (name()) {
            case "process", "bean" -> value.isScalar() ? value.text() : field("ref").text();
            default -> endpoint.scheme().equals("bean") ? endpoint.path() : "";
        };
    }

    /** The class names in field {@code exception} of an {@code onException} or {@code doCatch}. */
    public List<Value> exceptions() {
        Value names = field("exception");
        return names.isScalar() ? List.of(names) : names.items();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Step step && value == step.value;
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }
}
