package org.ccmessaging.filestream.routes.check.rules;

import java.util.Optional;
import java.util.Set;
import org.ccmessaging.filestream.routes.check.Endpoint;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;

/** What steps do with the body. */
final class Body {

    private static final Set<String> REPLACE = Set.of("setBody", "transform", "transformDataType", "convertBodyTo",
            "unmarshal", "sort", "script", "bean", "split", "aggregate", "claimCheck", "poll", "resequence");
    private static final Set<String> SEND = Set.of("to", "toD", "enrich", "pollEnrich", "recipientList", "routingSlip",
            "dynamicRouter", "serviceCall");
    private static final Set<String> LEAVE_IT = Set.of("direct", "seda", "log", "aws2-s3", "");

    private Body() {
    }

    /** Whether the step puts something else in the body's place, or hands the body to somebody. */
    static boolean isTouchedBy(Step step) {
        if (REPLACE.contains(step.name())) {
            return true;
        }
        if (step.name().equals("marshal") || step.name().equals("unmarshal")) {
            return !Effects.isBase64(step);
        }
        if (!SEND.contains(step.name()) || Targets.dynamic(step).isPresent()) {
            return SEND.contains(step.name());
        }
        boolean apart = step.field("variableReceive").isPresent()
                && (step.field("variableSend").isPresent() || step.name().equals("pollEnrich"));
        return !apart && Targets.of(step).stream().anyMatch(endpoint -> !LEAVE_IT.contains(endpoint.scheme()));
    }

    /** Whether the step puts something else in the body's place, and does not look at the body. */
    static boolean isReplacedBy(Step step) {
        return (step.name().equals("setBody") || step.name().equals("transform")) && isReadBy(step).isEmpty();
    }

    /** Where the step reads the body, if it does. */
    static Optional<Place> isReadBy(Step step) {
        Endpoint endpoint = step.endpoint();
        if (endpoint.scheme().equals("log") && !endpoint.parameter("showBody").text().equals("false")) {
            return Optional.of(step.place());
        }
        return Texts.of(step).stream().filter(text -> Texts.readsBody(text.text())).map(Value::place).findFirst();
    }
}
