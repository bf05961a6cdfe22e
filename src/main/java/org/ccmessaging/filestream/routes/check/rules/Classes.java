package org.ccmessaging.filestream.routes.check.rules;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Element;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.sandbox.OpenClasses;
import org.ccmessaging.filestream.settings.RoutesSettings;

/** Routes name values, collections and the like, and no class that runs programs or reads settings. */
final class Classes implements Rule {

    /** <code>#class:name</code>, <code>#type:name</code> and <code>#valueAs(name):value</code>, as Camel takes them. */
    private static final Pattern REFERENCE = Pattern.compile("#(?:class:|type:|valueAs\\()([\\w.$]+)");

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
