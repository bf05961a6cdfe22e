package org.ccmessaging.filestream.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.check.DocumentedFailures;
import org.ccmessaging.filestream.routes.language.FieldType;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.RouteSteps;

/** The subjects of {@code routes list}. */
enum Listing {

    BEANS, STEPS, FIELDS, FUNCTIONS, MEMBERS, VARIABLES, HEADERS, FAILURES, COMPONENTS;

    Map<String, String> of(RouteLanguage language) {
        return switch (this) {
            case BEANS -> describe(RouteSteps.all(), Listing::bean);
            case STEPS -> describe(language.steps(), RouteLanguage.Entry::says);
            case FIELDS -> fields(language);
            case FUNCTIONS -> describe(language.functions(), RouteLanguage.Function::says);
            case MEMBERS -> language.members();
            case VARIABLES -> describe(language.variables(), RouteLanguage.Variable::says);
            case HEADERS -> language.headers();
            case FAILURES -> DocumentedFailures.names().stream().sorted()
                    .collect(Collectors.toMap(name -> name, name -> "", (one, same) -> one, LinkedHashMap::new));
            case COMPONENTS -> describe(language.components(), RouteLanguage.Component::says);
        };
    }

    private static String bean(RouteStep step) {
        return step.description() + facts(" Needs: ", step.needs()) + facts(" Leaves: ", step.leaves());
    }

    private static String facts(String title, String... facts) {
        return facts.length == 0 ? "" : title + String.join(", ", facts) + ".";
    }

    /** The fields with a text, without those that every step has. */
    private static Map<String, String> fields(RouteLanguage language) {
        Map<String, FieldType> fields = language.allFields();
        fields.keySet().removeIf(name -> language.common().containsKey(name.replaceFirst(".*\\.", "")));
        fields.values().removeIf(type -> language.types().get(type.kind()).pattern() == null
                && type.values().isEmpty() && type.text() == null);
        return describe(fields, type -> type.says(language));
    }

    private static <T> Map<String, String> describe(Map<String, T> entries, Function<T, String> description) {
        Map<String, String> names = new LinkedHashMap<>();
        entries.forEach((name, entry) -> names.put(name, description.apply(entry)));
        return names;
    }
}
