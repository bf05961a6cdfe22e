package org.ccmessaging.filestream.routes.check.rules;

import org.ccmessaging.filestream.routes.check.Endpoint;
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
    private static final String HINT = "step get-object has operation getObject, pojoRequest true and variableSend "
            + Variables.OBJECT_REQUEST;

    @Override
    public void check(RouteSet set, Findings findings) {
        for (Route route : set.routes()) {
            if (route.uri().scheme().equals(STORE)) {
                findings.error("R111", route.uri().place(), route.label() + " polls a bucket", HINT);
            }
            if (!route.uri().target().startsWith("direct:read-")) {
                route.allSteps().filter(step -> Journey.opens(step) || Walk.bean(step).equals(Steps.TAKE_OBJECT))
                        .filter(step -> !step.isDisabled()).findFirst().ifPresent(step -> findings.error("R110",
                                step.place(), step.label() + " reads the storage outside of a route read-…",
                                "call direct:read-s3 or direct:read-filesystem instead"));
            }
        }
        set.allSteps().filter(step -> step.endpoint().scheme().equals(STORE) && !step.name().startsWith("intercept"))
                .forEach(step -> request(step, findings));
    }

    private static void request(Step step, Findings findings) {
        Endpoint endpoint = step.endpoint();
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
