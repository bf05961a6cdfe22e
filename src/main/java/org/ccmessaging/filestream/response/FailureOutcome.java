package org.ccmessaging.filestream.response;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.ccmessaging.filestream.response.StreamingBody.Outcome;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.Variables;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Asks route {@code failure-outcome} what a failure outside the routes means: a request that no route has seen, or a
 * read that breaks after the response has started. So {@code result-codes.camel.yaml} stays the one home of codes and
 * texts (decision 0002).
 */
@Component
public class FailureOutcome {

    /** The {@code resultCode} of a failure that the route cannot explain. It cannot come from the route itself. */
    static final String UNEXPLAINED = "13";

    private static final Logger LOG = LoggerFactory.getLogger(FailureOutcome.class);
    private static final String ROUTE = "direct:failure-outcome";

    private final ProducerTemplate routes;

    /** @param routes lazy, since the edge exists before the routes do */
    FailureOutcome(@Lazy ProducerTemplate routes) {
        this.routes = routes;
    }

    /** What a read that broke in the given branch means; never a success. */
    Outcome ofBrokenRead(RuntimeException failure, String branch) {
        Message response = ask(failure, branch);
        return response == null ? new Outcome(UNEXPLAINED, null, failure)
                : new Outcome(response.getHeader(Headers.RESULT_CODE, String.class),
                        response.getHeader(Headers.RESULT_DESC, String.class), failure);
    }

    /**
     * The complete response to a request that no route has seen: status, headers and body.
     *
     * @return {@code null} where the route cannot explain the failure
     */
    public Message of(Throwable failure) {
        return ask(failure, null);
    }

    private Message ask(Throwable failure, String branch) {
        Exchange answer = routes.request(ROUTE, exchange -> {
            exchange.setVariable(Variables.BRANCH, branch);
            exchange.getMessage().setBody(failure);
        });
        if (answer.isFailed() || answer.getMessage().getHeader(Headers.RESULT_CODE) == null) {
            LOG.error("{} did not explain a failure; is result-codes.camel.yaml complete?", ROUTE,
                    answer.isFailed() ? answer.getException() : failure);
            return null;
        }
        return answer.getMessage();
    }
}
