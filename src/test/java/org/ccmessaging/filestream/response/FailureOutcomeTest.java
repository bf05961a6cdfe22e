package org.ccmessaging.filestream.response;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.ccmessaging.filestream.failure.FileTooLargeException;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outcomes of broken reads with edited result codes. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.response.FailureOutcome",
        texts = "gives a broken read the code of a success")
class FailureOutcomeTest {

    /** The success code is the one that the route of downloads sets. */
    @ParameterizedTest
    @CsvSource({"14, 14, ReadBrokenException of standard", "0, 13,", "ok, 13,", "123456, 13,"})
    void brokenReadIsNoSuccessWhateverItsClauseSays(String clause, String code, String desc) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            RouteBuilder.addRoutes(camel, routes -> routes.from("direct:failure-outcome")
                    .setHeader("resultCode", routes.constant(clause))
                    .setHeader("resultDesc", routes.simple("${body.class.simpleName} of ${variable.branch}")));
            camel.start();
            FailureOutcome outcomes = Made.outcomes(camel);
            for (RuntimeException broken : List.of(new ReadBrokenException("reset"), new FileTooLargeException("1"))) {
                // An interrupt may be what broke the read.
                Thread.currentThread().interrupt();
                assertThat(outcomes.ofBrokenRead(broken, "standard", clause.equals("ok") ? "ok" : "0"))
                        .isEqualTo(new Outcome(code, desc, broken));
                assertThat(Thread.interrupted()).isTrue();
            }
        }
    }
}
