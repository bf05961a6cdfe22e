package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.failure.InvalidRequestException;
import org.ccmessaging.filestream.routes.check.Endpoint;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.settings.Spelling;

/** Secrets, credentials and what an exception says stay inside. */
final class Leaks implements WayRule {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\??\\s*([^{}]*?)\\s*}}");

    /** Settings of type Secret end with one of these words, however they are spelt. */
    private static final Pattern SECRET = Pattern.compile(".*(secret|password|passphrase|credentials?|token"
            + "|(signing|secret|access|private|userid|api)key)");

    private static final Pattern OUTSIDE = Pattern.compile("(sys|sysenv|env)[.:](.+)");

    /** Camel takes what follows these words as methods, also without a dot. */
    private static final Pattern CONTEXT = Pattern.compile("camelContext.*|exchange\\W.*[cC]ontext\\b.*"
            + "|exchange(?!Id\\b|Property)\\w.*");

    /** A function may hold others, which is why this looks at where one begins and not at where it ends. */
    private static final Pattern EXCEPTION = Pattern.compile("\\$(?:simple)?\\{\\s*(exception(?!\\.allowed\\s*})"
            + "|exchange\\.(?:get)?[eE]xception|exchange\\.(?:get)?(?:[pP]ropert|[aA]llPropert)"
            + "|exchangeProperty[^{}]*CamelExceptionCaught)|^\\s*CamelExceptionCaught\\s*$");

    private static final Pattern CREDENTIAL = Pattern.compile("(?i)(in\\.)?header(As\\()?s?[.:\\[(]?['\"]?"
            + "(ccmessaging-token|x-app-key|authorization)\\b.*");
    private static final Pattern EVERYTHING = Pattern.compile("(in\\.)?headers|messageHistory.*|exchange");
    private static final Pattern APP_SECRET = Pattern.compile("(?i).*\\bapp_?secret\\b.*");
    private static final Set<String> ANSWERS = Set.of("setHeader", "setHeaders", "setBody", "transform");

    private final RoutesSettings settings;

    Leaks(RoutesSettings settings) {
        this.settings = settings;
    }

    @Override
    public void check(RouteSet set, List<Journey> journeys, Findings findings) {
        Texts.all(set).forEach(text -> secrets(set, text, findings));
        set.allSteps().filter(step -> step.name().equals("log") || step.endpoint().scheme().equals("log"))
                .forEach(step -> logged(step, findings));
        told(journeys).filter(step -> ANSWERS.contains(step.name()) || isRefusal(step))
                .forEach(step -> told(step, findings));
    }

    private void secrets(RouteSet set, Value value, Findings findings) {
        String text = value.text();
        Matcher placeholder = PLACEHOLDER.matcher(text);
        while (placeholder.find()) {
            secret(placeholder.group(1), placeholder.group(), value, findings);
        }
        for (String function : Texts.functions(text)) {
            if (function.startsWith("properties:")) {
                secret(function.substring("properties:".length()), "${" + function + "}", value, findings);
            } else if (CONTEXT.matcher(function).matches()) {
                findings.error("R119", value.place(), "${" + function + "} reaches every setting of the service",
                        "read a variable or a header instead");
            } else {
                outside(function, "${" + function + "}", value, findings);
            }
        }
        // Camel puts the value in the place of a placeholder first, and then looks whether it is a resource.
        if (set.resolve(text).strip().startsWith("resource:")) {
            findings.error("R119", value.place(), text.strip() + " reads a file of the host",
                    "write the text itself");
        }
    }

    private void secret(String key, String written, Value value, Findings findings) {
        if (!outside(key, written, value, findings) && SECRET.matcher(Spelling.flat(key.split(":")[0])).matches()) {
            findings.error("R119", value.place(), written + " is a secret, and routes cannot read secrets",
                    "leave it out; the component that needs a secret reads it from its own settings");
        }
    }

    private boolean outside(String function, String written, Value value, Findings findings) {
        Matcher outside = OUTSIDE.matcher(function);
        boolean found = outside.matches() && !settings.expose().contains(outside.group(2).split(":")[0]);
        if (found) {
            findings.error("R119", value.place(), written + " reads the environment of the service",
                    "name " + outside.group(2).split(":")[0] + " in filestream.routes.expose if routes may read it");
        }
        return outside.matches();
    }

    private static void logged(Step step, Findings findings) {
        Endpoint endpoint = step.endpoint();
        List<String> shown = Stream.of("showHeaders", "showAll", "showAllProperties", "showProperties")
                .filter(option -> endpoint.parameter(option).isTrue()).toList();
        if (endpoint.scheme().equals("log") && !shown.isEmpty()) {
            findings.error("R118", endpoint.place(), step.label() + " logs credentials: " + shown.get(0)
                    + " shows all headers", "remove " + shown.get(0));
        }
        for (Value text : Texts.of(step)) {
            Texts.functions(text.text()).stream().filter(Leaks::isCredential).findFirst().ifPresent(function ->
                    findings.error("R118", text.place(), step.label() + " logs credentials: ${" + function + "}",
                            "log variable tenantId or appKey instead"));
        }
    }

    private static boolean isCredential(String function) {
        return CREDENTIAL.matcher(function).matches() || EVERYTHING.matcher(function).matches()
                || APP_SECRET.matcher(function).matches();
    }

    /** Steps that a client's response can be made of: those of clauses, and those on the way from an entry. */
    private static Stream<Step> told(List<Journey> journeys) {
        return journeys.stream().filter(journey -> journey.clause() != null
                        || journey.kind() != Journey.Kind.BACKGROUND)
                .flatMap(journey -> journey.visits().stream()).filter(visit -> visit.path().lacks(Fact.COPY))
                .map(Journey.Visit::step).collect(Collectors.toSet()).stream();
    }

    /** The message of this failure alone stands behind the documented sentence of its clause. */
    private static boolean isRefusal(Step step) {
        return step.name().equals("throwException")
                && step.field("exceptionType").text().equals(InvalidRequestException.class.getName());
    }

    private static void told(Step step, Findings findings) {
        Texts.of(step).stream().filter(text -> EXCEPTION.matcher(text.text()).find()).forEach(text ->
                findings.error("R117", text.place(), step.label() + " tells the client what the exception says,"
                        + " which may be anybody's words", "write a text of your own"));
    }
}
