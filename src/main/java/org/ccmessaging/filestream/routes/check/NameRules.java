package org.ccmessaging.filestream.routes.check;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.CatalogCamelContext;
import org.apache.camel.language.simple.types.BinaryOperatorType;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.ccmessaging.filestream.settings.SettingFailures;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.springframework.util.function.ThrowingFunction;

/** Finds errors that Camel does not report at startup, such as a {@code direct:} call to a missing route. */
record NameRules(RouteSet set, CamelContext camel, Report report) {

    private static final Set<String> MEMBERS = Stream.of(DownloadRequest.class.getRecordComponents())
            .map(RecordComponent::getName).collect(Collectors.toSet());
    private static final Pattern MEMBER = Pattern.compile("\\$(?:simple)?\\{variable\\.request\\??\\.(\\w+)");

    private static final Pattern SETTING = Pattern.compile("(?:\\{\\{[?!]?\\s*(?:(?:env|sys):)?"
            + "|\\$(?:simple)?\\{\\s*(?:properties|env|sysenv|sys)[.:])([\\w.\\[\\]-]+)");

    private static final Map<String, String> TYPES = Map.of("integer", "-?\\d+", "boolean", "true|false");

    private static final Set<String> CALLS = Set.of("to", "toD", "wireTap");

    private static final Set<String> CONDITIONS = Set.of("when", "filter", "validate", "onWhen");
    private static final Pattern COMPARISON = Pattern.compile("\\s*\\$\\{[^{}]*}\\s+(?!\\$)(\\S+(?: with)?)\\s+"
            + "('[^']*'|\"[^\"]*\"|-?\\d+|\\$\\{[^{}]*})\\s*");
    private static final Set<String> OPERATORS = Stream.concat(
            Stream.of("&&", "||", "?:", "~>", "starts with", "ends with", "+", "-", "?"),
            Stream.of(BinaryOperatorType.values()).map(BinaryOperatorType::getOperatorText))
            .collect(Collectors.toCollection(TreeSet::new));

    void check() {
        Map<String, Step> ids = new HashMap<>();
        set.elements().stream().filter(Step::isElement).forEach(element -> {
            unique(ids, element);
            element.allSteps().forEach(step -> unique(ids, step));
        });
        Set<Step> requested = requested();
        requested.stream().flatMap(Step::allSteps).forEach(this::members);
        set.configurations().stream().flatMap(Step::allSteps).forEach(this::members);
        set.lists().stream().flatMap(Value::withAllBelow).forEach(text -> SETTING.matcher(text.text()).results()
                .map(setting -> setting.group(1)).filter(SettingFailures::isSecret)
                .forEach(key -> report.error(text.place(), "placeholder of the secret " + key,
                        "remove it, because logs, traces and other systems would see this secret")));
        set.allSteps().forEach(step -> {
            operator(step);
            if (step.name().matches("(un)?marshal")) {
                step.value().members().values().forEach(this::format);
            }
        });
    }

    /** Returns the routes that process requests for files or tokens. */
    Set<Step> requested() {
        return set.withCallees(set.routes().stream()
                .filter(route -> set.resolve(route.endpoint().scheme()).equals("platform-http"))
                .filter(route -> set.withCallees(Stream.of(route)).stream().flatMap(Step::allSteps)
                        .anyMatch(step -> Set.of("authenticate", "respond").contains(step.bean()))));
    }

    private void unique(Map<String, Step> ids, Step step) {
        Value id = step.field("id");
        // Camel accepts a route configuration that has the same id as a route or step.
        String key = step.name().equals(Step.CONFIGURATION) ? "configuration " + id.text() : id.text();
        Step first = id.text().isEmpty() || step.isDisabled() ? null : ids.putIfAbsent(key, step);
        if (first != null) {
            report.error(id.place(), "id \"" + id.text() + "\" is given twice", "the first is at "
                    + first.field("id").place());
        }
    }

    private void members(Step step) {
        step.value().texts().forEach(text -> MEMBER.matcher(text.text()).results().map(member -> member.group(1))
                .filter(member -> !MEMBERS.contains(member)).forEach(member -> report.error(step, text.place(),
                        "reads ${variable.request." + member + "}, which does not exist",
                        NearestName.didYouMean(member, MEMBERS, null))));
    }

    /** Reports a condition with an unknown operator. Camel would read the condition as a text, which is always true. */
    private void operator(Step step) {
        Value condition = CONDITIONS.contains(step.name()) ? step.value() : step.field("onWhen");
        condition.expression().filter(text -> text.name().equals("simple")).ifPresent(text -> {
            Matcher comparison = COMPARISON.matcher(text.text());
            if (comparison.matches() && !OPERATORS.contains(comparison.group(1))) {
                report.error(step, text.place(), "has unknown operator " + comparison.group(1),
                        NearestName.didYouMean(comparison.group(1), OPERATORS, null));
            }
        });
    }

    /** Reports each data format option with a value of the wrong type. Camel would silently use the default. */
    private void format(Value format) {
        ThrowingFunction<String, String> schemas = ((CatalogCamelContext) camel)::getDataFormatParameterJsonSchema;
        String json = schemas.apply(format.name());
        Map<String, String> types = json == null ? Map.of() : JsonMapper.generateDataFormatModel(json).getOptions()
                .stream().collect(Collectors.toMap(BaseOptionModel::getName, BaseOptionModel::getType));
        format.members().values().forEach(option -> {
            String type = types.getOrDefault(option.name(), "");
            if (!option.text().matches(TYPES.getOrDefault(type, ".*") + "|.*\\{\\{.*")) {
                report.error(option.place(), option.name() + " is \"" + option.text() + "\", expected " + type, null);
            }
        });
    }

    /** @param built the endpoints that the built routes consume from, including routes from templates and from Java */
    void calls(Collection<String> built) {
        Set<String> consumers = new TreeSet<>(built);
        // Camel inlines a route that a REST operation calls, so the endpoint of this route is not in `built`.
        consumers.addAll(set.consumers().keySet());
        Set<String> missed = new HashSet<>();
        String known = consumers.stream().filter(name -> name.startsWith("direct:")).collect(Collectors.joining(", "));
        set.elements().stream().filter(element -> !element.name().equals(Step.TEMPLATE))
                .flatMap(Step::allSteps)
                .filter(step -> CALLS.contains(step.name()) && !step.isDisabled()).forEach(step -> {
                    String target = set.target(step.endpoint());
                    if (target.startsWith("direct:") && !target.matches(".*[{$].*") && !consumers.contains(target)
                            && missed.add(target)) {
                        report.error(step.endpoint().place(), step.label() + ": no route receives from " + target,
                                NearestName.didYouMean(target, consumers, "there are " + known));
                    }
                });
    }
}
