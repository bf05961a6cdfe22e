package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What authors read of the exceptions of Camel. */
class CamelMessagesTest {

    @Test
    void partThatIsNotOnTheClassPathNeedsAConnector() {
        // CircuitBreakerReifier of Camel 4.18; the connector is on the class path of tests.
        assertThat(CamelMessages.hint(new IllegalStateException(
                "Cannot find camel-resilience4j or camel-microprofile-fault-tolerance on the classpath.")))
                .contains("docs/editing-routes.md#connectors");
        assertThat(CamelMessages.hint(new IllegalStateException("exceptionType must be configured"))).isNull();
    }
}
