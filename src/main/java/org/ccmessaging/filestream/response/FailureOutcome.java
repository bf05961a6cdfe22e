package org.ccmessaging.filestream.response;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultMessage;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.toolkit.FailureGate;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RequestGate;
import org.ccmessaging.filestream.toolkit.Variables;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Calls route {@code failure-outcome} for a failure that no route has handled, for example while the response is sent.
 * So the clauses in {@code result-codes.camel.yaml} also set the codes of these failures (decision 0002).
 */
@Component
public record FailureOutcome(ProducerTemplate routes, FailureGate gate) {

    /** Code of a broken read for which no {@code onException} clause sets a failure code (decision 0002). */
    static final String UNEXPLAINED = "13";

    private static final int BUSINESS_FAILURE = 500;

    /** Text for a failure that no {@code onException} clause handles (contract section 4.2). */
    private static final String BUSINESS_FAILURE_TEXT =
            "Business failure. Check the values of parameters in the request.";

    private static final Logger LOG = LoggerFactory.getLogger(FailureOutcome.class);

    /** Returns the outcome of a streamed read that broke or exceeded the maximum file size (contract section 4.3). */
    Outcome ofBrokenRead(RuntimeException failure, String branch, String successCode) {
        // The new exception gets no cause, because Camel would apply the onException clause of the cause first.
        Exchange response = explain(failure instanceof ReadBrokenException ? failure
                : new ReadBrokenException(failure.getMessage()), branch);
        String code = response.getMessage().getHeader(Headers.RESULT_CODE, String.class);
        // Part of a file must never get the code of success, even if an edited onException clause sets this code.
        if (code == null || code.equals(successCode) || !Headers.isResultCode(code)) {
            LOG.error("{} gives a broken read the code of a success, a text that is no code, or none",
                    FailureGate.ROUTE, response.getException());
            return new Outcome(UNEXPLAINED, null, failure);
        }
        return new Outcome(code, response.getMessage().getHeader(Headers.RESULT_DESC, String.class), failure);
    }

    /**
     * Makes the response to a failure. The status is 500 if route {@code failure-outcome} makes no valid response.
     *
     * @param branch {@code null} if the failure belongs to no branch
     */
    public Message of(Throwable failure, String branch) {
        Exchange response = explain(failure, branch);
        if (!response.isFailed() && response.getMessage().getBody() instanceof MadeResponse made
                && made.isFor(response)) {
            return response.getMessage();
        }
        LOG.error("{} made no response to a failure: {}; is result-codes.camel.yaml complete?", FailureGate.ROUTE,
                failure.toString(), response.getException());
        Message message = new DefaultMessage(routes.getCamelContext());
        Outcome outcome = new Outcome(Integer.toString(BUSINESS_FAILURE), BUSINESS_FAILURE_TEXT);
        message.setBody(new MadeResponse(null, BUSINESS_FAILURE,
                new MadeResponse.CompleteBody(outcome, outcome.json(BUSINESS_FAILURE))));
        return message;
    }

    private Exchange explain(Throwable failure, String branch) {
        // The interrupt, for example of a read that broke, is for the caller and not for the steps of the route.
        boolean interrupted = Thread.interrupted();
        boolean entered = gate.enter();
        try {
            return routes.request(FailureGate.ROUTE, exchange -> {
                exchange.setProperty(RequestGate.OUTSIDE, true);
                exchange.setVariable(Variables.BRANCH, branch);
                exchange.getMessage().setBody(failure);
            });
        } finally {
            if (entered) {
                gate.exit();
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
