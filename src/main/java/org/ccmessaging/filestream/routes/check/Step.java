package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.language.RouteLanguage;

/**
 * A step of a route: {@code process}, {@code to}, {@code choice} and so on. The branches of a step ({@code when},
 * {@code otherwise}, {@code doCatch}, {@code doFinally}, {@code onFallback}) and the clauses of a configuration
 * ({@code onException}) are steps too.
 */
public final class Step implements Finding.Subject {

    /** The field of a configuration that lists its clauses. */
    static final String CLAUSE = "onException";

    /** Fields that hold steps. */
    static final Set<String> BELOW = Stream.concat(RouteLanguage.BRANCHES.stream(), Stream.of("steps", CLAUSE))
            .collect(Collectors.toSet());

    /** Fields whose texts are for people, or whose steps are visited on their own. */
    static final Set<String> NOT_EVALUATED = Stream.concat(BELOW.stream(), Stream.of("description", "note", "from"))
            .collect(Collectors.toSet());

    private final Value value;
    private final Step parent;
    private final Endpoint endpoint;
    private final List<Step> children;
    private final List<Step> branches;

    /**
     * A header or variable that a step writes.
     *
     * @param expression its new value; empty if the step writes a body that it received (variableReceive)
     */
    public record Assignment(boolean isHeader, Value name, Optional<Expression> expression) {
    }

    private Step(Value value, Step parent, RouteLanguage language) {
        this.value = value;
        this.parent = parent;
        this.endpoint = Endpoint.in(value, language);
        List<Step> below = in(field("steps"), this, language);
        this.children = below.stream().filter(step -> !step.isBranch()).toList();
        this.branches = Stream.concat(below.stream().filter(Step::isBranch),
                RouteLanguage.BRANCHES.stream().flatMap(name -> branches(name, language))).toList();
    }

    /** The steps of a list, without what has not the form of the language. */
    static List<Step> in(Value list, Step parent, RouteLanguage language) {
        return list.items().stream().flatMap(item -> item.members().values().stream())
                .map(value -> new Step(value, parent, language)).toList();
    }

    private Stream<Step> branches(String name, RouteLanguage language) {
        Value branch = field(name);
        Stream<Value> all = branch.kind() == Value.Kind.LIST
                ? branch.items().stream().map(item -> item.named(name, item.place())) : Stream.of(branch);
        return all.filter(Value::isPresent).map(one -> new Step(one, this, language));
    }

    /** The kind of step such as {@code setHeader}. */
    public String name() {
        return value.name();
    }

    /** The id; empty if it has none. */
    public String id() {
        return field("id").text();
    }

    /** The description; empty if it has none. */
    public String description() {
        return field("description").text();
    }

    /** The step's name in a message: {@code step open-standard}, or {@code step process} if it has no id. */
    public String label() {
        return "step " + (id().isEmpty() ? name() : id());
    }

    /** The place of the step's name; for a branch of a list, that of its first field. */
    public Place place() {
        return value.key();
    }

    /** The value of the step's name; its members are the fields of the step. */
    public Value value() {
        return value;
    }

    /** Returns the value of a field; missing if the step does not have it. */
    public Value field(String name) {
        return value.get(name);
    }

    /** Returns the place of a field's key; that of the step if it does not have the field. */
    Place placeOf(String field) {
        return value.members().containsKey(field) ? value.placeOf(field) : place();
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

    /** The steps around this one, from the inner to the outer. The parent of a branch is the step that branches. */
    Stream<Step> ancestors() {
        return Stream.iterate(parent, step -> step != null, step -> step.parent);
    }

    /** The steps below {@code steps}, in order, without branches. */
    public List<Step> children() {
        return children;
    }

    /** The branches, in the order in which Camel tries them: each {@code when}, then {@code otherwise}. */
    public List<Step> branches() {
        return branches;
    }

    /** This step and all below it, branches included, depth first. */
    public Stream<Step> withAllBelow() {
        return Stream.concat(Stream.of(this),
                Stream.concat(children.stream(), branches.stream()).flatMap(Step::withAllBelow));
    }

    /** The endpoint of field {@code uri}; not present if the step does not have the field. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** The name of the bean that {@code process} runs; missing for any other step. */
    public Value bean() {
        return name().equals("process") ? field("ref") : Value.missing(place());
    }

    /** The expression or predicate of the step, such as that of {@code setHeader} and of {@code when}. */
    public Optional<Expression> expression() {
        return Expression.in(value());
    }

    /** Returns the expression in a field of the step, such as {@code handled} and {@code onWhen}. */
    Optional<Expression> expression(String field) {
        return Expression.in(field(field));
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
                    .map(item -> new Assignment(header, item.get("name"), Expression.in(item)));
            default -> Stream.empty();
        };
        return Stream.concat(named, Stream.of(field("variableReceive")).filter(Value::isPresent)
                .map(variable -> new Assignment(false, variable, Optional.empty()))).toList();
    }
}
