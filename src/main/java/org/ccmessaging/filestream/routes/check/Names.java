package org.ccmessaging.filestream.routes.check;

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
import org.apache.camel.util.ObjectHelper;
import org.ccmessaging.filestream.library.LookupStatement;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.ccmessaging.filestream.routes.language.ClosedException;
import org.ccmessaging.filestream.routes.language.FieldType;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.routes.language.RouteLanguage.Component;
import org.ccmessaging.filestream.routes.language.RouteLanguage.Variable;
import org.ccmessaging.filestream.routes.language.SimpleFunction;
import org.ccmessaging.filestream.settings.CalledHosts;
import org.ccmessaging.filestream.settings.NearestName;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/**
 * Checks the names that values hold: settings, functions of Simple, variables, headers, step beans, classes, branches,
 * and components with their options. Its messages begin with the route or step that is being checked.
 */
final class Names {

    /** The message of {@code DefaultPropertiesParser} of Camel 4.22 about a setting without a value. */
    private static final Pattern MISSING = Pattern.compile("Property with key \\[(.*?)] not found");

    private static final Pattern SERVER = Pattern.compile("(\\[.*]|[^:/]*)(?::(\\d{1,5}))?(?:/.*)?");
    private static final Map<String, String> PORTS = Map.of("http", "80", "https", "443");
    private static final String SIMPLE = "simple";

    /** Functions of what routes, clients and other systems have put into a message. */
    private static final Set<String> ANYTHING = Set.of("body", "bodyAs", "file", "header");

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

    /** The beginning of messages. */
    private String label = "";

