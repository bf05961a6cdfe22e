package org.ccmessaging.filestream.routes.check.rules;

import java.util.Optional;
import java.util.Set;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.settings.RoutesSettings;

/** Expressions read what a request carries; they are no programs. */
final class Languages implements Rule {

    /** What camelYamlDsl.json of Camel 4.17 offers and routes may not use: each runs a program, or nearly. */
    private static final Set<String> PROGRAMS = Set.of("csimple", "datasonnet", "groovy", "hl7terser", "java", "joor",
            "js", "mvel", "ognl", "python", "spel", "wasm", "xquery");

    private final RoutesSettings settings;

    Languages(RoutesSettings settings) {
        this.settings = settings;
    }

    @Override
    public void check(RouteSet set, Findings findings) {
        set.files().forEach(file -> below(file.yaml(), findings));
    }

    private void below(Value value, Findings findings) {
        value.items().forEach(item -> below(item, findings));
        value.members().values().forEach(member -> below(member.value(), findings));
        Value script = value.get("scriptLanguage");
        if (script.isPresent()) {
            refused(script.text(), script.place(), findings);
        }
        Optional<Expression> expression = Expression.in(value);
        boolean named = expression.isPresent() && value.members().containsKey(expression.get().language());
        if (named || value.get("language").kind() == Value.Kind.MAP) {
            expression.ifPresent(found -> refused(found.language(), found.place(), findings));
        }
    }

    private void refused(String language, Place place, Findings findings) {
        boolean simple = !PROGRAMS.contains(language) && !language.equals("language");
        if (!simple && !settings.components().contains(language)) {
            findings.error("R116", place, "language " + language + " runs programs, which routes may not do",
                    "use simple, constant, header, variable, exchangeProperty or jsonpath, or name " + language
                            + " in filestream.routes.components");
        }
    }
}
