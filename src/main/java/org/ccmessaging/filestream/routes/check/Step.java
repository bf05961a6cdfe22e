package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Value.Member;
import org.ccmessaging.filestream.routes.language.RouteLanguage;

/**
 * A step of a route: {@code process}, {@code to}, {@code choice} and so on. The branches of a step ({@code when},
 * {@code otherwise}, {@code doCatch}, {@code doFinally}, {@code onFallback}) and the clauses of a configuration
 * ({@code onException}) are steps too.
 */
public final class Step {

    /** Fields whose texts are for people, or that hold steps, which are visited by themselves. */
    static final Set<String> NOT_EVALUATED = Stream.concat(RouteLanguage.BRANCHES.stream(),
            Stream.of("description", "note", "steps", "from", Configuration.CLAUSE)).collect(Collectors.toSet());

    private final Member member;
    private final Step parent;
    private final List<Step> children;
    private final List<Step> branches;

    private Step(Member member, Step parent) {
        this.member = member;
        this.parent = parent;
        List<Step> below = in(field("steps"), this);
        this.children = below.stream().filter(step -> !step.isBranch()).toList();
        this.branches = Stream.concat(below.stream().filter(Step::isBranch),
                RouteLanguage.BRANCHES.stream().flatMap(this::branches)).toList();
    }

    /** The steps of a list; whatever is not in the form of the language is passed over. */
    static List<Step> in(Value list, Step parent) {
        return list.items().stream().flatMap(item -> item.members().values().stream())
                .map(member -> new Step(member, parent)).toList();
    }

    private Stream<Step> branches(String name) {
        Member branch = fields().get(name);
        return branch == null ? Stream.empty() : branch.value().kind() != Value.Kind.LIST
                ? Stream.of(new Step(branch, this)) : branch.value().items().stream()
                        .map(item -> new Step(new Member(name, item.place(), item), this));
    }

    /** The kind of step such as {@code setHeader}. */
    public String name() {
        return member.name();
    }

    /** The id; empty if it has none. */
    public String id() {
        return field("id").text();
    }

    /** The description; empty if it has none. */
    public String description() {
        return field("description").text();
    }

    /** How a message names the step: {@code step open-standard}, or {@code step process} if it has no id. */
    public String label() {
        return "step " + (id().isEmpty() ? name() : id());
    }

    /** The place of the step's name; for a branch of a list, that of its first field. */
    public Place place() {
        return member.place();
    }

    /** What stands behind the step's name, as the file has it. */
    public Value value() {
        return member.value();
    }

    /** The fields with their places. */
    public Map<String, Member> fields() {
        return value().members();
    }

    /** The value of a field; missing if the step does not have it. */
    public Value field(String name) {
        return value().get(name);
    }

    /** The place of a field's key; that of the step if it does not have the field. */
    public Place placeOf(String field) {
        return fields().containsKey(field) ? value().placeOf(field) : place();
    }

    /** Whether the field {@code disabled} is true. */
    public boolean isDisabled() {
        return field("disabled").isTrue();
    }

    /** The steps that hold this one, from the inner to the outer; of a branch, first the step that branches. */
    public Stream<Step> ancestors() {
        return Stream.iterate(parent, step -> step != null, step -> step.parent);
    }

    /** The steps below {@code steps}, in order; not those of branches. */
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

    /** What the step sends to or gets from; not present if the step has no field {@code uri}. */
    public Endpoint endpoint() {
        return Endpoint.in(value());
    }

    /** The texts of the step that Camel evaluates, at any depth, but not those of the steps in it. */
    public Stream<Value> texts() {
        return value().texts(NOT_EVALUATED);
    }

    /** Whether the step is a branch, which its step names. */
    public boolean isBranch() {
        return RouteLanguage.BRANCHES.contains(name());
    }

    /** The name of the bean that {@code process} runs; missing for any other step. */
    public Value bean() {
        return name().equals("process") ? field("ref") : Value.missing(place());
    }

    /** The expression or predicate of the step, such as that of {@code setHeader} and of {@code when}. */
    public Optional<Expression> expression() {
        return Expression.in(value());
    }

    /** The expression in a field of the step, such as {@code handled} and {@code onWhen}. */
    public Optional<Expression> expression(String field) {
        return Expression.in(field(field));
    }

    /** The names of the classes in field {@code exception} of {@code onException} and {@code doCatch}. */
    public List<Value> exceptions() {
        Value exception = field("exception");
        return exception.isScalar() ? List.of(exception) : exception.items();
    }

    /** What the step assigns by name: {@code setHeader(s)} and {@code setVariable(s)}. */
    public List<Assignment> assignments() {
        return Assignment.of(this);
    }

    @Override
    public String toString() {
        return label() + " at " + place();
    }
}
