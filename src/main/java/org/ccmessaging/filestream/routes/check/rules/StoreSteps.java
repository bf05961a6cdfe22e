package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Assignment;
import org.ccmessaging.filestream.routes.check.Endpoint;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.toolkit.Steps;
import org.ccmessaging.filestream.toolkit.Variables;

/** The store is read in routes read-…, with the request that request-object made. */
final class StoreSteps implements Rule {

    private static final String STORE = "aws2-s3";

    /** An address of the store in the text of an expression, which may list several. */
    private static final Pattern ADDRESS = Pattern.compile("(?<![\\w-])" + STORE + ":");
    private static final String HINT = "step get-object has operation getObject, pojoRequest true and variableSend "
            + Variables.OBJECT_REQUEST;

    @Override
    public void check(RouteSet set, Findings findings) {
        for (Route route : set.routes()) {
            if (isStore(set, route.uri())) {
                findings.error("R111", route.uri().place(), route.label() + " polls a bucket", HINT);
            }
            if (!route.uri().target().startsWith("direct:read-")) {
                route.allSteps().filter(step -> Journey.opens(step) || Walk.bean(step).equals(Steps.TAKE_OBJECT))
                        .filter(step -> !step.isDisabled()).findFirst().ifPresent(step -> findings.error("R110",
                                step.place(), step.label() + " reads the storage outside of a route read-…",
                                "call direct:read-s3 or direct:read-filesystem instead"));
            }
        }
        set.allSteps().filter(step -> !step.name().startsWith("intercept")).forEach(step -> {
            List<Endpoint> stores = targets(step).stream().filter(target -> isStore(set, target)).toList();
            stores.forEach(store -> request(step, store, findings));
            Stream<Expression> made = stores.isEmpty() ? Targets.dynamic(step).stream() : Stream.empty();
            Stream.concat(made, step.assignments().stream().map(Assignment::expression).flatMap(Optional::stream))
                    .filter(text -> ADDRESS.matcher(set.resolve(text.text())).find())
                    .forEach(text -> findings.error("R111", text.place(), step.label()
                            + " makes an address of the store: " + text.text(), HINT));
        });
    }

    private static List<Endpoint> targets(Step step) {
        return step.endpoint().isPresent() ? List.of(step.endpoint()) : Targets.of(step);
    }

    /** Also if a setting names the component, or the default in its place. */
    private static boolean isStore(RouteSet set, Endpoint endpoint) {
        String target = set.resolve(endpoint.target());
        return target.split(":", 2)[0].equals(STORE) || target.startsWith("{{") && ADDRESS.matcher(target).find();
    }

    private static void request(Step step, Endpoint endpoint, Findings findings) {
        Value pojo = endpoint.parameter("pojoRequest");
        Value operation = endpoint.parameter("operation");
        if (!pojo.isTrue()) {
            findings.error("R111", pojo.place(), step.label() + " asks the store without pojoRequest: Camel evaluates"
                    + " the key in a header as an expression", HINT);
        } else if (!operation.text().equals("getObject")) {
            findings.error("R111", operation.place(), step.label() + " may only get an object, and operation is "
                    + operation.text(), HINT);
        } else if (!step.field("variableSend").text().equals(Variables.OBJECT_REQUEST)) {
            findings.error("R111", step.field("variableSend").isPresent() ? step.field("variableSend").place()
                    : endpoint.place(), step.label() + " sends something else than the request that request-object"
                    + " made", HINT);
        }
    }
}
