package org.ccmessaging.filestream.routes.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.NamedNode;
import org.ccmessaging.filestream.routes.check.BuildLevel.Part;
import org.ccmessaging.filestream.routes.check.Value.Member;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Turns what Camel throws into findings at the step that it is about. Where another level has already found an error in
 * the step, what Camel says is a consequence of it.
 */
final class Faults {

    private static final String FILE = "file:";

    /** What a step holds beside its own fields. */
    static final List<String> BELOW = List.of("steps", "when", "otherwise", "doCatch", "doFinally",
            "onFallback");

    private final RouteSet set;
    private final Findings findings;
    private final Causes causes;

    Faults(RouteSet set, Findings findings, Causes causes) {
        this.set = set;
        this.findings = findings;
        this.causes = causes;
    }

    /** A step that cannot be made. */
    void ofStep(NamedNode definition, Exception fault) {
        Optional<Step> step = step(definition);
        if (step.isPresent()) {
            report(step.get().label(), step.get().place(), step.get().value(), fault);
        } else {
            Path file = file(definition);
            report("step " + definition.getShortName(), new Place(file, definition.getLineNumber(), 0),
                    Value.missing(Place.of(file)), fault);
        }
    }

    /** A route that cannot be made although its steps can. */
    void ofRoute(String id, Exception fault) {
        Optional<Route> route = set.route(id);
        if (route.isPresent()) {
            Value from = route.get().from();
            Value header = Value.map(route.get().place(), Stream.concat(
                    route.get().fields().members().values().stream().filter(field -> !field.name().equals("from")),
                    from.members().values().stream()).toList());
            report(route.get().label(), from.get("uri").place(), header, fault);
        } else {
            findings.error("R030", Place.of(set.folder()), "route " + id + ": " + Causes.rootText(fault));
        }
    }

    /** A file, or an element of it, that cannot be loaded. */
    void ofElement(Part part, Exception fault) {
        Optional<Place> marked = Causes.of(fault).filter(MarkedYamlEngineException.class::isInstance)
                .map(MarkedYamlEngineException.class::cast).map(MarkedYamlEngineException::getProblemMark)
                .flatMap(Optional::stream).map(mark -> place(part.file(), mark)).findFirst();
        Place place = marked.orElse(part.place());
        boolean known = findings.sorted().stream().anyMatch(finding -> finding.level() == Level.ERROR
                && finding.place().file().equals(part.file().path())
                && (marked.isEmpty() || part.holds(finding.place())));
        if (!known) {
            causes.classify(fault).forEach(cause -> findings.error(cause.code(),
                    marked.or(() -> sender(part, cause.about())).orElse(place), cause.message(), cause.hint()));
        }
    }

    /** The first step of a part that sends to a component: Camel does not say which step it means. */
    private Optional<Place> sender(Part part, String scheme) {
        return set.allSteps()
                .filter(step -> step.place().file().equals(part.file().path()) && part.holds(step.place()))
                .filter(step -> step.endpoint().scheme().equals(scheme)).map(step -> step.endpoint().place())
                .findFirst();
    }

    private static Place place(RouteFile file, Mark mark) {
        return new Place(file.path(), mark.getLine() + 1, mark.getColumn() + 1);
    }

    private void report(String label, Place place, Value value, Exception fault) {
        int last = lastLine(value, place.line());
        boolean known = findings.sorted().stream().anyMatch(finding -> finding.level() == Level.ERROR
                && finding.place().file().equals(place.file())
                && finding.place().line() >= Math.min(place.line(), value.place().line())
                && finding.place().line() <= last);
        if (known) {
            return;
        }
        for (Causes.Cause cause : causes.classify(fault)) {
            Place exact = cause.about() == null ? place : find(value, cause.about()).orElse(place);
            findings.error(cause.code(), exact, label + ": " + cause.message(), cause.hint());
        }
    }

    private static int lastLine(Value value, int least) {
        return Stream.concat(
                value.members().values().stream().filter(member -> !BELOW.contains(member.name()))
                        .map(member -> Math.max(member.place().line(), lastLine(member.value(), least))),
                value.items().stream().map(item -> lastLine(item, least)))
                .reduce(Math.max(least, value.place().line()), Math::max);
    }

    /** Where the step says a word: a key, or else a text that holds it. */
    private static Optional<Place> find(Value value, String word) {
        List<Member> own = value.members().values().stream().filter(member -> !BELOW.contains(member.name()))
                .filter(member -> !References.PROSE.contains(member.name())).toList();
        return Stream.of(
                own.stream().filter(member -> member.name().equals(word)).map(Member::place).findFirst(),
                value.isScalar() && value.text().contains(word) ? Optional.of(value.place()) : Optional.<Place>empty(),
                Stream.concat(own.stream().map(Member::value), value.items().stream())
                        .map(inner -> find(inner, word)).flatMap(Optional::stream).findFirst())
                .flatMap(Optional::stream).findFirst();
    }

    private Optional<Step> step(NamedNode definition) {
        Path file = file(definition);
        List<Step> steps = set.allSteps().filter(step -> step.place().file().equals(file)).toList();
        return steps.stream().filter(step -> !step.id().isEmpty() && step.id().equals(definition.getId())).findFirst()
                .or(() -> steps.stream().filter(step -> step.id().isEmpty()
                        && step.name().equals(definition.getShortName())
                        && camelLine(step) == definition.getLineNumber()).findFirst());
    }

    /** The line that Camel gives a step: that of a short form, or the one before the first field. */
    private static int camelLine(Step step) {
        int line = step.value().place().line();
        return step.value().kind() == Value.Kind.MAP ? line - 1 : line;
    }

    private static Path file(NamedNode definition) {
        String location = Objects.requireNonNullElse(definition.getLocation(), "");
        return Path.of(location.startsWith(FILE) ? location.substring(FILE.length()) : location);
    }
}
