package org.ccmessaging.filestream.routes.check;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Step.Assignment;

/** The body reaches the client: the file, which can be read once, and the response that respond made (R209). */
record BodyRules(Findings findings) {

    private static final Set<String> REPLACING = Set.of("setBody", "convertBodyTo", "marshal", "unmarshal");
    private static final Set<String> KEEPING = Set.of("direct", "aws2-s3", "");
    private static final Pattern BODY = Pattern.compile("\\$(simple)?\\{\\s*body");

    /** Reports a step that takes or reads the file before the client gets it. */
    void file(Step step) {
        touched(step).ifPresent(place -> findings.error("R209", step, place, "takes or reads the file, which can be"
                + " read once, before the client gets it", "move it before the step that opens the file, give it"
                + " variableSend and variableReceive, or read a variable or a header instead"));
    }

    /** Reports a step that changes or reads the response, or makes it {@code again}. */
    void response(Step step, boolean again) {
        Optional<Place> header = step.name().startsWith("removeHeader") ? Optional.of(step.place())
                : step.assignments().stream().filter(Assignment::isHeader).map(Assignment::name)
                        .filter(name -> StepEffect.OUTCOME_HEADERS.contains(name.text())).map(Value::place).findFirst();
        if (again) {
            findings.error("R209", step, "makes a second response on the same path",
                    "keep one respond, as the last step");
        } else if (header.isPresent() || touched(step).isPresent()) {
            findings.error("R209", step, header.orElse(step.place()), "changes or reads the response after respond",
                    "move it before respond");
        }
    }

    private static Optional<Place> touched(Step step) {
        return isTakenBy(step) ? Optional.of(step.place()) : read(step);
    }

    private static boolean isTakenBy(Step step) {
        if (REPLACING.contains(step.name())) {
            return !StepEffect.isBase64(step);
        }
        boolean apart = step.field("variableReceive").isPresent() && step.field("variableSend").isPresent();
        return step.name().equals("to") && !apart && !KEEPING.contains(step.endpoint().scheme());
    }

    private static Optional<Place> read(Step step) {
        return Stream.concat(step.value().texts().filter(text -> BODY.matcher(text.text()).find()).map(Value::place),
                step.expression().filter(expression -> expression.language().equals("jsonpath"))
                        .map(Expression::place).stream()).findFirst();
    }
}
