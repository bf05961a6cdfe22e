package org.ccmessaging.filestream.routes.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Language;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.ObjectHelper;
import org.ccmessaging.filestream.library.LookupStatement;
import org.ccmessaging.filestream.routes.ShippedRoutes;
import org.ccmessaging.filestream.routes.check.Step.Assignment;
import org.ccmessaging.filestream.routes.language.ClosedException;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.routes.language.RouteLanguage.Component;
import org.ccmessaging.filestream.routes.language.RouteLanguage.Variable;
import org.ccmessaging.filestream.routes.language.SimpleFunction;
import org.ccmessaging.filestream.settings.CalledHosts;
import org.ccmessaging.filestream.settings.NearestName;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RouteSteps;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * The language level of the check: whether the names that steps use are in the language of routes and exist (settings,
 * components and their options, beans, classes, variables, headers, and functions of expressions).
 */
final class LanguageLevel {

    /** Fields and steps whose expression is a condition and not a value. */
    private static final Set<String> CONDITIONS = Set.of("when", "filter", "validate", "onWhen", "handled");

    /** Functions of what routes, clients and other systems have put into a message. */
    private static final Set<String> ANYTHING = Set.of("body", "bodyAs", "file", "header");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([?!]?)([^{}]*)}}");
    private static final Pattern SERVER = Pattern.compile("(\\[.*]|[^:/]*)(?::(\\d{1,5}))?(?:/.*)?");
    private static final Map<String, String> PORTS = Map.of("http", "80", "https", "443");
    private static final String SIMPLE = "simple";
    private static final String SQL = "sql";
    private static final Pattern PARAMETER = Pattern.compile(":#(?:in:)?(\\$\\{[^}]*}|\\w+)");

    private final RouteLanguage language;
    private final CamelContext camel;
    private final CalledHosts hosts;
    private final Environment environment;
    private final Findings findings;

    /** The variables and headers that routes set. */
    private final Set<String> variables = new HashSet<>();
    private final Set<String> headers = new HashSet<>();

    /** Headers of a response: those of the contract (section 4) and of the settings, in any case of letters. */
    private final Set<String> responseHeaders = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    /** Options that are not in the language: their values have no further findings. */
    private final Set<Place> refused = new HashSet<>();

    /** The route or step that is being checked, for messages. */
    private String label = "";

    /** @param camel a context that {@code LanguageGuard} has closed */
    LanguageLevel(RouteLanguage language, CamelContext camel, RoutesSettings settings, Environment environment,
            Findings findings) {
        this.language = language;
        this.camel = camel;
        this.hosts = new CalledHosts(settings.hosts());
        this.environment = environment;
        this.findings = findings;
        variables.addAll(language.variables().keySet());
        headers.addAll(language.headers().keySet());
        headers.addAll(settings.requestHeaders());
        responseHeaders.addAll(List.of(Headers.RESULT_CODE, Headers.RESULT_DESC, Headers.ALLOW, Headers.RETRY_AFTER,
                "ccmessaging-token", "Content-Type"));
        responseHeaders.addAll(Headers.listed(environment));
    }

    void check(RouteSet set) {
        set.allSteps().flatMap(step -> step.assignments().stream()).forEach(assignment ->
                (assignment.isHeader() ? headers : variables).add(assignment.name().text()));
        set.authors().forEach(route -> {
            label = route.label() + ": ";
            endpoint(route.uri());
            placeholders(route.fields());
            placeholders(route.field("from"));
            expression(new Expression(SIMPLE, route.field("precondition")), "when");
            route.allSteps().forEach(this::step);
        });
        set.configurations().forEach(configuration -> {
            label = "";
            placeholders(configuration.fields());
            configuration.allSteps().forEach(this::step);
            configuration.steps().stream().filter(clause -> clause.withAllBelow().noneMatch(step ->
                    step.endpoint().isPresent())).flatMap(Step::withAllBelow).forEach(this::responseHeaders);
        });
        Map<String, Place> ids = new HashMap<>();
        set.routes().forEach(route -> {
            unique(ids, "route", route.field("id"));
            route.allSteps().forEach(step -> unique(ids, "step", step.field("id")));
        });
        set.configurations().stream().flatMap(Route::allSteps).forEach(step -> unique(ids, "step", step.field("id")));
        ids.clear();
        set.configurations().forEach(one -> unique(ids, "routeConfiguration", one.field("id")));
    }

    private void error(String code, Place place, String message, String hint) {
        findings.error(code, place, label + message, hint);
    }

    private void step(Step step) {
        label = step.label() + ": ";
        if (step.endpoint().isPresent()) {
            endpoint(step.endpoint());
            sent(step, step.endpoint());
        }
        placeholders(step.value());
        step.value().members().values().stream().filter(field -> !Step.NOT_EVALUATED.contains(field.name()))
                .forEach(field -> expressions(field, step.name()));
        if (step.name().equals("log") || step.name().equals("throwException")) {
            expression(new Expression(SIMPLE, step.field("message")), step.name());
        }
        step.assignments().stream().filter(one -> one.isHeader() && one.name().text().equals(Headers.RESULT_DESC))
                .flatMap(one -> one.expression().stream()).forEach(one -> expression(one, Headers.RESULT_DESC));
        Value bean = step.bean();
        if (bean.isPresent() && !bean.text().contains("{{") && camel.getRegistry().lookupByName(bean.text()) == null) {
            error("R031", bean.place(), "no step bean \"" + bean.text() + "\"", NearestName.didYouMean(bean.text(),
                    RouteSteps.all().keySet(), "`routes list beans` lists them"));
        } else if (bean.isPresent() && StepEffect.isFrame(bean.text())) {
            error("R031", bean.place(), "bean \"" + bean.text() + "\" is part of the frame, which runs from the jar",
                    "the frame runs it for every request: remove the step");
        }
        Stream.of(step.exceptions().stream(), Stream.of(step.field("exceptionType")), step.value().members()
                        .values().stream().map(format -> format.get("unmarshalType"))).flatMap(names -> names)
                .filter(Value::isPresent).forEach(this::type);
    }

    /** The options that a component needs, and the variable that it is sent. */
    private void sent(Step step, Endpoint endpoint) {
        Component component = language.components().get(endpoint.scheme());
        Value sent = step.field("variableSend");
        if (component != null) {
            component.needs().stream().filter(option -> !endpoint.parameters().containsKey(option))
                    .filter(option -> !component.path().contains(option) || endpoint.path().isEmpty())
                    .forEach(option -> error("R021", endpoint.place(), "component " + endpoint.scheme()
                            + " needs option \"" + option + "\"", null));
        }
        if (sent.isPresent()) {
            isSet(sent.text(), sent.place());
        }
    }

    private void isSet(String variable, Place place) {
        if (!variables.contains(variable)) {
            error("R222", place, "nothing sets variable " + variable,
                    NearestName.didYouMean(variable, variables, null));
        }
    }

    /** Reports headers of a clause that the response does not carry. */
    private void responseHeaders(Step step) {
        step.assignments().stream().filter(Assignment::isHeader).map(Assignment::name)
                .filter(name -> !name.text().startsWith("Camel") && !responseHeaders.contains(name.text()))
                .forEach(name -> findings.warning("R314", name.place(), "header " + name.text()
                        + " does not reach the client: the response has " + String.join(", ", responseHeaders),
                        "list it in filestream.http.response-headers, or remove it"));
    }

    /** Checks the expressions in a field, at any depth. */
    private void expressions(Value field, String asked) {
        if (language.languages().containsKey(field.name())) {
            expression(new Expression(field.name(), field.get("expression")), asked);
        } else {
            Stream.concat(Stream.of(field), field.items().stream()).flatMap(map -> map.members().values().stream())
                    .forEach(inner -> expressions(inner, field.name()));
        }
    }

    private void expression(Expression expression, String asked) {
        String text = expression.text();
        if (!expression.language().equals(SIMPLE) || text.isEmpty() || findings.hasErrorAt(expression.place())) {
            return;
        }
        try {
            String resolved = resolved(text);
            boolean condition = CONDITIONS.contains(asked);
            for (SimpleFunction function : SimpleFunction.in(camel, resolved, condition, language)) {
                function(function, expression.place(), asked);
            }
            Language simple = camel.resolveLanguage(SIMPLE);
            if (condition) {
                simple.createPredicate(resolved).initPredicate(camel);
            } else {
                simple.createExpression(resolved).init(camel);
            }
        } catch (ClosedException closed) {
            error("R022", expression.place(), closed.getMessage(), closed.hint());
        } catch (RuntimeException wrong) {
            error("R022", expression.place(), CamelMessages.text(wrong), null);
        }
    }

    private void function(SimpleFunction function, Place place, String asked) {
        String name = function.name();
        Variable variable = language.variables().get(name);
        if (asked.equals(Headers.RESULT_DESC) && (function.head().equals("variable")
                ? variable == null || !variable.ours() : ANYTHING.contains(function.head()))) {
            error("R117", place, "a client reads " + asked + ", and ${" + function.head()
                    + "} may hold what an exception or another system says",
                    "write constant text and what the service knows, such as ${variable.request.fileId}");
        } else if (function.head().equals("variable")) {
            isSet(name, place);
            member(name, function.members(), place);
        } else if (function.head().equals("header")) {
            if (!headers.contains(name) && !responseHeaders.contains(name)) {
                error("R222", place, "nothing sets header " + name,
                        "filestream.routes.request-headers lets a header of the client in");
            }
        } else if (!asked.equals("log")) {
            Set<String> logged = language.functions().get(function.head()).logged();
            boolean all = function.members().isEmpty() && !logged.isEmpty() && !CONDITIONS.contains(asked);
            (all ? Stream.of(function.head()) : function.members().stream().filter(logged::contains)).forEach(member ->
                    error("R117", place, "${" + function.head() + (all ? "" : "." + member)
                            + "} may reach a client", "only a log step shows it"));
        }
    }

    private void member(String name, List<String> path, Place place) {
        Variable variable = language.variables().get(name);
        if (variable != null && variable.members() != null && !path.isEmpty()) {
            Set<String> members = variable.members();
            if (!members.contains(path.get(0))) {
                error("R222", place, "variable " + name + " has no member " + path.get(0), NearestName.didYouMean(
                        path.get(0), members, "its members: " + String.join(", ", members)));
            }
        }
    }

    private void endpoint(Endpoint endpoint) {
        Place place = endpoint.place();
        String uri = resolved(endpoint.target());
        Endpoint resolved = uri.equals(endpoint.target()) ? endpoint
                : Endpoint.of(uri, place, Value.missing(place), language);
        String scheme = resolved.scheme();
        Component component = language.components().get(scheme);
        if (scheme.contains("{{")) {
            return;
        } else if (component == null || component.frame()) {
            notInLanguage(place, "component \"" + scheme + "\"", scheme, language.components().keySet(),
                    "another component needs a connector: docs/connectors.md");
            return;
        }
        if (!isThere(scheme)) {
            error("R021", place, "no component \"" + scheme + "\"", "its jar is not in lib/: docs/connectors.md");
        }
        if (PORTS.containsKey(scheme) && !resolved.path().contains("{{") && !isListed(scheme, resolved.path())) {
            error("R021", place, "filestream.routes.hosts does not list "
                    + resolved.path().split("/", 2)[0], "the setting names the servers that routes call");
        }
        if (scheme.equals(SQL)) {
            statement(resolved);
        } else if (resolved.path().contains("${")) {
            error("R021", place, "an address holds no expression", "use choice, with an address in each branch");
        }
        Stream.of(endpoint, resolved).flatMap(one -> one.parameters().entrySet().stream()).distinct().forEach(option ->
                option(scheme, component, option.getKey(), option.getValue()));
    }

    /** Checks a statement, and its parameters, which the database gets apart from it. */
    private void statement(Endpoint endpoint) {
        String fault = LookupStatement.fault(PARAMETER.matcher(endpoint.path()).replaceAll(it -> {
            expression(new Expression(SIMPLE, Value.scalar(Value.Kind.STRING, endpoint.place(), it.group(1))), SQL);
            return "?";
        }));
        if (fault != null) {
            error("R021", endpoint.place(), fault, "a parameter is :#${variable.name}; a view can compute the rest");
        }
    }

    private boolean isListed(String scheme, String path) {
        Matcher server = SERVER.matcher(path);
        return server.matches() && hosts.allows(server.group(1),
                Integer.parseInt(Objects.requireNonNullElse(server.group(2), PORTS.get(scheme))));
    }

    private boolean isThere(String scheme) {
        try {
            return PluginHelper.getComponentResolver(camel).resolveComponent(scheme, camel) != null;
        } catch (Exception missing) {
            return false;
        }
    }

    private void option(String scheme, Component component, String name, Value value) {
        if (component.options() == null) {
            if (!name.matches("[A-Za-z][\\w-]*") || value.text().startsWith("#")) {
                error("R021", value.place(), "option \"" + name + "\" of " + scheme + " leads out of the endpoint",
                        "filestream.routes.language can list it");
            }
            return;
        }
        Set<String> options = component.options().keySet();
        Map<String, Object> narrower = component.path().contains(name) ? Map.of() : component.options().get(name);
        if (narrower == null) {
            refused.add(value.place());
            notInLanguage(value.place(), "option \"" + name + "\" of " + scheme, name, options,
                    options.isEmpty() ? "it has no options" : "its options: " + String.join(", ", options));
        } else if (narrower.get("enum") instanceof List<?> values
                && values.stream().noneMatch(one -> one.toString().equals(resolved(value.text())))) {
            error("R021", value.place(), "option " + name + " of " + scheme + " cannot be \"" + value.text() + "\"",
                    "one of " + values);
        }
    }

    private void notInLanguage(Place place, String what, String name, Set<String> listed, String otherwise) {
        error("R021", place, what + " is not in the language of routes", language.instead(name, listed, otherwise));
    }

    private String resolved(String text) {
        try {
            return camel.resolvePropertyPlaceholders(text);
        } catch (RuntimeException reported) {
            return text;
        }
    }

    private void type(Value name) {
        if (camel.getClassResolver().resolveClass(resolved(name.text())) == null) {
            String simple = name.text().substring(name.text().lastIndexOf('.') + 1);
            String list = " `routes list failures` has the complete names";
            error("R031", name.place(), "no class \"" + name.text() + "\" in the language of routes",
                    NearestName.of(simple, DocumentedFailures.names().stream().map(ClassUtils::getShortName).toList())
                            .map(near -> near.equals(simple) ? "it is in another package:" + list
                                    : "did you mean " + near + "?" + list)
                            .orElse("exceptions, and " + String.join(", ", language.classes())));
        }
    }

    private void placeholders(Value value) {
        value.texts().filter(text -> !refused.contains(text.place())).forEach(text ->
                PLACEHOLDER.matcher(text.text()).results().forEach(found ->
                        placeholder(found.group(), found.group(2).strip(), text.place())));
    }

    private void placeholder(String placeholder, String key, Place place) {
        try {
            camel.resolvePropertyPlaceholders(placeholder);
        } catch (RuntimeException wrong) {
            ClosedException closed = ObjectHelper.getException(ClosedException.class, wrong);
            error("R023", place, closed == null ? "placeholder {{" + key + "}} has no value" : closed.getMessage(),
                    closed == null ? NearestName.didYouMean(key, settings(), null) : closed.hint());
        }
    }

    /** The keys of settings that routes may read, from all property sources that can be listed. */
    private List<String> settings() {
        return ((ConfigurableEnvironment) environment).getPropertySources().stream()
                .filter(EnumerablePropertySource.class::isInstance).map(EnumerablePropertySource.class::cast)
                .flatMap(source -> Stream.of(source.getPropertyNames()))
                .filter(key -> key.startsWith("filestream.storage.") || key.startsWith("routes.")).toList();
    }

    private void unique(Map<String, Place> ids, String kind, Value id) {
        Place first = id.text().isEmpty() ? null : ids.putIfAbsent(id.text(), id.place());
        if (first != null && ShippedRoutes.frame().contents().containsKey(first.file())) {
            findings.error("R104", id.place(), kind + " id \"" + id.text() + "\" is one of the frame, which runs from"
                    + " the jar", "remove the " + kind + ", or give it another id");
        } else if (first != null) {
            findings.error("R038", id.place(), kind + " id \"" + id.text() + "\" is given twice",
                    "the first is at " + first);
        }
    }
}
