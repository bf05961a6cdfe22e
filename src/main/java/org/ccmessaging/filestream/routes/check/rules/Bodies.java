package org.ccmessaging.filestream.routes.check.rules;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;

/** What steps do with the body: a file can be read once, and a response is what step respond made. */
final class Bodies {

    private static final Set<String> REPLACE =
            Set.of("setBody", "convertBodyTo", "marshal", "unmarshal");
    private static final Set<String> LEAVE_IT = Set.of("direct", "aws2-s3", "");

    private static final Pattern BODY = Pattern.compile("\\$(simple)?\\{\\s*body");

    private Bodies() {
    }

    /** Reports a step that takes or reads the file before the client gets it. */
    static void file(Step step, Findings findings) {
        Optional<Place> read = isReadBy(step);
        if (isTouchedBy(step)) {
            findings.error("R209", step.place(), step.label() + " takes the file, which can be read once, before the"
                    + " client gets it", "move it before the step that opens the file, or give it variableSend and"
                    + " variableReceive");
        } else if (read.isPresent()) {
            findings.error("R209", read.get(), step.label() + " reads the file, which can be read once, before the"
                    + " client gets it", "read a variable or a header instead");
        }
    }

    /**
     * Reports a step that changes the response, or reads it.
     *
     * @param again whether the step makes a response
     */
    static void response(Step step, boolean again, Findings findings) {
        Optional<Place> header = step.name().startsWith("removeHeader") ? Optional.of(step.place())
                : step.assignments().stream().filter(one -> one.what().equals("header")).map(one -> one.name())
                        .filter(name -> Effect.OUTCOME_HEADERS.contains(name.text())).map(Value::place).findFirst();
        if (again) {
            findings.error("R209", step.place(), step.label() + " makes a second response on the same path",
                    "keep one respond, as the last step");
        } else if (header.isPresent() || isTouchedBy(step) || isReadBy(step).isPresent()) {
            findings.error("R209", header.orElse(step.place()), step.label() + " works on the "
                    + (header.isPresent() ? "outcome" : "body") + " behind respond", "move it before respond");
        }
    }

    /** Whether the step puts something else in the body's place, or hands the body to somebody. */
    static boolean isTouchedBy(Step step) {
        if (REPLACE.contains(step.name())) {
            return !Effect.isBase64(step);
        }
        boolean apart = step.field("variableReceive").isPresent() && step.field("variableSend").isPresent();
        return step.name().equals("to") && !apart && !LEAVE_IT.contains(step.endpoint().scheme());
    }

    /** Where the step reads the body, if it does. */
    private static Optional<Place> isReadBy(Step step) {
        return Stream.concat(step.texts().filter(text -> BODY.matcher(text.text()).find()).map(Value::place),
                step.expression().filter(expression -> expression.language().equals("jsonpath"))
                        .map(Expression::place).stream()).findFirst();
    }
}
