package org.ccmessaging.filestream.response;

import static org.ccmessaging.filestream.response.ResultHeaders.RESULT_CODE;
import static org.ccmessaging.filestream.response.ResultHeaders.RESULT_DESC;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * Asks {@code result-codes.camel.yaml} what a failure outside the routes means: one that Camel never saw, or a read
 * that broke after the response had begun. So every code and text has its one home, whoever failed.
 */
@Component
public class FailureOutcome {

    private static final Logger LOG = LoggerFactory.getLogger(FailureOutcome.class);
    private static final String ROUTE = "direct:failure-outcome";

    /** What is said where the routes themselves cannot be asked; it must not depend on them. */
    private static final String NOT_EXPLAINED = "13";

    private final ProducerTemplate routes;

    /** @param routes lazy, since it is needed before the routes are up only if something fails before that */
    FailureOutcome(@Lazy ProducerTemplate routes) {
        this.routes = routes;
    }

    /**
     * The code and text of a read that broke.
     *
     * @param resultCode never the code of a success
     * @param resultDesc {@code null} where there is none
     */
    record Outcome(String resultCode, String resultDesc) {
    }

    /** What a failure in the middle of the given download means. */
    Outcome of(Throwable failure, Exchange download) {
        Message answer = ask(failure, download.getVariable("branch", String.class));
        String code = answer == null ? null : answer.getHeader(RESULT_CODE, String.class);
        if (code == null) {
            return new Outcome(NOT_EXPLAINED, null);
        }
        return new Outcome(code, answer.getHeader(RESULT_DESC, String.class));
    }

    /**
     * The whole answer to a request that no route has seen: status, headers and body; {@code null} where there is none.
     */
    public Message of(Throwable failure) {
        return ask(failure, null);
    }

    private Message ask(Throwable failure, String branch) {
        Exchange answer = routes.request(ROUTE, exchange -> {
            exchange.setVariable("branch", branch);
            exchange.getMessage().setBody(failure);
        });
        if (answer.isFailed() || answer.getMessage().getHeader(RESULT_CODE) == null) {
            LOG.error("{} did not explain a failure; is result-codes.camel.yaml whole?", ROUTE,
                    answer.isFailed() ? answer.getException() : failure);
            return null;
        }
        return answer.getMessage();
    }
}
