package org.ccmessaging.filestream.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.check.Vocabulary;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What {@code routes list} can list: each name with what it is. */
enum Listing {

    /** The routes and where they receive from. */
    ROUTES {
        @Override
        Map<String, String> of(RouteSet set, Vocabulary known) {
            Map<String, String> routes = new LinkedHashMap<>();
            set.routes().forEach(route -> routes.put(route.id().isEmpty() ? route.label() : route.id(),
                    "from " + route.uri().target() + ", " + route.allSteps().count() + " steps, " + route.place()));
            return routes;
        }
    },

    /** The beans that step process can run, described by the step that runs them, or for edits that need them. */
    BEANS {
        @Override
        Map<String, String> of(RouteSet set, Vocabulary known) {
            Map<String, String> beans = new LinkedHashMap<>();
            known.steps().forEach(bean -> beans.put(bean, set.allSteps()
                    .filter(step -> step.bean().text().equals(bean)).map(Step::description).findFirst()
                    .orElse(words("beans").getOrDefault(bean, "no route runs it"))));
            return beans;
        }
    },

    /** The variables of an exchange. */
    VARIABLES {
        @Override
        Map<String, String> of(RouteSet set, Vocabulary known) {
            return words("variables");
        }
    },

    /** The headers that routes set and read. */
    HEADERS {
        @Override
        Map<String, String> of(RouteSet set, Vocabulary known) {
            return words("headers");
        }
    },

    /** The failures of the contract, described by their clause. */
    FAILURES {
        @Override
        Map<String, String> of(RouteSet set, Vocabulary known) {
            Map<String, String> failures = new TreeMap<>();
            known.failureClasses().forEach(type -> failures.put(type.getName(), "no clause of its own"));
            set.configurations().stream().flatMap(configuration -> configuration.clauses("onException").stream())
                    .forEach(clause -> clause.exceptions().stream().map(Value::text).forEach(name -> failures
                            .computeIfPresent(name, (type, text) -> clause.id() + ": " + clause.description())));
            return failures;
        }
    },

    /** The components that are there, those in lib/ included, and which of them routes may not use. */
    COMPONENTS {
        @Override
        Map<String, String> of(RouteSet set, Vocabulary known) {
            Map<String, String> components = new LinkedHashMap<>();
            known.components().forEach(scheme -> components.put(scheme, !known.isOpen(scheme)
                    ? "not for routes, unless filestream.routes.components lists it"
                    : isUsed(set, scheme) ? "in use" : ""));
            return components;
        }

        private boolean isUsed(RouteSet set, String scheme) {
            return set.routes().stream().anyMatch(route -> route.uri().scheme().equals(scheme))
                    || set.allSteps().anyMatch(step -> step.endpoint().scheme().equals(scheme));
        }
    };

    private static final String WORDS = "/route-check/words.yaml";

    abstract Map<String, String> of(RouteSet set, Vocabulary known);

    static Map<String, String> words(String kind) {
        try (InputStream yaml = Listing.class.getResourceAsStream(WORDS)) {
            Map<?, ?> all = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(yaml);
            Map<String, String> words = new LinkedHashMap<>();
            ((Map<?, ?>) all.get(kind)).forEach((name, text) -> words.put(name.toString(), text.toString()));
            return words;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(WORDS + " cannot be read", unreadable);
        }
    }
}
