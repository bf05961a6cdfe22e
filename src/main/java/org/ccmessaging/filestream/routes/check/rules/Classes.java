package org.ccmessaging.filestream.routes.check.rules;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Element;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.sandbox.OpenClasses;
import org.ccmessaging.filestream.settings.RoutesSettings;

/** Routes name values, collections and the like, and no class that runs programs or reads settings. */
final class Classes implements Rule {

    /** <code>#class:name</code>, <code>#type:name</code> and <code>#valueAs(name):value</code>, as Camel takes them. */
    private static final Pattern REFERENCE = Pattern.compile("#(?:class:|type:|valueAs\\()([\\w.$]+)");

    private static final Set<String> CONVERTERS = Set.of("convertBodyTo", "convertHeaderTo", "convertVariableTo");

    /** The functions of Simple with a class as first argument, and those with a class as last one. */
    private static final Pattern CONVERSION = Pattern.compile("(?i)\\b(?:(?:mandatory)?body|message)As(?:Index)?\\("
            + "\\s*['\"]?([\\w.$]+)|\\b(?:(?:header|variable|exchangeProperty)As|convertTo)\\((?:[^()]*,)?\\s*['\"]?"
            + "([\\w.$]+)['\"]?\\s*\\)");

    private static final String CLASS = "#class:";

    private final OpenClasses open;

    Classes(RoutesSettings settings) {
        this.open = new OpenClasses(settings);
    }

    @Override
    public void check(RouteSet set, Findings findings) {
        set.others().stream().filter(element -> element.name().equals("beans")).map(Element::value)
                .flatMap(beans -> beans.items().stream()).forEach(bean -> bean(set, bean, findings));
        Texts.all(set).forEach(text -> text(set, text, findings));
        set.allSteps().forEach(step -> converted(set, step, findings));
    }

    /** The classes of results: Camel finds them when a request comes, or says no more than that there is none. */
    private void converted(RouteSet set, Step step, Findings findings) {
        if (CONVERTERS.contains(step.name())) {
            result(set.resolve(step.field("type").text()), step.field("type"), step, findings);
        }
        for (Value text : Texts.evaluated(step)) {
            Matcher function = CONVERSION.matcher(set.resolve(text.text()));
            while (function.find()) {
                result(function.group(1) == null ? function.group(2) : function.group(1), text, step, findings);
            }
        }
    }

    private void result(String name, Value where, Step step, Findings findings) {
        if (!open.isOpen(name)) {
            findings.error("R124", where.place(), step.label() + " names class " + name + ", which is not open to"
                    + " routes", "use String, byte[] or a collection; filestream.routes.classes lists classes of your"
                    + " own");
        }
    }

    private void bean(RouteSet set, Value bean, Findings findings) {
        Stream.of("type", "factoryBean", "builderClass").map(bean::get).filter(Value::isPresent).forEach(type -> {
            String name = set.resolve(type.text()).replace(CLASS, "");
            named(name.split("[#(]")[0], type, findings);
        });
        Texts.below(bean).forEach(text -> text(set, text, findings));
    }

    private void text(RouteSet set, Value text, Findings findings) {
        Matcher reference = REFERENCE.matcher(set.resolve(text.text()));
        while (reference.find()) {
            named(reference.group(1), text, findings);
        }
    }

    private void named(String name, Value where, Findings findings) {
        if (!open.isOpen(name)) {
            findings.error("R124", where.place(), "class " + name + " is not open to routes: it could do whatever"
                    + " Java can", "use a collection or an aggregation strategy; filestream.routes.classes lists"
                    + " classes of your own");
        }
    }
}
