package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A step: {@code process}, {@code to}, {@code choice} and so on. Anything that holds steps is a step too: the elements
 * at the top of a file, the clauses of a {@code routeConfiguration}, and the branches of a step.
 *
 * @param value the YAML value under the name of the step; the members of the value are the fields of the step
 * @param endpoint the endpoint that the step sends to or the route consumes from; if none, the scheme is empty
 * @param children the steps or clauses that the step holds, in order, without branches
 * @param branches the branches, in the order in which Camel tries them: each {@code when}, then {@code otherwise}
 */
public record Step(Value value, RouteEndpoint endpoint, List<Step> children, List<Step> branches) {

    static final String CONFIGURATION = "routeConfiguration";
    static final String CLAUSE = "onException";
    static final String TEMPLATE = "routeTemplate";

    /** Names of routes in YAML. An element {@code from} at the top of a file is a route too. */
    static final Set<String> ROUTES = Set.of("route", "from");

    private static final Set<String> ELEMENTS = Set.of("route", "from", CONFIGURATION, TEMPLATE);
    private static final List<String> BRANCHES = List.of("when", "otherwise", "doCatch", "doFinally", "onFallback");

    /** Parts of a configuration. */
    private static final List<String> CLAUSES = List.of(CLAUSE, "onCompletion", "intercept", "interceptFrom",
            "interceptSendToEndpoint");

    /** Fields that {@link Value#texts} leaves out: texts for people, and the texts of inner steps. */
    static final Set<String> NOT_EVALUATED = Stream.of(BRANCHES, CLAUSES,
            List.of("steps", "description", "note", "from", "route")).flatMap(List::stream)
            .collect(Collectors.toSet());

    /** Returns the steps of a list, with their children and branches. */
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

    /** The name of the step in a message, such as {@code route read-s3}, or {@code step process} without an id. */
    public String label() {
        String kind = isRoute() ? "route" : isElement() ? name() : "step";
        return kind + " " + (!id().isEmpty() ? id() : isElement() ? endpoint.target() : name());
    }

    /** The place of the step's key; for a branch in a list, the place of the first field of the branch. */
    public Place place() {
        return value.key();
    }

    /** The id; empty if the file does not set an id. Camel then generates an id. */
    public String id() {
        return field("id").text();
    }

    /** Returns the value of a field; a missing value if the field is not set. */
    public Value field(String name) {
        return value.get(name);
    }

    boolean isElement() {
        return ELEMENTS.contains(name());
    }

    boolean isRoute() {
        return ROUTES.contains(name());
    }

    /** Returns whether field {@code disabled} is true. */
    public boolean isDisabled() {
        return field("disabled").isTrue();
    }

    /** Returns whether the step calls a route by {@code direct:}. */
    boolean isCall() {
        return name().equals("to") && endpoint().scheme().equals("direct");
    }

    /** This step and all steps below it, with branches, depth first. */
    public Stream<Step> withAllBelow() {
        return Stream.concat(Stream.of(this), allSteps());
    }

    /** All steps below this step, with branches, depth first. */
    public Stream<Step> allSteps() {
        return Stream.concat(children.stream(), branches.stream()).flatMap(Step::withAllBelow);
    }

    /** The name of the bean that the step runs; empty for any other step. */
    public String bean() {
        return switch (name()) {
            case "process", "bean" -> value.isScalar() ? value.text() : field("ref").text();
            default -> endpoint.scheme().equals("bean") ? endpoint.path() : "";
        };
    }

    /** The names of the classes in field {@code exception} of {@code onException} and {@code doCatch}. */
    public List<Value> exceptions() {
        Value names = field("exception");
        return names.isScalar() ? List.of(names) : names.items();
    }

    /** Steps are equal only if they have the same {@link Value} object. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Step step && value == step.value;
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }
}
