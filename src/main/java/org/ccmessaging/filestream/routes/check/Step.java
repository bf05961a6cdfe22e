package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.language.RouteLanguage;

/**
 * A step: {@code process}, {@code to}, {@code choice} and so on. What holds steps is a step too: a {@code route}, a
 * {@code routeConfiguration} with its clauses ({@code onException}), and the branches of a step ({@code when},
 * {@code otherwise}, {@code doCatch}, {@code doFinally}, {@code onFallback}).
 *
 * @param value the value of the step's name; its members are the fields of the step
 * @param endpoint the endpoint to which the step sends, or from which the route consumes; {@link Endpoint#isPresent}
 *     tells whether it names one
 * @param children the steps or clauses that the step holds, in order, without branches
 * @param branches the branches, in the order in which Camel tries them: each {@code when}, then {@code otherwise}
 */
public record Step(Value value, Endpoint endpoint, List<Step> children, List<Step> branches) {

    /** The kinds of elements. */
    static final String ROUTE = "route";
    static final String CONFIGURATION = "routeConfiguration";

    /** The field of a configuration that lists its clauses. */
    private static final String CLAUSE = "onException";

    /** Fields that hold steps. */
    static final Set<String> BELOW = Stream.concat(RouteLanguage.BRANCHES.stream(), Stream.of("steps", CLAUSE))
            .collect(Collectors.toSet());

    /** Fields whose texts are for people, or whose steps are visited on their own. */
    static final Set<String> NOT_EVALUATED = Stream.concat(BELOW.stream(), Stream.of("description", "note", "from"))
            .collect(Collectors.toSet());

    /**
     * A header or variable that a step writes.
     *
     * @param expression the new value; empty if the step stores a body that it received (variableReceive)
     */
    public record Assignment(boolean isHeader, Value name, Optional<Value> expression) {
    }

    /** Returns the steps of a list, with all that they hold. */
    static Stream<Step> in(Value list, RouteLanguage language) {
        return list.items().stream().flatMap(item -> item.members().values().stream())
                .map(value -> of(value, language));
    }

    private static Step of(Value value, RouteLanguage language) {
        Value holder = value.name().equals(ROUTE) ? value.get("from") : value;
        return new Step(value, Endpoint.in(holder, language),
                in(holder.get(value.name().equals(CONFIGURATION) ? CLAUSE : "steps"), language).toList(),
                RouteLanguage.BRANCHES.stream().flatMap(name -> branches(value.get(name), language)).toList());
    }

    private static Stream<Step> branches(Value branch, RouteLanguage language) {
        Stream<Value> all = branch.kind() == Value.Kind.LIST
                ? branch.items().stream().map(item -> item.named(branch.name(), item.place())) : Stream.of(branch);
        return all.filter(Value::isPresent).map(one -> of(one, language));
    }

    /** The kind of step such as {@code setHeader}. */
    public String name() {
        return value.name();
    }

    /** The description; empty if it has none. */
    public String description() {
        return field("description").text();
    }

    /** Its name in a message, such as {@code route read-s3}; {@code step process} if a step has no id. */
    public String label() {
        return isElement() ? name() + " " + (id().isEmpty() ? "from " + endpoint.target() : id())
                : "step " + (id().isEmpty() ? name() : id());
    }

    /** The place of its key; for a branch of a list, that of its first field. */
    public Place place() {
        return value.key();
    }

    /** The id; empty if it has none, and Camel then makes one up. */
    public String id() {
        return field("id").text();
    }

    /** Returns the value of a field; missing if it is not set. */
    public Value field(String name) {
        return value.get(name);
    }

    /** Returns whether it is a route or a routeConfiguration. */
    boolean isElement() {
        return name().equals(ROUTE) || name().equals(CONFIGURATION);
    }

    /** Returns whether field {@code disabled} is true. */
    public boolean isDisabled() {
        return field("disabled").isTrue();
    }

    boolean isBranch() {
        return RouteLanguage.BRANCHES.contains(name());
    }

    /** Returns whether the step calls a route by {@code direct:}. */
    boolean isCall() {
        return name().equals("to") && endpoint().scheme().equals("direct");
    }

    /** This step and all below it, branches included, depth first. */
    public Stream<Step> withAllBelow() {
        return Stream.concat(Stream.of(this), allSteps());
    }

    /** All steps below it, branches included, depth first. */
    public Stream<Step> allSteps() {
        return Stream.concat(children.stream(), branches.stream()).flatMap(Step::withAllBelow);
    }

    /** The name of the bean that {@code process} runs; missing for any other step. */
    public Value bean() {
        return name().equals("process") ? field("ref") : Value.missing(place());
    }

    /** The expression or predicate of the step, such as that of {@code setHeader} and of {@code when}. */
    public Optional<Value> expression() {
        return value.expression();
    }

    /** The names of the classes in field {@code exception} of {@code onException} and {@code doCatch}. */
    public List<Value> exceptions() {
        return field("exception").items();
    }

    /** The headers and variables that the step writes. */
    public List<Assignment> assignments() {
        boolean header = name().startsWith("setHeader");
        Stream<Assignment> named = switch (name()) {
            case "setHeader", "setVariable" -> Stream.of(new Assignment(header, field("name"), expression()));
            case "setHeaders", "setVariables" -> field(header ? "headers" : "variables").items().stream()
                    .map(item -> new Assignment(header, item.get("name"), item.expression()));
            default -> Stream.empty();
        };
        return Stream.concat(named, Stream.of(field("variableReceive")).filter(Value::isPresent)
                .map(variable -> new Assignment(false, variable, Optional.empty()))).toList();
    }

    /** As for {@link Value}. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Step step && value == step.value;
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }
}
