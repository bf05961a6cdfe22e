package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.springframework.util.PropertyPlaceholderHelper;

/**
 * The parsed route files of a folder.
 *
 * @param lists the top-level list of each file that parsed as a YAML list
 * @param elements the top-level elements of all files, such as {@code route}, in order
 * @param consumers the first route that consumes from each {@link #target}, by target
 * @param settings returns the value of a setting by its key; {@code null} if the setting has no value
 */
public record RouteSet(RouteFiles files, List<Value> lists, List<Step> elements, Map<String, Step> consumers,
        UnaryOperator<String> settings) {

    /** Parses route files. Does not report errors. */
    public static RouteSet read(RouteFiles files, UnaryOperator<String> settings) {
        return read(files, settings, new Report(0));
    }

    static RouteSet read(RouteFiles files, UnaryOperator<String> settings, Report report) {
        List<Value> lists = files.contents().entrySet().stream()
                .flatMap(file -> new TextLevel(file.getKey(), report).list(file.getValue()).stream()).toList();
        RouteSet set = new RouteSet(files, lists, lists.stream().flatMap(Step::in).toList(), new LinkedHashMap<>(),
                settings);
        set.routes().forEach(route -> set.consumers.putIfAbsent(set.target(route.endpoint()), route));
        return set;
    }

    public List<Step> routes() {
        return elements.stream().filter(Step::isRoute).toList();
    }

    public List<Step> configurations() {
        return elements.stream().filter(element -> element.name().equals(Step.CONFIGURATION)).toList();
    }

    public Optional<Step> route(String id) {
        return routes().stream().filter(route -> route.id().equals(id)).findFirst();
    }

    public Stream<Step> allSteps() {
        return elements.stream().flatMap(Step::allSteps);
    }

    /** Replaces placeholders with the values of settings. A placeholder without a value stays in the text. */
    public String resolve(String text) {
        return new PropertyPlaceholderHelper("{{", "}}", ":", null, true)
                .replacePlaceholders(text, key -> settings.apply(key.replaceFirst("^\\?", "").strip()));
    }

    /** Returns scheme and path with resolved placeholders, without options. */
    String target(RouteEndpoint endpoint) {
        return resolve(endpoint.target()).split("\\?", 2)[0];
    }

    /** Returns the route that an enabled step calls by {@code direct:}. */
    Optional<Step> callee(Step step) {
        return step.isCall() && !step.isDisabled() ? Optional.ofNullable(consumers.get(target(step.endpoint())))
                : Optional.empty();
    }

    /** Returns the given routes and all routes that they call, directly or indirectly. */
    Set<Step> withCallees(Stream<Step> routes) {
        List<Step> reached = new ArrayList<>(routes.toList());
        Set<Step> seen = new HashSet<>(reached);
        for (int i = 0; i < reached.size(); i++) {
            reached.get(i).allSteps().flatMap(step -> callee(step).stream()).filter(seen::add).forEach(reached::add);
        }
        return seen;
    }
}
