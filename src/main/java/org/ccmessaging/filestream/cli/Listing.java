package org.ccmessaging.filestream.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.ccmessaging.filestream.routes.check.DocumentedFailures;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.routes.language.RouteLanguage.Entry;
import org.ccmessaging.filestream.toolkit.RouteSteps;

/** What {@code routes list} can list: each name with what it is. */
enum Listing {

    /** The routes and where they receive from. */
    ROUTES {
        @Override
        Map<String, String> of(RouteSet set, RouteLanguage language) {
            Map<String, String> routes = new LinkedHashMap<>();
            set.routes().forEach(route -> routes.put(route.id().isEmpty() ? route.label() : route.id(),
                    "from " + route.uri().target() + ", " + route.allSteps().count() + " steps, " + route.place()));
            return routes;
        }
    },

    /** The beans that step process can run. */
    BEANS {
        @Override
        Map<String, String> of(RouteSet set, RouteLanguage language) {
            return says(RouteSteps.all(), step -> step.description() + facts(" Needs: ", step.needs())
                    + facts(" Leaves: ", step.leaves()));
        }

        private static String facts(String what, String... facts) {
            return facts.length == 0 ? "" : what + String.join(", ", facts) + ".";
        }
    },

    /** The kinds of steps. */
    STEPS {
        @Override
        Map<String, String> of(RouteSet set, RouteLanguage language) {
            return says(language.steps(), Entry::says);
        }
    },

    /** The functions of expressions. */
    FUNCTIONS {
        @Override
        Map<String, String> of(RouteSet set, RouteLanguage language) {
            return says(language.functions(), RouteLanguage.Function::says);
        }
    },

    /** What may follow a dot in an expression. */
    MEMBERS {
        @Override
        Map<String, String> of(RouteSet set, RouteLanguage language) {
            return language.members();
        }
    },

    /** The variables of an exchange. */
    VARIABLES {
        @Override
        Map<String, String> of(RouteSet set, RouteLanguage language) {
            return says(language.variables(), RouteLanguage.Variable::says);
        }
    },

    /** The headers that routes set and read. */
    HEADERS {
        @Override
        Map<String, String> of(RouteSet set, RouteLanguage language) {
            return language.headers();
        }
    },

    /** The failures of the contract, described by their clause. */
    FAILURES {
        @Override
        Map<String, String> of(RouteSet set, RouteLanguage language) {
            Map<String, String> failures = new TreeMap<>();
            DocumentedFailures.classes().forEach(type -> failures.put(type.getName(), "no clause of its own"));
            set.configurations().stream().flatMap(configuration -> configuration.clauses().stream())
                    .forEach(clause -> clause.exceptions().stream().map(Value::text).forEach(name -> failures
                            .computeIfPresent(name, (type, text) -> clause.id() + ": " + clause.description())));
            return failures;
        }
    },

    /** The components. */
    COMPONENTS {
        @Override
        Map<String, String> of(RouteSet set, RouteLanguage language) {
            return says(language.components(), RouteLanguage.Component::says);
        }
    };

    abstract Map<String, String> of(RouteSet set, RouteLanguage language);

    private static <T> Map<String, String> says(Map<String, T> entries, Function<T, String> says) {
        Map<String, String> names = new LinkedHashMap<>();
        entries.forEach((name, entry) -> names.put(name, says.apply(entry)));
        return names;
    }
}
