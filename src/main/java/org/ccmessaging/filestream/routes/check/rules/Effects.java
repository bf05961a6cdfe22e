package org.ccmessaging.filestream.routes.check.rules;

import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.support.PatternHelper;
import org.ccmessaging.filestream.routes.check.Assignment;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.Steps;
import org.ccmessaging.filestream.toolkit.Variables;

/** What is true after a step. */
final class Effects {

    private static final Map<String, Fact> BEANS = Map.ofEntries(
            Map.entry(Steps.RECORD_DOWNLOAD, Fact.RECORDED), Map.entry(Steps.AUTHENTICATE, Fact.AUTHENTICATED),
            Map.entry(Steps.AUTHENTICATE_APP, Fact.APP_AUTHENTICATED), Map.entry(Steps.READ_BODY, Fact.BODY_READ),
            Map.entry(Steps.ADMIT, Fact.ADMITTED), Map.entry(Steps.CHECK_REQUEST, Fact.CHECKED),
            Map.entry(Steps.RESOLVE_KEY, Fact.RESOLVED), Map.entry(Steps.REQUEST_OBJECT, Fact.REQUESTED),
            Map.entry(Steps.OPEN_FILE, Fact.OPENED), Map.entry(Steps.TAKE_OBJECT, Fact.OPENED),
            Map.entry(Steps.TAKE_STREAM, Fact.OPENED), Map.entry(Steps.READ_FIRST_CHUNK, Fact.CHUNK_READ),
            Map.entry(Steps.ENCODE_STREAM, Fact.ENCODED), Map.entry(Steps.RESPOND, Fact.RESPONDED),
            Map.entry(Steps.ISSUE_ACCESS_TOKEN, Fact.TOKEN_ISSUED), Map.entry(Steps.RAISE_FAILURE, Fact.FAILURE_RAISED),
            Map.entry(Steps.ISSUE_SESSION_TOKEN, Fact.TOKEN_ISSUED));

    private Effects() {
    }

    static Path of(RouteSet set, Step step, Path before) {
        Path path = before;
        Fact done = BEANS.get(Walk.bean(step));
        if (done != null) {
            path = path.with(done);
        }
        if (Walk.bean(step).equals(Steps.GIVE_STREAM)) {
            path = path.without(Fact.OPENED);
        }
        if (step.endpoint().scheme().equals("aws2-s3")) {
            path = path.with(Fact.FETCHED);
        }
        if (isBase64(step)) {
            path = path.with(Fact.ENCODED);
        }
        if (parses(step)) {
            path = path.with(Fact.PARSED);
        }
        if (step.name().equals("removeHeaders") && removes(step, "CamelHttpUri")) {
            path = path.with(Fact.HTTP_CLEAN);
        }
        if (path.is(Fact.COPY) && Body.isReplacedBy(step)) {
            path = path.without(Fact.OPENED);
        }
        for (Assignment assignment : step.assignments()) {
            path = assigned(set, assignment, path);
        }
        return path;
    }

    private static Path assigned(RouteSet set, Assignment assignment, Path path) {
        String name = assignment.name().text();
        if (assignment.what().equals("variable")) {
            return name.equals(Variables.BRANCH) ? path.with(Fact.BRANCH)
                    : name.equals(Variables.OBJECT_KEY) ? path.with(Fact.OBJECT_KEY) : path;
        }
        if (!assignment.what().equals("header")) {
            return path;
        }
        return switch (name) {
            case Headers.RESULT_CODE -> path.coded(assignment, codeKind(set, assignment));
            case Headers.RESULT_DESC -> path.with(Fact.DESC);
            case Exchange.HTTP_RESPONSE_CODE -> path.with(Fact.STATUS);
            default -> path;
        };
    }

    private static Fact codeKind(RouteSet set, Assignment code) {
        String text = constant(set, code);
        return text == null ? Fact.ANY_CODE : text.equals("0") ? Fact.SUCCESS_CODE : Fact.FAILURE_CODE;
    }

    /** What is assigned if it is always the same; otherwise {@code null}. */
    static String constant(RouteSet set, Assignment assignment) {
        Expression expression = assignment.expression().orElse(null);
        boolean constant = expression != null && (expression.isConstant()
                || expression.language().equals("simple") && !Texts.evaluates(expression.text()));
        return constant ? set.resolve(expression.text()).strip() : null;
    }

    static boolean isBase64(Step step) {
        return step.name().equals("marshal") && step.field("base64").isPresent();
    }

    /** Whether the step encodes the file. */
    static boolean encodes(Step step) {
        return isBase64(step) || Walk.bean(step).equals(Steps.ENCODE_STREAM);
    }

    /** Whether the step makes variable {@code request} of the body. */
    static boolean parses(Step step) {
        return step.name().equals("unmarshal") && step.field("variableReceive").text().equals(Variables.REQUEST);
    }

    /** Whether a step {@code removeHeader} or {@code removeHeaders} takes away a header of this name. */
    static boolean removes(Step step, String header) {
        String excluded = step.field("excludePattern").text();
        return switch (step.name()) {
            case "removeHeader" -> step.field("name").text().equalsIgnoreCase(header);
            case "removeHeaders" -> PatternHelper.matchPattern(header, step.field("pattern").text())
                    && (excluded.isEmpty() || !PatternHelper.matchPattern(header, excluded));
            default -> false;
        };
    }

    /** Headers of which the response is made. */
    static final Set<String> OUTCOME = Set.of(Headers.RESULT_CODE, Headers.RESULT_DESC, Exchange.HTTP_RESPONSE_CODE,
            Exchange.CONTENT_TYPE);
}
