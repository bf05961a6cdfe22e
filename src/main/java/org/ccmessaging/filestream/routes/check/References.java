package org.ccmessaging.filestream.routes.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Predicate;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.routes.check.Causes.Cause;
import org.ccmessaging.filestream.routes.check.Value.Member;

/**
 * Whether what the routes name exists, as far as it can be told without a build: beans, classes, placeholders, and ids
 * that are given twice. Camel would find some of it only when a request comes, and all of it without a column.
 */
final class References {

    /** Fields for people: nothing in them is evaluated. */
    static final Set<String> PROSE = Set.of("description", "note");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{!?([^?!{}][^{}]*)}}");
    private static final Pattern BEAN = Pattern.compile("\\$(?:simple)?\\{bean:([\\w-]+)(?:\\?method=|\\.)?([\\w]*)");

    private static final Set<String> TYPES = Set.of("exceptionType", "unmarshalType");

    private final RouteSet set;
    private final Set<String> declared;
    private final CamelContext camel;
    private final Findings findings;
    private final Causes causes;
    private final Expressions expressions;

    References(RouteSet set, CamelContext camel, Findings findings, Causes causes) {
        this.set = set;
        this.declared = set.others().stream().filter(element -> element.name().equals("beans"))
                .flatMap(element -> element.value().items().stream()).map(bean -> bean.get("name").text())
                .collect(Collectors.toSet());
        this.camel = camel;
        this.findings = findings;
        this.causes = causes;
        this.expressions = new Expressions(camel, findings, causes);
    }

    void check() {
        List<Route> included = set.routes().stream().filter(this::isIncluded).toList();
        included.forEach(route -> {
            header(route);
            route.allSteps().forEach(this::step);
        });
        set.configurations().stream().flatMap(Configuration::allSteps).forEach(this::step);
        ids(included);
    }

    private boolean isIncluded(Route route) {
        Value precondition = route.precondition();
        if (precondition.isMissing()) {
            return true;
        }
        try {
            String text = camel.resolvePropertyPlaceholders(precondition.text());
            Predicate predicate = camel.resolveLanguage("simple").createPredicate(text);
            predicate.initPredicate(camel);
            return predicate.matches(new DefaultExchange(camel));
        } catch (Exception fault) {
            causes.classify(fault).forEach(cause ->
                    error(cause, precondition.place(), route.label() + ": precondition: "));
            return true;
        }
    }

    private void header(Route route) {
        component(route.uri(), route.label() + ": ");
        Stream.concat(route.fields().members().values().stream().filter(field -> !field.name().equals("from")),
                        route.from().members().values().stream().filter(field -> !field.name().equals("steps")))
                .forEach(field -> texts(field, text -> placeholders(text, route.label() + ": ")));
    }

    private void step(Step step) {
        String label = step.label() + ": ";
        Value bean = step.bean();
        if (bean.isPresent() && !isDynamic(bean.text()) && lookup(bean.text()) == null) {
            error(causes.bean(bean.text()), bean.place(), label);
        }
        if (!step.name().startsWith("intercept")) {
            component(step.endpoint(), label);
        }
        step.exceptions().forEach(type -> exception(type, label));
        step.fields().values().stream().filter(field -> !Faults.BELOW.contains(field.name())).forEach(field ->
                texts(field, text -> {
                    placeholders(text, label);
                    beans(text, label);
                }));
        step.fields().values().forEach(field -> types(field, label));
        expressions.check(step);
    }

    private void component(Endpoint endpoint, String label) {
        String scheme = endpoint.scheme();
        if (!endpoint.isPresent() || isDynamic(scheme)) {
            return;
        }
        try {
            if (camel.getComponent(scheme, true, false) == null && lookup(scheme) == null) {
                error(causes.component(scheme), endpoint.place(), label);
            }
        } catch (RuntimeException closed) {
            causes.classify(closed).forEach(cause -> error(cause, endpoint.place(), label));
        }
    }

    private static boolean isDynamic(String name) {
        return name.isEmpty() || name.startsWith("#") || name.contains("{{") || name.contains("${");
    }

    private Object lookup(String bean) {
        if (declared.contains(bean)) {
            return new IllegalStateException("It is made when the routes are loaded.");
        }
        try {
            return camel.getRegistry().lookupByName(bean);
        } catch (RuntimeException cannotBeMade) {
            // The build says why.
            return cannotBeMade;
        }
    }

    /** Classes that a step or its data format names. */
    private void types(Member field, String label) {
        if (TYPES.contains(field.name()) && !isDynamic(field.value().text())
                && camel.getClassResolver().resolveClass(field.value().text()) == null) {
            error(causes.type(field.value().text()), field.value().place(), label);
        } else if (!Faults.BELOW.contains(field.name())) {
            field.value().members().values().forEach(member -> types(member, label));
        }
    }

    private void exception(Value name, String label) {
        Class<?> type = isDynamic(name.text()) ? Throwable.class : camel.getClassResolver().resolveClass(name.text());
        if (type == null) {
            error(causes.type(name.text()), name.place(), label);
        } else if (!Throwable.class.isAssignableFrom(type)) {
            findings.error("R037", name.place(), label + type.getSimpleName() + " is no exception");
        }
    }

    /** All texts of a field that Camel evaluates. */
    private static void texts(Member field, Consumer<Value> each) {
        if (!PROSE.contains(field.name())) {
            texts(field.value(), each);
        }
    }

    private static void texts(Value value, Consumer<Value> each) {
        if (value.isScalar()) {
            each.accept(value);
        }
        value.items().forEach(item -> texts(item, each));
        value.members().values().forEach(member -> texts(member, each));
    }

    private void placeholders(Value text, String label) {
        Matcher found = PLACEHOLDER.matcher(text.text());
        while (found.find()) {
            try {
                camel.resolvePropertyPlaceholders(found.group());
            } catch (RuntimeException noValue) {
                error(causes.placeholder(found.group(1).strip(), noValue), text.place(), label);
            }
        }
    }

    private void beans(Value text, String label) {
        Matcher found = BEAN.matcher(text.text());
        while (found.find()) {
            String name = found.group(1);
            String method = found.group(2);
            Object bean = lookup(name);
            if (bean == null) {
                error(causes.bean(name), text.place(), label);
            } else if (!method.isEmpty() && !(bean instanceof RuntimeException)
                    && Stream.of(bean.getClass().getMethods()).noneMatch(one -> one.getName().equals(method))) {
                findings.error("R031", text.place(), label + "bean \"" + name + "\" has no method \"" + method + "\"");
            }
        }
    }

    private void ids(List<Route> included) {
        Map<String, Place> ids = new HashMap<>();
        for (Route route : included) {
            unique(ids, "R038", "route", route.field("id"), true);
        }
        included.stream().flatMap(Route::allSteps).forEach(step -> unique(ids, "R039", "step", step.field("id"), true));
        set.configurations().stream().flatMap(Configuration::allSteps).forEach(step ->
                unique(ids, "R039", "step", step.field("id"), false));
        Map<String, Place> configurations = new HashMap<>();
        for (Configuration configuration : set.configurations()) {
            unique(configurations, "R038", "routeConfiguration", configuration.fields().get("id"), true);
        }
    }

    /** Camel refuses ids of routes and steps that are given twice; it does not look into configurations. */
    private void unique(Map<String, Place> ids, String code, String what, Value id, boolean refused) {
        if (id.isMissing() || id.text().startsWith("{{")) {
            return;
        }
        Place first = ids.putIfAbsent(id.text(), id.place());
        if (first == null) {
            return;
        }
        String message = what + " id \"" + id.text() + "\" is given twice";
        if (refused) {
            findings.error(code, id.place(), message, "the first is at " + first);
        } else {
            findings.warning(code, id.place(), message, "the first is at " + first);
        }
    }

    private void error(Cause cause, Place place, String label) {
        findings.error(cause.code(), place, label + cause.message(), cause.hint());
    }
}
