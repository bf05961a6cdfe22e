package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What an author reads of a failure of Camel for which the tests, which have every connector, know no route. */
class CausesTest {

    @Test
    void stepOfAConnectorThatIsNotThereSaysWhereToGetIt() {
        Exception fault = new IllegalArgumentException(
                "Cannot find camel-resilience4j or camel-microprofile-fault-tolerance on the classpath.");

        assertThat(new Causes(null).classify(fault)).singleElement().satisfies(cause -> {
            assertThat(cause.code()).isEqualTo("R030");
            assertThat(cause.hint()).contains("docs/connectors.md");
        });
    }
}
