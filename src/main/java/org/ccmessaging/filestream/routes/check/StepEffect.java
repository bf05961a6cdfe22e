package org.ccmessaging.filestream.routes.check;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.routes.check.Step.Assignment;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.RouteSteps;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * The facts that must hold before a step of an author, that hold after it, and that no longer hold after it. Those of a
 * bean are in its annotation {@link RouteStep}, those of other steps here.
 */
record StepEffect(Set<String> needs, Set<String> leaves, Set<String> takes) {

    static final String LOCATION = "location";
    static final String FILE = "file";
    static final String STREAM = "stream";

    /** Left by the steps of a clause. */
    static final String OUTCOME = "outcome";
    static final String RESPONSE = "response";

    /** Left by the frame before it calls choose-storage. */
    static final String CUSTOMER = "customer";

    /** Beans of steps. */
    static final String RESPOND = "respond";
    static final String TAKE_STREAM = "takeStream";

    /** Headers that the response is made from. */
    static final Set<String> OUTCOME_HEADERS = Set.of(Headers.RESULT_CODE, Headers.RESULT_DESC,
            Exchange.HTTP_RESPONSE_CODE, Exchange.CONTENT_TYPE);

    static final Map<String, RouteStep> BEANS = RouteSteps.all();

    /** The facts that a step can need. The analysis keeps no others, since each would multiply its states. */
    private static final Set<String> NEEDED = BEANS.values().stream().flatMap(bean -> Stream.of(bean.needs()))
            .collect(Collectors.toSet());

    private static final Set<String> REPLACING = Set.of("setBody", "convertBodyTo", "marshal", "unmarshal");
    private static final Set<String> KEEPING = Set.of("direct", "");
    private static final Pattern BODY = Pattern.compile("\\$(simple)?\\{\\s*body");

    /** Steps that leave facts which beans do not leave. */
    private static final Map<String, String> OTHERS = Map.of(CUSTOMER, "a request of a client", OUTCOME, "setHeaders",
            Variables.BRANCH, "setVariable", Variables.OBJECT_KEY, "setVariable");

    static StepEffect of(Step step) {
        RouteStep bean = BEANS.get(step.bean().text());
        if (bean != null) {
            return new StepEffect(Set.of(bean.needs()), Set.of(bean.leaves()), Set.of(bean.takes()));
        }
        Set<String> leaves = step.assignments().stream().flatMap(StepEffect::left).collect(Collectors.toSet());
        if (step.name().equals("to") && RouteLanguage.isOfConnector(step.endpoint().target())) {
            leaves.add(STREAM);
        }
        return new StepEffect(Set.of(), leaves, Set.of());
    }

    private static Stream<String> left(Assignment assignment) {
        String name = assignment.name().text();
        return !assignment.isHeader() ? Stream.of(name).filter(NEEDED::contains)
                : name.equals(Headers.RESULT_CODE) ? Stream.of(name, OUTCOME)
                : Stream.of(name).filter(OUTCOME_HEADERS::contains);
    }

    /** Returns the usual ids of the steps that leave a fact, for a message. */
    static String leavers(String fact) {
        return OTHERS.getOrDefault(fact, BEANS.entrySet().stream()
                .filter(bean -> Set.of(bean.getValue().leaves()).contains(fact))
                .map(bean -> bean.getKey().replaceAll("([A-Z])", "-$1").toLowerCase())
                .collect(Collectors.joining(" or ")));
    }

    /** Returns where a step takes or reads the body, if it does. */
    static Optional<Place> touchesBody(Step step) {
        boolean apart = step.field("variableReceive").isPresent() && step.field("variableSend").isPresent();
        boolean takes = REPLACING.contains(step.name())
                || step.name().equals("to") && !apart && !KEEPING.contains(step.endpoint().scheme());
        return takes ? Optional.of(step.place()) : Stream.concat(
                step.value().texts().filter(text -> BODY.matcher(text.text()).find()).map(Value::place),
                step.expression().filter(expression -> expression.name().equals("jsonpath"))
                        .map(Value::place).stream()).findFirst();
    }
}