    /** @param camel a context that {@code LanguageGuard} has closed */
    Names(RouteLanguage language, CamelContext camel, RoutesSettings settings, Environment environment,
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

    /** Learns the variables and headers that routes set. */
    void learn(RouteSet set) {
        set.allSteps().flatMap(step -> step.assignments().stream()).forEach(assignment ->
                (assignment.isHeader() ? headers : variables).add(assignment.name().text()));
    }

    String label() {
        return label;
    }

    /** Begins messages with the name of a route or step. */
    void label(String name) {
        label = name;
    }

    void error(String code, Place place, String message, String hint) {
        findings.error(code, place, label + message, hint);
    }

    /** Checks a text without placeholders: that it is of its type, and the names that it holds. */
    void text(String code, String name, Value field, String text, FieldType type) {
        Place place = field.place();
        if (!field.isScalar() || !type.accepts(text, language)) {
            error(code, place, name + " cannot be \"" + field.text() + "\"", NearestName.didYouMean(text, type.values(),
                    language.instead().getOrDefault(field.name(), type.says(language))));
            return;
        }
        switch (type.kind()) {
            case "template", "line", "predicate", "told" -> simple(field, text, type.kind());
            case "statement" -> statement(text, field);
            case "sent" -> isSet(text, place);
            case "bean" -> bean(field);
            case "branch" -> branch(place, text);
            case "class", "failure" -> type(field, type.equals(FieldType.FAILURE));
            default -> { }
        }
    }

    private void bean(Value name) {
        RouteStep step = StepEffect.BEANS.get(name.text());
        if (camel.getRegistry().lookupByName(name.text()) == null) {
            error("R031", name.place(), "no step bean \"" + name.text() + "\"", NearestName.didYouMean(name.text(),
                    StepEffect.BEANS.keySet(), "`routes list beans` lists them"));
        } else if (step != null && step.frame()) {
            error("R031", name.place(), "bean \"" + name.text() + "\" is part of the frame, which runs from the jar",
                    "the frame runs it for every request: remove the step");
        }
    }

    private void branch(Place place, String name) {
        String setting = "filestream.storage." + name + ".type";
        if (environment.getProperty(setting) == null) {
            error("R012", place, "no branch \"" + name + "\": there is no setting " + setting,
                    "name a branch that the settings have");
        }
    }

    private void type(Value name, boolean failure) {
        Class<?> type = camel.getClassResolver().resolveClass(name.text());
        if (type == null || failure != Throwable.class.isAssignableFrom(type)) {
            error("R031", name.place(), "no class \"" + name.text() + "\" in the language of routes", !failure
                    ? "one of " + String.join(", ", language.classes())
                    : NearestName.didYouMean(name.text(), DocumentedFailures.names(), "see `routes list failures`"));
        }
    }

    private void isSet(String variable, Place place) {
        if (!variables.contains(variable)) {
            error("R222", place, "nothing sets variable " + variable,
                    NearestName.didYouMean(variable, variables, null));
        }
    }

    /** @param kind the type of the text: {@code template}, {@code line}, {@code predicate} or {@code told} */
    private void simple(Value field, String text, String kind) {
        boolean condition = kind.equals("predicate");
        Place place = field.place();
        try {
            SimpleFunction.in(camel, text, condition, language).forEach(function -> function(function, place, kind));
            Language simple = camel.resolveLanguage(SIMPLE);
            if (condition) {
                simple.createPredicate(text).initPredicate(camel);
            } else {
                simple.createExpression(text).init(camel);
            }
        } catch (ClosedException closed) {
            error("R022", field.place(text, closed.index()), closed.getMessage(), closed.hint());
        } catch (RuntimeException wrong) {
            error("R022", place, CamelMessages.text(wrong), null);
        }
    }

    private void function(SimpleFunction function, Place place, String kind) {
        String name = function.name();
        boolean ofVariable = function.head().equals("variable");
        Variable variable = language.variables().get(name);
        if (kind.equals("told") && (ofVariable ? variable == null || !variable.ours()
                : ANYTHING.contains(function.head()))) {
            error("R117", place, "a client reads resultDesc, and ${" + function.head()
                    + "} may hold what an exception or another system says",
                    "write constant text and what the service knows, such as ${variable.request.fileId}");
        } else if (ofVariable) {
            isSet(name, place);
            Set<String> members = variable == null ? null : variable.members();
            function.members().stream().limit(members == null ? 0 : 1).filter(member -> !members.contains(member))
                    .forEach(member -> error("R222", place, "variable " + name + " has no member " + member,
                            NearestName.didYouMean(member, members, "its members: " + String.join(", ", members))));
        } else if (function.head().equals("header")) {
            if (!headers.contains(name) && !responseHeaders.contains(name)) {
                error("R222", place, "nothing sets header " + name,
                        "filestream.routes.request-headers lets a header of the client in");
            }
        } else if (!kind.equals("line")) {
            Set<String> logged = language.functions().get(function.head()).logged();
            boolean all = function.members().isEmpty() && !logged.isEmpty() && !kind.equals("predicate");
            (all ? Stream.of(function.head()) : function.members().stream().filter(logged::contains)).forEach(member ->
                    error("R117", place, "${" + function.head() + (all ? "" : "." + member)
                            + "} may reach a client", "only a log step shows it"));
        }
    }

    /** Checks the address and the options of {@code from} or {@code to}. */
    void endpoint(Value map) {
        Place place = map.get("uri").place();
        String uri = resolved(map.get("uri"));
        if (uri == null) {
            return;
        }
        Endpoint endpoint = Endpoint.of(uri, place, map.get("parameters"), language);
        String scheme = endpoint.scheme();
        Component component = language.components().get(scheme);
        if (component == null || component.frame()) {
            notInLanguage(place, "component \"" + scheme + "\"", scheme, language.components().keySet(),
                    "another component needs a connector: docs/editing-routes.md#connectors");
        } else if (!component.standsIn(map.name())) {
            error("R021", place, "component " + scheme + " does not stand in \"" + map.name() + "\"",
                    map.name().equals("to") ? "a route receives from " + scheme + ", in its from"
                            : "a step sends to " + scheme);
        } else {
            if (camel.getComponent(scheme, true, false) == null) {
                error("R021", place, "no component \"" + scheme + "\"",
                        "its jar is not in lib/: docs/editing-routes.md#connectors");
            }
            option(scheme, component, Value.scalar(Kind.STRING, place, endpoint.path(), 0)
                    .named(String.join(":", component.path()), place));
            endpoint.parameters().values().forEach(option -> option(scheme, component, option));
            component.needs().stream().filter(option -> !endpoint.parameters().containsKey(option))
                    .filter(option -> !component.path().contains(option) || endpoint.path().isEmpty())
                    .forEach(option -> error("R021", place, "component " + scheme + " needs option " + option, null));
        }
    }

    /** Checks a statement, and its parameters, which the database gets apart from it. */
    private void statement(String statement, Value field) {
        String fault = LookupStatement.fault(LookupStatement.PARAMETER.matcher(statement).replaceAll(parameter -> {
            simple(field, parameter.group(1), "template");
            return "?";
        }));
        if (fault != null) {
            error("R021", field.place(), fault, "a parameter is :#${variable.name}; a view can compute the rest");
        }
    }

    private boolean isListed(String scheme, String path) {
        Matcher server = SERVER.matcher(path);
        return server.matches() && hosts.allows(server.group(1),
                Integer.parseInt(Objects.requireNonNullElse(server.group(2), PORTS.getOrDefault(scheme, "0"))));
    }

    /** Checks an option. The address without its scheme is one too, or several with colons between them. */
    private void option(String scheme, Component component, Value option) {
        boolean open = component.options() == null;
        boolean address = option.name().equals(String.join(":", component.path()));
        Map<String, FieldType> options = open ? Map.of() : component.options();
        FieldType type = options.getOrDefault(option.name(), open || address ? FieldType.of("value") : null);
        String text = type == null ? null : resolved(option);
        if (type == null) {
            Set<String> known = options.keySet();
            notInLanguage(option.place(), "option \"" + option.name() + "\" of " + scheme, option.name(), known,
                    known.isEmpty() ? "it has no options" : "its options: " + String.join(", ", known));
        } else if (open && !address && (!option.name().matches("[A-Za-z][\\w-]*") || option.text().startsWith("#"))) {
            error("R021", option.place(), "option " + option.name() + " of " + scheme + " leads out of the endpoint",
                    "filestream.routes.language can list it");
        } else if (text == null || address && text.isEmpty()) {
            return;
        } else if (address && text.contains("${") && !type.kind().equals("statement")) {
            error("R021", option.place(), "an address holds no expression",
                    "use choice, with an address in each branch");
        } else if (type.kind().equals("server") && !isListed(scheme, text)) {
            error("R021", option.place(), "filestream.routes.hosts does not list " + text.split("/", 2)[0],
                    "the setting names the servers that routes call");
        } else {
            text("R021", "option " + option.name() + " of " + scheme, option, text, type);
        }
    }

    private void notInLanguage(Place place, String what, String name, Set<String> listed, String otherwise) {
        error("R021", place, what + " is not in the language of routes", language.instead(name, listed, otherwise));
    }

    /** Returns a text with the values of its settings; {@code null} if one has no value, which the findings report. */
    String resolved(Value text) {
        try {
            String resolved = camel.resolvePropertyPlaceholders(text.text());
            return resolved.contains("{{") ? null : resolved;
        } catch (RuntimeException wrong) {
            ClosedException closed = ObjectHelper.getException(ClosedException.class, wrong);
            Matcher missing = MISSING.matcher(String.valueOf(wrong.getMessage()));
            if (closed != null) {
                error("R023", text.place(), closed.getMessage(), closed.hint());
            } else if (missing.lookingAt()) {
                error("R023", text.place(), "placeholder {{" + missing.group(1) + "}} has no value",
                        NearestName.didYouMean(missing.group(1), settings(), null));
            } else {
                error("R023", text.place(), CamelMessages.text(wrong), null);
            }
            return null;
        }
    }

    /** The keys of settings that routes may read, from all property sources that can be listed. */
    private List<String> settings() {
        return ((ConfigurableEnvironment) environment).getPropertySources().stream()
                .filter(EnumerablePropertySource.class::isInstance).map(EnumerablePropertySource.class::cast)
                .flatMap(source -> Stream.of(source.getPropertyNames()))
                .filter(key -> key.startsWith("filestream.storage.") || key.startsWith("routes.")).toList();
    }
}
