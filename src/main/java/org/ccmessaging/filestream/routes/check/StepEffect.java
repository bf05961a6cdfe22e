package org.ccmessaging.filestream.routes.check;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.routes.check.Step.Assignment;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * The facts that must hold before a step, and the facts that hold after it. For a bean, they are in its annotation
 * {@link RouteStep}; for any other step, this class has them.
 *
 * @param beans the annotation of each step bean by the bean's name
 */
record StepEffect(Map<String, RouteStep> beans) {

    static final String LOCATION = "location";
    static final String FILE = "file";
    static final String RESPONSE = "response";
    /** Stands for the facts that hold after a route whose steps the check does not know. */
    static final String ANYTHING = "anything";

    /** The fact that the headers of a response have a result code and its text. The steps of a clause set them. */
    private static final String OUTCOME = "outcome";

    private static final Set<String> OUTCOME_HEADERS = Set.of(Headers.RESULT_CODE, Headers.RESULT_DESC,
            Exchange.HTTP_RESPONSE_CODE, Exchange.CONTENT_TYPE);
    private static final Set<String> REPLACING =
            Set.of("setBody", "convertBodyTo", "marshal", "unmarshal", "transform");

    /** Components that pass the body to the routes that they call, or that do not read the body. */
    private static final Set<String> KEEPING = Set.of("direct", "bean", "log", "mock", "");
    private static final Pattern BODY =
            Pattern.compile("\\$(simple)?\\{\\s*(body|bodyAs|mandatoryBodyAs|in\\.body)\\b");

    /** Steps that leave facts which beans do not leave. */
    private static final Map<String, String> OTHERS = Map.of(OUTCOME, "setHeader", Variables.BRANCH, "setVariable",
            Variables.OBJECT_KEY, "setVariable");

    Set<String> needs(Step step) {
        RouteStep bean = beans.get(step.bean());
        return bean == null ? Set.of() : Set.of(bean.needs());
    }

    Set<String> leaves(Step step) {
        RouteStep bean = beans.get(step.bean());
        Stream<String> ofBean = bean == null ? Stream.empty() : Stream.of(bean.leaves());
        return Stream.concat(ofBean, step.assignments().stream().map(StepEffect::left)).collect(Collectors.toSet());
    }

    private static String left(Assignment assignment) {
        String name = assignment.name().text();
        return assignment.isHeader() && OUTCOME_HEADERS.contains(name) ? OUTCOME : name;
    }

    /** Returns the usual ids of the steps that leave a fact, for a message. */
    String leavers(String fact) {
        String leavers = beans.entrySet().stream().filter(bean -> Set.of(bean.getValue().leaves()).contains(fact))
                .map(bean -> bean.getKey().replaceAll("([A-Z])", "-$1").toLowerCase())
                .collect(Collectors.joining(" or "));
        return OTHERS.getOrDefault(fact, leavers.isEmpty() ? "setVariable" : leavers);
    }

    /** Returns where a step takes, reads or replaces the body, if it does. */
    Optional<Place> touchesBody(Step step) {
        boolean apart = step.field("variableReceive").isPresent() && step.field("variableSend").isPresent();
        boolean encodes = step.name().equals("marshal")
                && (step.field("base64").isPresent() || step.field("dataFormatType").get("base64").isPresent());
        boolean takes = REPLACING.contains(step.name()) && !apart && !encodes
                || step.name().equals("to") && !apart && !KEEPING.contains(step.endpoint().scheme());
        return takes ? Optional.of(step.place())
                : step.value().texts().filter(text -> BODY.matcher(text.text()).find()).map(Value::place).findFirst();
    }
}
