package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.routes.check.Step.Assignment;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.RouteSteps;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * The facts that must hold before a step, that hold after it, and that no longer hold after it. Those of a bean are in
 * its annotation {@link RouteStep}, those of other steps here.
 */
record StepEffect(List<String> needs, List<String> leaves, List<String> takes) {

    static final String LOCATION = "location";
    static final String FILE = "file";
    static final String FIRST_CHUNK = "first chunk";
    static final String ENCODED = "encoded file";
    static final String OUTCOME = "outcome";
    static final String RESPONSE = "response";
    static final String OBJECT_REQUEST = Variables.OBJECT_REQUEST;
    static final String S3_RESPONSE = "S3 response";

    /** Header {@code resultCode} is 0. */
    static final String SUCCESS = "code 0";

    /** Header {@code resultCode} is another code. */
    static final String FAILURE = "code of a failure";

    /** Headers that the response is made from. */
    static final Set<String> OUTCOME_HEADERS = Set.of(Headers.RESULT_CODE, Headers.RESULT_DESC,
            Exchange.HTTP_RESPONSE_CODE, Exchange.CONTENT_TYPE);

    /** The facts without which no step opens a file, besides those that it names. */
    static final List<String> TO_OPEN = List.of("permit", "checked request");

    private static final Set<String> REPLACING = Set.of("setBody", "convertBodyTo", "marshal", "unmarshal");
    private static final Set<String> KEEPING = Set.of("direct", "aws2-s3", "");
    private static final Pattern BODY = Pattern.compile("\\$(simple)?\\{\\s*body");

    static final Map<String, RouteStep> BEANS = RouteSteps.all();

    /** Steps that leave facts which beans do not leave, or not only beans. */
    private static final Map<String, String> OTHERS = Map.of("request", "parse-request", S3_RESPONSE, "get-object",
            ENCODED, "encode", OUTCOME, "set-success", Variables.BRANCH, "setVariable",
            Variables.OBJECT_KEY, "setVariable");

    static StepEffect of(RouteSet set, Step step) {
        RouteStep bean = BEANS.get(step.bean().text());
        if (bean != null) {
            List<String> needs = new ArrayList<>(List.of(bean.needs()));
            needs.addAll(opens(step) ? TO_OPEN : List.of());
            return new StepEffect(needs, List.of(bean.leaves()), List.of(bean.takes()));
        } else if (step.endpoint().scheme().equals("aws2-s3")) {
            return new StepEffect(List.of(OBJECT_REQUEST), List.of(S3_RESPONSE), List.of(OBJECT_REQUEST));
        } else if (isBase64(step)) {
            return new StepEffect(List.of(FIRST_CHUNK), List.of(ENCODED), List.of(FIRST_CHUNK));
        }
        StepEffect effect = new StepEffect(parses(step) ? List.of("text") : List.of(), new ArrayList<>(),
                new ArrayList<>());
        step.assignments().forEach(assignment -> effect.add(set, assignment));
        return effect;
    }

    private void add(RouteSet set, Assignment assignment) {
        String name = assignment.name().text();
        if (!assignment.isHeader()) {
            if (OTHERS.containsKey(name) || BEANS.values().stream().noneMatch(bean -> leaves(bean, name))) {
                leaves.add(name);
            }
        } else if (name.equals(Headers.RESULT_CODE)) {
            String code = constant(set, assignment);
            leaves.add(OUTCOME);
            takes.addAll(List.of(SUCCESS, FAILURE));
            if (code != null) {
                leaves.add(code.equals("0") ? SUCCESS : FAILURE);
                takes.removeAll(leaves);
            }
        } else if (OUTCOME_HEADERS.contains(name)) {
            leaves.add(name);
        }
    }

    private static boolean leaves(RouteStep bean, String fact) {
        return bean != null && List.of(bean.leaves()).contains(fact);
    }

    /** Returns the steps that leave a fact, for a message. */
    static String leavers(String fact) {
        List<String> beans = BEANS.entrySet().stream().filter(bean -> leaves(bean.getValue(), fact))
                .map(bean -> id(bean.getKey())).toList();
        return OTHERS.getOrDefault(fact, String.join(" or ", beans));
    }

    /** Returns the usual id of the step that runs a bean. */
    static String id(String bean) {
        return bean.replaceAll("([A-Z])", "-$1").toLowerCase();
    }

    /** Returns whether the step is a bean with this place in a request. */
    static boolean isBean(Step step, RouteStep.Place place) {
        RouteStep bean = BEANS.get(step.bean().text());
        return bean != null && bean.place() == place;
    }

    /** Returns whether the step opens a file, or requests one from the store. */
    static boolean opens(Step step) {
        RouteStep bean = BEANS.get(step.bean().text());
        return step.endpoint().scheme().equals("aws2-s3") || leaves(bean, FILE) || leaves(bean, OBJECT_REQUEST);
    }

    static boolean encodes(Step step) {
        return isBase64(step) || leaves(BEANS.get(step.bean().text()), ENCODED);
    }

    static boolean isBase64(Step step) {
        return step.name().equals("marshal") && step.field("base64").isPresent();
    }

    static boolean parses(Step step) {
        return step.name().equals("unmarshal") && step.field("variableReceive").text().equals(Variables.REQUEST);
    }

    /** Returns the assigned value if it is always the same, otherwise {@code null}. */
    static String constant(RouteSet set, Assignment assignment) {
        Expression expression = assignment.expression().orElse(null);
        boolean constant = expression != null && (expression.isConstant()
                || expression.language().equals("simple") && !expression.text().matches("(?s).*\\$(simple)?\\{.*"));
        return constant ? set.resolve(expression.text()).strip() : null;
    }

    /** Returns where a step takes or reads the body, if it does. */
    static Optional<Place> touchesBody(Step step) {
        boolean apart = step.field("variableReceive").isPresent() && step.field("variableSend").isPresent();
        boolean takes = REPLACING.contains(step.name()) ? !isBase64(step)
                : step.name().equals("to") && !apart && !KEEPING.contains(step.endpoint().scheme());
        return takes ? Optional.of(step.place()) : Stream.concat(
                step.value().texts().filter(text -> BODY.matcher(text.text()).find()).map(Value::place),
                step.expression().filter(expression -> expression.language().equals("jsonpath"))
                        .map(Expression::place).stream()).findFirst();
    }
}
