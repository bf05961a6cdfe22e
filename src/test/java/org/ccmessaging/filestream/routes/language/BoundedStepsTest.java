package org.ccmessaging.filestream.routes.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.ConnectorStream;
import org.junit.jupiter.api.Test;

/** Component {@code mock} stands for a connector. */
class BoundedStepsTest {

    private static final InputStream STREAM = new ByteArrayInputStream(new byte[1]);

    @Test
    void onlyAStreamThatAConnectorLeavesIsOne() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.setStreamCaching(false);
            context.getCamelContextExtension().addInterceptStrategy(new BoundedSteps(
                    ShippedSettings.of("filestream.routes", RoutesSettings.class, Map.of())));
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:connector").to("mock:share");
                    from("direct:product").to("direct:made").to("mock:keeps");
                    from("direct:made").process(exchange -> exchange.getMessage().setBody(STREAM));
                    from("direct:text").to("mock:says");
                }
            });
            context.getEndpoint("mock:share", MockEndpoint.class)
                    .whenAnyExchangeReceived(exchange -> exchange.getMessage().setBody(STREAM));
            context.getEndpoint("mock:says", MockEndpoint.class)
                    .whenAnyExchangeReceived(exchange -> exchange.getMessage().setBody("a text"));
            context.start();

            assertThat(left(context, "direct:connector")).isInstanceOf(ConnectorStream.class);
            assertThat(left(context, "direct:product")).isSameAs(STREAM);
            assertThat(left(context, "direct:text")).isEqualTo("a text");
        }
    }

    private static Object left(DefaultCamelContext context, String uri) {
        return context.createFluentProducerTemplate().to(uri).withBody("").request(Object.class);
    }
}
