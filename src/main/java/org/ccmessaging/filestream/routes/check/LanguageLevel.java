package org.ccmessaging.filestream.routes.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Language;
import org.apache.camel.support.PluginHelper;
import org.ccmessaging.filestream.routes.check.Value.Member;
import org.ccmessaging.filestream.routes.language.ClosedException;
import org.ccmessaging.filestream.routes.language.RouteLanguage.Component;
import org.ccmessaging.filestream.routes.language.RouteLanguage.Variable;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.routes.language.SimpleFunction;

/**
 * The language level of the check: whether the names that steps use are in the language of routes and exist: settings,
 * components and their options, beans, classes, variables, headers, and what expressions call.
 */
final class LanguageLevel {

    /** What holds a condition and not a value. */
    private static final Set<String> CONDITIONS = Set.of("when", "filter", "validate", "onWhen", "handled");

    private static final Set<String> TYPES = Set.of("exceptionType", "unmarshalType");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([?!]?)([^{}:]*:?[^{}]*)}}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][\\w-]*");
    private static final String SIMPLE = "simple";
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final RouteLanguage language;
    private final CamelContext camel;
    private final Known known;
    private final Findings findings;
    private final Set<String> set = new HashSet<>();

    /**
     * @param camel a context that {@code LanguageGuard} has closed
     * @param known names that no list of the language has
     */
    LanguageLevel(RouteLanguage language, CamelContext camel, Known known, Findings findings) {
        this.language = language;
        this.camel = camel;
        this.known = known;
        this.findings = findings;
    }

    void check(RouteSet routes) {
        routes.allSteps().flatMap(step -> step.assignments().stream())
                .forEach(assignment -> set.add(assignment.what() + " " + assignment.name().text()));
        routes.routes().forEach(route -> {
            header(route);
            Set<String> request = request(route);
            route.allSteps().forEach(step -> step(step, request));
        });
        routes.configurations().forEach(configuration -> {
            placeholders(configuration.fields(), "");
            configuration.allSteps().forEach(step -> step(step, request(null)));
            configuration.clauses().stream().filter(clause -> clause.withAllBelow().noneMatch(step ->
                    step.endpoint().isPresent())).flatMap(Step::withAllBelow).forEach(this::leaves);
        });
        ids(routes);
    }

    /** The members of variable {@code request} in a route: those of the record that the route parses. */
    private Set<String> request(Route route) {
        Set<String> members = new LinkedHashSet<>(language.variables().get("request").members());
        if (route != null && route.uri().scheme().equals("platform-http")) {
            route.allSteps().map(step -> step.field("json").get("unmarshalType").text())
                    .map(type -> camel.getClassResolver().resolveClass(type))
                    .filter(type -> type != null && type.isRecord())
                    .findFirst().ifPresent(type -> {
                        members.clear();
                        Stream.of(type.getRecordComponents()).forEach(part -> members.add(part.getName()));
                    });
        }
        return members;
    }

    private void header(Route route) {
        String label = route.label() + ": ";
        endpoint(route.uri(), label);
        placeholders(route.fields(), label);
        placeholders(route.from(), label);
        Value precondition = route.precondition();
        if (precondition.isPresent()) {
            expression(new Expression(SIMPLE, precondition.text(), precondition.place(), precondition), "when", label,
                    Set.of());
        }
    }

    private void step(Step step, Set<String> request) {
        String label = step.label() + ": ";
        placeholders(step.value(), label);
        step.fields().values().stream().filter(field -> !Step.NOT_EVALUATED.contains(field.name())).forEach(field -> {
            types(field, label);
            expressions(field, step.name(), label, request);
        });
        if (step.name().equals("log") || step.name().equals("throwException")) {
            Value message = step.field("message");
            expression(new Expression(SIMPLE, message.text(), message.place(), message), step.name(), label, request);
        }
        Value bean = step.bean();
        if (bean.isPresent() && !bean.text().contains("{{") && camel.getRegistry().lookupByName(bean.text()) == null) {
            findings.error("R031", bean.place(), label + "no step bean \"" + bean.text() + "\"",
                    Names.didYouMean(bean.text(), known.steps(), "`routes list beans` names those that there are"));
        }
        if (step.endpoint().isPresent()) {
            endpoint(step.endpoint(), label);
            sent(step, label);
        }
        step.exceptions().forEach(type -> type(type, label));
        step.assignments().forEach(assignment -> assignment(step, assignment, label));
        if (step.name().equals("removeVariable")) {
            written(step.field("name"), label, false);
        }
    }

    /** The options that a component needs, and the variable that it is sent. */
    private void sent(Step step, String label) {
        Component component = language.components().get(step.endpoint().scheme());
        Value sent = step.field("variableSend");
        if (component != null) {
            component.needs().stream().filter(option -> step.endpoint().parameter(option).isMissing())
                    .filter(option -> !component.path().contains(option) || step.endpoint().path().isEmpty())
                    .forEach(option -> findings.error("R021", step.endpoint().place(), label + "component "
                            + step.endpoint().scheme() + " needs option \"" + option + "\""));
            if (component.send() != null && !sent.text().equals(component.send())) {
                findings.error("R021", sent.isPresent() ? sent.place() : step.endpoint().place(), label + "component "
                        + step.endpoint().scheme() + " is sent variable " + component.send() + " and nothing else",
                        "set variableSend to " + component.send());
            }
        }
        if (sent.isPresent() && !language.variables().containsKey(sent.text())
                && !set.contains("variable " + sent.text())) {
            nothingSets(sent.text(), sent.place(), label);
        }
    }

    private void nothingSets(String variable, Place place, String label) {
        findings.error("R222", place, label + "nothing sets variable " + variable,
                Names.didYouMean(variable, Stream.concat(language.variables().keySet().stream(), set.stream()
                        .filter(one -> one.startsWith("variable ")).map(one -> one.substring(9))).toList(), null));
    }

    private void assignment(Step step, Assignment assignment, String label) {
        Value name = assignment.name();
        if (assignment.what().equals("variable")) {
            written(name, label, step.name().equals("unmarshal"));
        } else if (!isHeader(name.text())) {
            findings.error("R106", name.place(), label + "routes cannot set header \"" + name.text() + "\"",
                    name.text().startsWith("Camel") ? "of the headers that begin with Camel, routes set "
                            + String.join(", ", language.headers().keySet().stream().filter(one ->
                                    one.startsWith("Camel")).toList()) : "write the name of one header");
        }
    }

    /** Of the headers that a clause sets, those that the response does not carry. */
    private void leaves(Step step) {
        step.assignments().stream().filter(assignment -> assignment.what().equals("header")).map(Assignment::name)
                .filter(name -> !name.text().startsWith("Camel") && !known.responseHeaders().contains(name.text()))
                .forEach(name -> findings.warning("R314", name.place(), "header " + name.text()
                        + " stays inside: the response carries " + String.join(", ", known.responseHeaders()),
                        "list it in filestream.http.response-headers, or remove it"));
    }

    private boolean isHeader(String name) {
        return language.headers().containsKey(name)
                || NAME.matcher(name).matches() && !name.toLowerCase(Locale.ROOT).startsWith("camel");
    }

    private void written(Value name, String label, boolean parsed) {
        Variable variable = language.variables().get(name.text());
        if (!NAME.matcher(name.text()).matches()) {
            findings.error("R106", name.place(), label + "\"" + name.text() + "\" is not the name of a variable",
                    "a name has letters, digits, - and _, and every request has its own variables");
        } else if (variable != null && variable.ours() && !(parsed && name.text().equals("request"))) {
            findings.error("R106", name.place(), label + "variable " + name.text() + " is not the route's to set",
                    variable.says());
        }
    }

    /** Expressions in a field, and in what it holds. */
    private void expressions(Member field, String asked, String label, Set<String> request) {
        Value value = field.value();
        if (language.languages().containsKey(field.name())) {
            Expression.in(Value.map(value.place(), List.of(field)))
                    .ifPresent(expression -> expression(expression, asked, label, request));
            return;
        }
        Stream.concat(value.members().values().stream(),
                        value.items().stream().flatMap(item -> item.members().values().stream()))
                .forEach(inner -> expressions(inner, field.name(), label, request));
    }

    private void expression(Expression expression, String asked, String label, Set<String> request) {
        String text = expression.text();
        if (!expression.language().equals(SIMPLE) || text.isEmpty() || findings.hasErrorAt(expression.place())) {
            return;
        }
        try {
            String resolved = resolved(text);
            boolean condition = CONDITIONS.contains(asked);
            for (SimpleFunction function : SimpleFunction.in(camel, resolved, condition, language)) {
                called(function, expression, asked, label, request);
            }
            Language simple = camel.resolveLanguage(SIMPLE);
            if (condition) {
                simple.createPredicate(resolved).initPredicate(camel);
            } else {
                simple.createExpression(resolved).init(camel);
            }
        } catch (ClosedException closed) {
            findings.error("R022", expression.place(), label + closed.getMessage(), closed.hint());
        } catch (RuntimeException wrong) {
            findings.error("R022", expression.place(), label + Failures.text(wrong));
        }
    }

    private void called(SimpleFunction function, Expression expression, String asked, String label,
            Set<String> request) {
        String name = function.name();
        switch (function.head()) {
            case "variable" -> variable(function, expression, label, request);
            case "header" -> {
                if (!known.requestHeaders().contains(name) && !known.responseHeaders().contains(name)
                        && !language.headers().containsKey(name)
                        && !set.contains("header " + name)) {
                    findings.error("R222", expression.place(), label + "nothing sets header " + name,
                            "filestream.routes.request-headers lets a header of the client in");
                }
            }
            default -> {
                Set<String> logged = language.functions().get(function.head()).logged();
                function.members().stream().filter(logged::contains).filter(member -> !asked.equals("log")).forEach(
                        member -> findings.error("R117", expression.place(), label + "${" + function.head() + "."
                                + member + "} may reach a client", "only a log step shows it"));
            }
        }
    }

    private void variable(SimpleFunction function, Expression expression, String label, Set<String> request) {
        String name = function.name();
        Variable variable = language.variables().get(name);
        if (variable == null && !set.contains("variable " + name)) {
            nothingSets(name, expression.place(), label);
        } else if (variable != null && variable.members() != null && !function.members().isEmpty()) {
            Set<String> members = name.equals("request") ? request : variable.members();
            String first = function.members().get(0);
            if (!members.contains(first)) {
                findings.error("R222", expression.place(), label + "variable " + name + " has no member " + first,
                        Names.didYouMean(first, members, "its members: " + String.join(", ", members)));
            }
        }
    }

    private void endpoint(Endpoint endpoint, String label) {
        String uri;
        try {
            uri = camel.resolvePropertyPlaceholders(endpoint.scheme());
        } catch (RuntimeException reported) {
            return;
        }
        Endpoint resolved = uri.equals(endpoint.scheme()) ? endpoint : Endpoint.of(uri, endpoint.place());
        String scheme = resolved.scheme();
        Component component = language.components().get(scheme);
        if (component == null) {
            findings.error("R021", endpoint.place(), label + "component \"" + scheme + "\" is not in the language of"
                    + " routes", Optional.ofNullable(language.instead().get(scheme)).or(() -> Names.nearest(scheme,
                            language.components().keySet()).map(near -> "did you mean " + near + "?"))
                    .orElse("another component needs a connector: docs/connectors.md"));
            return;
        }
        if (!isThere(scheme)) {
            findings.error("R021", endpoint.place(), label + "no component \"" + scheme + "\"",
                    "its jar is not in lib/: docs/connectors.md");
        }
        if (scheme.startsWith("http")) {
            host(scheme, resolved, label);
        }
        if (resolved.path().contains("${")) {
            findings.error("R021", endpoint.place(), label + "an address holds no expression", "use choice, with an"
                    + " address in each branch");
        }
        Stream.of(endpoint, resolved).flatMap(one -> one.parameters().entrySet().stream()).distinct().forEach(option ->
                option(scheme, component, option.getKey(), option.getValue(), label));
    }

    private void host(String scheme, Endpoint endpoint, String label) {
        String authority = endpoint.path().split("/", 2)[0];
        int colon = authority.lastIndexOf(':');
        boolean port = colon > authority.lastIndexOf(']') && colon < authority.length() - 1;
        String host = port ? authority.substring(0, colon) : authority;
        int number = port ? Integer.parseInt(authority.replaceAll(".*:(\\d{1,5}).*|.*", "0$1"))
                : scheme.equals("https") ? HTTPS : HTTP;
        if (!known.hosts().allows(host, number)) {
            findings.error("R021", endpoint.place(), label + "filestream.routes.hosts does not list " + authority,
                    "the setting names the servers that routes call");
        }
    }

    private boolean isThere(String scheme) {
        try {
            return PluginHelper.getComponentResolver(camel).resolveComponent(scheme, camel) != null;
        } catch (Exception missing) {
            return false;
        }
    }

    private void option(String scheme, Component component, String name, Value value, String label) {
        if (component.options() == null) {
            if (!NAME.matcher(name).matches() || value.text().startsWith("#")) {
                findings.error("R021", value.place(), label + "option \"" + name + "\" of " + scheme + " leads out of"
                        + " the endpoint", "filestream.routes.language can list it");
            }
            return;
        }
        Map<String, Object> narrower = component.path().contains(name) ? Map.of() : component.options().get(name);
        if (narrower == null) {
            findings.error("R021", value.place(), label + "option \"" + name + "\" of " + scheme + " is not in the"
                    + " language of routes", Names.didYouMean(name, component.options().keySet(),
                            component.options().isEmpty() ? "it has no options"
                                    : "its options: " + String.join(", ", component.options().keySet())));
        } else if (narrower.get("enum") instanceof List<?> values
                && values.stream().noneMatch(one -> one.toString().equals(resolved(value.text())))) {
            findings.error("R021", value.place(), label + "option " + name + " of " + scheme + " cannot be \""
                    + value.text() + "\"", "one of " + values);
        }
    }

    private String resolved(String text) {
        try {
            return camel.resolvePropertyPlaceholders(text);
        } catch (RuntimeException reported) {
            return text;
        }
    }

    private void types(Member field, String label) {
        if (TYPES.contains(field.name()) && field.value().isScalar()) {
            type(field.value(), label);
        } else if (!Step.NOT_EVALUATED.contains(field.name())) {
            field.value().members().values().forEach(member -> types(member, label));
        }
    }

    private void type(Value name, String label) {
        if (camel.getClassResolver().resolveClass(resolved(name.text())) == null) {
            String simple = name.text().substring(name.text().lastIndexOf('.') + 1);
            Set<String> failures = known.failures();
            findings.error("R031", name.place(), label + "no class \"" + name.text() + "\" in the language of routes",
                    Names.nearest(simple, failures).map(near -> near.equals(simple) ? "it is in another package:"
                            + " `routes list failures` has the complete names" : "did you mean " + near
                            + "? `routes list failures` has the complete names").orElse("exceptions, and "
                                    + String.join(", ", language.classes())));
        }
    }

    private void placeholders(Value value, String label) {
        value.texts(Step.NOT_EVALUATED).forEach(text -> placeholdersOf(text, label));
    }

    private void placeholdersOf(Value text, String label) {
        Matcher found = PLACEHOLDER.matcher(text.text());
        while (found.find()) {
            String key = found.group(2).strip();
            try {
                camel.resolvePropertyPlaceholders(found.group());
            } catch (RuntimeException wrong) {
                ClosedException closed = Failures.find(wrong, ClosedException.class);
                findings.error("R023", text.place(), label + (closed == null
                        ? "placeholder {{" + key + "}} has no value" : closed.getMessage()),
                        closed == null ? Names.didYouMean(key, known.settings(), null) : closed.hint());
            }
        }
    }

    private void ids(RouteSet routes) {
        Map<String, Place> ids = new HashMap<>();
        routes.routes().forEach(route -> unique(ids, "route", route.field("id")));
        routes.allSteps().forEach(step -> unique(ids, "step", step.field("id")));
        Map<String, Place> configurations = new HashMap<>();
        routes.configurations().forEach(one -> unique(configurations, "routeConfiguration",
                one.fields().get("id")));
    }

    private void unique(Map<String, Place> ids, String what, Value id) {
        Place first = id.text().isEmpty() ? null : ids.putIfAbsent(id.text(), id.place());
        if (first != null) {
            findings.error("R038", id.place(), what + " id \"" + id.text() + "\" is given twice",
                    "the first is at " + first);
        }
    }
}
