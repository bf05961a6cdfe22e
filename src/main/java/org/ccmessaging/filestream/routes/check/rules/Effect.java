package org.ccmessaging.filestream.routes.check.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.routes.check.Assignment;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.RouteSteps;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * What a step needs, leaves and takes away: of a bean what {@link RouteStep} says, and of other steps what stands here.
 *
 * @param needs facts that must hold before the step
 * @param leaves facts that hold after it
 * @param takes facts that hold no longer
 */
record Effect(List<String> needs, List<String> leaves, List<String> takes) {

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

    /** Header {@code resultCode} is something else. */
    static final String FAILURE = "code of a failure";

    /** Headers of which the response is made. */
    static final Set<String> OUTCOME_HEADERS = Set.of(Headers.RESULT_CODE, Headers.RESULT_DESC,
            Exchange.HTTP_RESPONSE_CODE, Exchange.CONTENT_TYPE);

    static final Map<String, RouteStep> BEANS = RouteSteps.all();

    /** Who leaves what no bean leaves, or not alone. */
    private static final Map<String, String> OTHERS = Map.of("request", "parse-request", S3_RESPONSE, "get-object",
            ENCODED, "encode", OUTCOME, "set-success", Variables.BRANCH, "setVariable",
            Variables.OBJECT_KEY, "setVariable");

    static Effect of(RouteSet set, Step step) {
        RouteStep bean = BEANS.get(step.bean().text());
        if (bean != null) {
            return new Effect(List.of(bean.needs()), List.of(bean.leaves()), List.of(bean.takes()));
        } else if (step.endpoint().scheme().equals("aws2-s3")) {
            return new Effect(List.of(OBJECT_REQUEST), List.of(S3_RESPONSE), List.of());
        } else if (isBase64(step)) {
            return new Effect(List.of(FIRST_CHUNK), List.of(ENCODED), List.of(FIRST_CHUNK));
        }
        Effect effect = new Effect(parses(step) ? List.of("text") : List.of(), new ArrayList<>(), new ArrayList<>());
        step.assignments().forEach(assignment -> effect.add(set, assignment));
        return effect;
    }

    private void add(RouteSet set, Assignment assignment) {
        String name = assignment.name().text();
        boolean ofBean = !OTHERS.containsKey(name)
                && BEANS.values().stream().anyMatch(bean -> List.of(bean.leaves()).contains(name));
        if (assignment.what().equals("variable") && !ofBean) {
            leaves.add(name);
        } else if (assignment.what().equals("header") && name.equals(Headers.RESULT_CODE)) {
            String code = constant(set, assignment);
            leaves.add(OUTCOME);
            takes.addAll(List.of(SUCCESS, FAILURE));
            if (code != null) {
                leaves.add(code.equals("0") ? SUCCESS : FAILURE);
                takes.removeAll(leaves);
            }
        } else if (assignment.what().equals("header") && OUTCOME_HEADERS.contains(name)) {
            leaves.add(name);
        }
    }

    /** The steps that leave a fact, for a message. */
    static String leavers(String fact) {
        List<String> beans = BEANS.entrySet().stream().filter(bean -> List.of(bean.getValue().leaves()).contains(fact))
                .map(bean -> bean.getKey().replaceAll("([A-Z])", "-$1").toLowerCase()).toList();
        return OTHERS.getOrDefault(fact, String.join(" or ", beans));
    }

    /** Whether the step opens a file, or sends for one. */
    static boolean opens(Step step) {
        RouteStep bean = BEANS.get(step.bean().text());
        return step.endpoint().scheme().equals("aws2-s3") || bean != null && List.of(bean.leaves()).stream()
                .anyMatch(Set.of(FILE, OBJECT_REQUEST)::contains);
    }

    /** Whether the step encodes the file. */
    static boolean encodes(Step step) {
        RouteStep bean = BEANS.get(step.bean().text());
        return isBase64(step) || bean != null && List.of(bean.leaves()).contains(ENCODED);
    }

    static boolean isBase64(Step step) {
        return step.name().equals("marshal") && step.field("base64").isPresent();
    }

    /** Whether the step makes variable {@code request} of the body. */
    static boolean parses(Step step) {
        return step.name().equals("unmarshal") && step.field("variableReceive").text().equals(Variables.REQUEST);
    }

    /** What is assigned if it is always the same; otherwise {@code null}. */
    static String constant(RouteSet set, Assignment assignment) {
        Expression expression = assignment.expression().orElse(null);
        boolean constant = expression != null && (expression.isConstant()
                || expression.language().equals("simple") && !expression.text().matches("(?s).*\\$(simple)?\\{.*"));
        return constant ? set.resolve(expression.text()).strip() : null;
    }
}
