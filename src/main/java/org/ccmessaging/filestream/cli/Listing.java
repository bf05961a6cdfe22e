package org.ccmessaging.filestream.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.ccmessaging.filestream.routes.check.DocumentedFailures;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.RouteSteps;

/** The subjects of {@code routes list}: each maps names to descriptions. */
enum Listing {

    ROUTES((set, language) -> routes(set)),
    BEANS((set, language) -> describe(RouteSteps.all(), Listing::bean)),
    STEPS((set, language) -> describe(language.steps(), RouteLanguage.Entry::says)),
    FUNCTIONS((set, language) -> describe(language.functions(), RouteLanguage.Function::says)),
    MEMBERS((set, language) -> language.members()),
    VARIABLES((set, language) -> describe(language.variables(), RouteLanguage.Variable::says)),
    HEADERS((set, language) -> language.headers()),
    FAILURES((set, language) -> failures(set)),
    COMPONENTS((set, language) -> describe(language.components(), RouteLanguage.Component::says));

    private final BiFunction<RouteSet, RouteLanguage, Map<String, String>> names;

    Listing(BiFunction<RouteSet, RouteLanguage, Map<String, String>> names) {
        this.names = names;
    }

    Map<String, String> of(RouteSet set, RouteLanguage language) {
        return names.apply(set, language);
    }

    private static Map<String, String> routes(RouteSet set) {
        Map<String, String> routes = new LinkedHashMap<>();
        set.routes().forEach(route -> routes.put(route.id().isEmpty() ? route.label() : route.id(),
                "from " + route.uri().target() + ", " + route.allSteps().count() + " steps, " + route.place()));
        return routes;
    }

    private static String bean(RouteStep step) {
        return step.description() + facts(" Needs: ", step.needs()) + facts(" Leaves: ", step.leaves());
    }

    private static String facts(String title, String... facts) {
        return facts.length == 0 ? "" : title + String.join(", ", facts) + ".";
    }

    /** The failures of the contract, described by their clause. */
    private static Map<String, String> failures(RouteSet set) {
        Map<String, String> failures = new TreeMap<>();
        DocumentedFailures.classes().forEach(type -> failures.put(type.getName(), "no clause of its own"));
        set.configurations().stream().flatMap(configuration -> configuration.clauses().stream())
                .forEach(clause -> clause.exceptions().stream().map(Value::text).forEach(name -> failures
                        .computeIfPresent(name, (type, text) -> clause.id() + ": " + clause.description())));
        return failures;
    }

    private static <T> Map<String, String> describe(Map<String, T> entries, Function<T, String> description) {
        Map<String, String> names = new LinkedHashMap<>();
        entries.forEach((name, entry) -> names.put(name, description.apply(entry)));
        return names;
    }
}
