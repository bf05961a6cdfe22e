package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.ShippedRoutes;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.springframework.util.PropertyPlaceholderHelper;

/**
 * The route files of authors in a folder, their routes and those of the frame, and the calls between the routes.
 *
 * @param files the files of authors
 * @param lists the lists in those files whose text is YAML
 * @param frame the routes of the frame, as the jar has them
 * @param authors the routes of authors in the order of files and places
 * @param configurations the routeConfigurations
 * @param consumers the first route for each endpoint, by {@link #target}
 * @param settings returns the value of a setting by its key, or {@code null}
 */
public record RouteSet(RouteFiles files, List<Value> lists, List<Step> frame, List<Step> authors,
        List<Step> configurations, Map<String, Step> consumers, UnaryOperator<String> settings) {

    /**
     * Parses route files, and compares copies of the frame with it ({@link FrameCopy}).
     *
     * @param language has the components whose options may hold an address
     * @param findings receives what is wrong with the files as texts
     */
    public static RouteSet read(RouteFiles files, RouteLanguage language, UnaryOperator<String> settings,
            Findings findings) {
        Map<Boolean, List<Value>> read = TextLevel.check(files, findings).stream()
                .collect(Collectors.partitioningBy(list -> ShippedRoutes.isFrame(list.place().file())));
        List<Value> frame = TextLevel.check(ShippedRoutes.frame(), findings);
        read.get(true).forEach(copy -> new FrameCopy(copy, frame, language, findings).check());
        List<Value> lists = read.get(false);
        Map<String, List<Step>> own = elements(lists, language);
        RouteSet set = new RouteSet(files.ofAuthors(), lists, elements(frame, language).get(Step.ROUTE),
                own.getOrDefault(Step.ROUTE, List.of()), own.getOrDefault(Step.CONFIGURATION, List.of()),
                new LinkedHashMap<>(), settings);
        set.routes().forEach(route -> set.consumers.putIfAbsent(set.target(route.endpoint()), route));
        return set;
    }

    /** All routes: those of the frame, and then those of authors. */
    public List<Step> routes() {
        return Stream.concat(frame.stream(), authors.stream()).toList();
    }

    private static Map<String, List<Step>> elements(List<Value> lists, RouteLanguage language) {
        return lists.stream().flatMap(list -> Step.in(list, language)).collect(Collectors.groupingBy(Step::name));
    }

    /** Returns the route with an id. */
    public Optional<Step> route(String id) {
        return routes().stream().filter(route -> route.id().equals(id)).findFirst();
    }

    /** All steps of routes and configurations, branches and clauses included. */
    public Stream<Step> allSteps() {
        return Stream.of(frame, authors, configurations).flatMap(List::stream).flatMap(Step::allSteps);
    }

    /** The steps of the files of authors. */
    Stream<Step> ofAuthors() {
        return Stream.of(authors, configurations).flatMap(List::stream).flatMap(Step::allSteps);
    }

    /** The enabled clauses of all configurations. */
    List<Step> clauses() {
        return configurations.stream().flatMap(configuration -> configuration.children().stream())
                .filter(clause -> !clause.isDisabled()).toList();
    }

    /** Replaces placeholders with settings. A placeholder without a value stays as it is. */
    public String resolve(String text) {
        return new PropertyPlaceholderHelper("{{", "}}", ":", null, true)
                .replacePlaceholders(text, key -> settings.apply(key.replaceFirst("^\\?", "").strip()));
    }

    /** Returns scheme and path of an endpoint with resolved placeholders, without options. */
    String target(Endpoint endpoint) {
        return resolve(endpoint.target()).split("\\?", 2)[0];
    }

    /** Returns the route that an enabled step calls by {@code direct:}. */
    Optional<Step> callee(Step step) {
        return step.isCall() && !step.isDisabled() ? Optional.ofNullable(consumers.get(target(step.endpoint())))
                : Optional.empty();
    }

    /** Returns the routes that these steps call, directly or through other routes. */
    Set<Step> callees(Stream<Step> steps) {
        return reached(steps).stream().flatMap(step -> callee(step).stream()).collect(Collectors.toSet());
    }

    /** Returns these steps, those below them, and those of the routes that they call, disabled ones too. */
    List<Step> reached(Stream<Step> steps) {
        List<Step> reached = new ArrayList<>(steps.flatMap(Step::withAllBelow).toList());
        Set<Step> called = new HashSet<>();
        for (int i = 0; i < reached.size(); i++) {
            callee(reached.get(i)).filter(called::add).ifPresent(route -> reached.addAll(route.allSteps().toList()));
        }
        return reached;
    }

    /** Returns whether a step, one below it, or one of a route that it calls opens a file. */
    boolean opens(Step step) {
        return reached(Stream.of(step)).stream().anyMatch(one -> StepEffect.of(one).leaves().contains(StepEffect.FILE)
                || callee(one).filter(frame::contains).isPresent());
    }
}
