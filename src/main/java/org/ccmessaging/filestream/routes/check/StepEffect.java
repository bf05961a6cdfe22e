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
 * The facts that must hold before a step, and the facts that hold after the step. The annotation {@link RouteStep} has
 * the facts of a bean. This class has the facts of all other steps.
 *
 * @param beans the annotation of each step bean; the key is the name of the bean
 */
record StepEffect(Map<String, RouteStep> beans) {

    static final String LOCATION = "location";
    static final String FILE = "file";
    static final String RESPONSE = "response";
    /** Means that any fact may hold, because the check does not know the steps of a called route. */
    static final String ANYTHING = "anything";

    /** The fact that a response has the headers of a result code. The steps of clauses set these headers. */
    private static final String OUTCOME = "outcome";

    private static final Set<String> OUTCOME_HEADERS = Set.of(Headers.RESULT_CODE, Headers.RESULT_DESC,
            Exchange.HTTP_RESPONSE_CODE, Exchange.CONTENT_TYPE);
    private static final Set<String> REPLACING =
            Set.of("setBody", "convertBodyTo", "marshal", "unmarshal", "transform");

    /** Components that do not read the body, or that only pass the body to another route. */
    private static final Set<String> KEEPING = Set.of("direct", "bean", "log", "mock", "");
    private static final Pattern BODY =
            Pattern.compile("\\$(simple)?\\{\\s*(body|bodyAs|mandatoryBodyAs|in\\.body)\\b");

    /** For each fact that no bean leaves, the step that leaves the fact. */
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

    /** Returns the place at which a step reads or replaces the body; empty for any other step. */
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
