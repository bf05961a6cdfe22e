package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.language.RouteLanguage;

/**
 * A step of a route: {@code process}, {@code to}, {@code choice} and so on. The branches of a step ({@code when},
 * {@code otherwise}, {@code doCatch}, {@code doFinally}, {@code onFallback}) and the clauses of a configuration
 * ({@code onException}) are steps too.
 *
 * @param value the value of the step's name; its members are the fields of the step
 * @param endpoint the endpoint of field {@code uri}; not present if the step does not have the field
 * @param children the steps below {@code steps}, in order, without branches
 * @param branches the branches, in the order in which Camel tries them: each {@code when}, then {@code otherwise}
 */
public record Step(Value value, Endpoint endpoint, List<Step> children, List<Step> branches)
        implements Finding.Subject {

    /** The field of a configuration that lists its clauses. */
    static final String CLAUSE = "onException";

    /** Fields that hold steps. */
    static final Set<String> BELOW = Stream.concat(RouteLanguage.BRANCHES.stream(), Stream.of("steps", CLAUSE))
            .collect(Collectors.toSet());

    /** Fields whose texts are for people, or whose steps are visited on their own. */
    static final Set<String> NOT_EVALUATED = Stream.concat(BELOW.stream(), Stream.of("description", "note", "from"))
            .collect(Collectors.toSet());

    /**
     * A header or variable that a step writes.
     *
     * @param expression its new value; empty if the step writes a body that it received (variableReceive)
     */
    public record Assignment(boolean isHeader, Value name, Optional<Value> expression) {
    }

    private static Step of(Value value, RouteLanguage language) {
        Map<Boolean, List<Step>> below = in(value.get("steps"), language).stream()
                .collect(Collectors.partitioningBy(Step::isBranch));
        return new Step(value, Endpoint.in(value, language), below.get(false), Stream.concat(below.get(true).stream(),
                RouteLanguage.BRANCHES.stream().flatMap(name -> branches(value.get(name), language))).toList());
    }

    /** The steps of a list, without what has not the form of the language. */
    static List<Step> in(Value list, RouteLanguage language) {
        return list.items().stream().flatMap(item -> item.members().values().stream())
                .map(value -> of(value, language)).toList();
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

    /** The step's name in a message: {@code step open-standard}, or {@code step process} if it has no id. */
    public String label() {
        return "step " + (id().isEmpty() ? name() : id());
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
        return Stream.concat(Stream.of(this),
                Stream.concat(children.stream(), branches.stream()).flatMap(Step::withAllBelow));
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
