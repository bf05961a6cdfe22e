package org.ccmessaging.filestream.routes.check;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.PollDefinition;
import org.apache.camel.model.SetVariableDefinition;
import org.apache.camel.model.SetVariablesDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.WireTapDefinition;
import org.springframework.core.env.Environment;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;

/** Checks each step when Camel builds it, because placeholders, such as a template's parameters, then have values. */
record StepRules(RouteSet set, CamelContext camel, Environment environment) {

    static final String RESTART = " and restart, because settings are read at startup";

    /** A function of Simple, or a language with its text. Group 4 matches if an argument is another function. */
    private static final Pattern READ = Pattern.compile(
            "\\$(?:simple)?\\{\\s*([\\w-]++)(?:[.:\\[(]+'?([\\w-]+)((?:\\??\\.\\w+)?))?(?=([^{}]*\\$\\{)?)");
    private static final Pattern NAMED = Pattern.compile("(header|variable|exchangeProperty)(?:s|As)?");
    private static final Pattern OF_CLIENT = Pattern.compile("(request|objectKey)\\b.*|location\\??\\.key");

    /** Functions and languages that read no message, or, such as scripts, a part of it that the check cannot know. */
    private static final Pattern UNKNOWN = Pattern.compile("constant|c?simple|file|bean|method|ref|type|properties.*"
            + "|env|sys(env)?|date.*|uuid|random|\\w*[iI]d|routeGroup|camelContext|threadName|hostName|exception|null"
            + "|groovy|java|joor|js|mvel|ognl|python|spel|wasm|datasonnet");

    /** @throws IllegalArgumentException for a step that Camel would accept */
    void check(NamedNode step) {
        READ.matcher(camel.resolvePropertyPlaceholders(address(step))).results()
                .filter(read -> readsTextOfClient(read, new HashSet<>())).forEach(read -> {
                    throw new IllegalArgumentException("builds an address from a client's text, " + read.group(1)
                            + (read.group(2) == null ? "" : " " + read.group(2) + read.group(3)) + ": choose between"
                            + " fixed addresses with choice, or use to with a fixed uri and send the text as its body,"
                            + " or as a header or parameter that the component encodes");
                });
        if (step instanceof SetVariablesDefinition several) {
            several.getVariables().forEach(this::check);
        } else if (step instanceof SetVariableDefinition variable && variable.getName().equals("branch")) {
            String branch = camel.resolvePropertyPlaceholders(variable.getExpression().getExpression());
            String key = "filestream.storage." + branch + ".key";
            Assert.isTrue(branch.contains("{") || environment.containsProperty(key),
                    () -> "the settings have no branch " + branch + ": set " + key + RESTART);
        }
    }

    /** Returns the text that the step evaluates as an address; empty if the address is always the same. */
    private static String address(NamedNode step) {
        // Among the EIPs with an expression, only those that evaluate it as an address have a cache of endpoints.
        if (step instanceof ExpressionNode node && ClassUtils.hasMethod(step.getClass(), "getCacheSize")) {
            return "${" + node.getExpression().getLanguage() + ":"
                    + Objects.requireNonNullElse(node.getExpression().getExpression(), "") + "}";
        }
        boolean fixed = step instanceof WireTapDefinition<?> tap && "false".equals(tap.getDynamicUri());
        String uri = step instanceof PollDefinition poll ? poll.getUri()
                : step instanceof ToDynamicDefinition dynamic && !fixed ? dynamic.getUri() : "";
        return uri.startsWith("language:") ? "${" + uri.substring("language:".length()) + "}" : uri;
    }

    private boolean readsTextOfClient(MatchResult read, Set<String> seen) {
        String kind = NAMED.matcher(read.group(1)).replaceFirst("$1");
        String name = read.group(2);
        if (!NAMED.matcher(kind).matches()) {
            return !UNKNOWN.matcher(kind).matches() && read.group(4) == null;
        } else if (name == null || kind.equals("variable") && OF_CLIENT.matcher(name + read.group(3)).matches()) {
            return true;
        }
        String setter = "(?i)set" + kind.replace("exchange", "") + "s?";
        List<String> written = set.allSteps().filter(step -> step.name().matches(setter))
                .flatMap(step -> step.value().withAllBelow()).filter(map -> map.get("name").text().equals(name))
                .flatMap(map -> map.expression().stream())
                .map(text -> "${" + text.name() + ":" + set.resolve(text.text()) + "}").toList();
        return kind.equals("header") && written.isEmpty() || seen.add(setter + name) && written.stream()
                .flatMap(text -> READ.matcher(text).results()).anyMatch(inner -> readsTextOfClient(inner, seen));
    }
}
