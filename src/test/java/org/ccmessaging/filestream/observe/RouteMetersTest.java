package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.ccmessaging.filestream.toolkit.RoutesChanged;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The counts are those of {@code camel-micrometer} 4.18.0, which counted the same messages. */
class RouteMetersTest {

    private static final List<String> NAMES = List.of("camel.exchanges.total", "camel.exchanges.succeeded",
            "camel.exchanges.failed", "camel.exchanges.failures.handled", "camel.route.policy");

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final RouteMeters meters = new RouteMeters(registry);
    private final DefaultCamelContext camel = new DefaultCamelContext();

    private static final class Routes extends RouteBuilder {

        @Override
        public void configure() {
            from("direct:outer").routeId("outer").to("direct:inner").to("direct:inner");
            from("direct:inner").routeId("inner").delay(1).transform().constant("done");
            from("direct:failing").routeId("failing").errorHandler(noErrorHandler())
                    .throwException(new IllegalStateException("failed"));
            from("direct:handling").routeId("handling").onException(IllegalStateException.class).handled(true).end()
                    .to("direct:failing");
            from("direct:again").routeId("again").choice().when(header("again").isLessThan(2))
                    .setHeader("again").simple("${header.again}++").to("direct:again").end();
            from("direct:copies").routeId("copies").multicast().parallelProcessing().to("direct:inner", "direct:inner");
            from("direct:unused").routeId("unused").stop();
        }
    }

    @BeforeEach
    void sendMessages() throws Exception {
        camel.getCamelContextExtension().setName("filestream");
        camel.addRoutePolicyFactory(meters);
        camel.addRoutes(new Routes());
        camel.start();
        ProducerTemplate client = camel.createProducerTemplate();
        for (String route : new String[] {"outer", "failing", "handling", "again", "copies", "inner"}) {
            client.send("direct:" + route, exchange -> exchange.getMessage().setHeader("again", 0));
        }
        client.sendBody("direct:outer", "");
    }

    @AfterEach
    void close() throws Exception {
        camel.close();
    }

    private List<Integer> counts(String route) {
        return NAMES.stream().map(name -> registry.get(name).tags(Tags.of("camelContext", "filestream", "eventType",
                "route", "kind", "CamelRoute", "routeId", route)).meter())
                .map(meter -> StreamSupport.stream(meter.measure().spliterator(), false)
                        .filter(value -> value.getStatistic() == Statistic.COUNT).findFirst().orElseThrow())
                .map(count -> (int) count.getValue()).toList();
    }

    @ParameterizedTest
    @CsvSource({"outer, 2, 2, 0, 0, 2", "inner, 7, 7, 0, 0, 7", "failing, 2, 0, 2, 0, 2", "handling, 1, 1, 0, 1, 1",
        "again, 3, 3, 0, 0, 1", "copies, 1, 1, 0, 0, 1", "unused, 0, 0, 0, 0, 0"})
    void messagesAreCountedByRouteAndOutcome(String route, int total, int succeeded, int failed, int handled,
            int timed) {
        assertThat(counts(route)).containsExactly(total, succeeded, failed, handled, timed);
    }

    @Test
    void countersContinueWhenAReloadReplacesTheRoutes() throws Exception {
        camel.getRouteController().removeAllRoutes();
        camel.addRoutes(new Routes());

        camel.createProducerTemplate().sendBody("direct:inner", "");

        assertThat(counts("inner")).startsWith(8);
    }

    @Test
    void gaugeShowsWhichRoutesAreStarted() throws Exception {
        meters.onRoutesChanged(new RoutesChanged(camel, true));
        camel.getRouteController().stopRoute("inner");

        assertThat(registry.get("filestream.route.up").tag("routeId", "inner").gauge().value()).isZero();
        assertThat(registry.get("filestream.route.up").tag("routeId", "outer").gauge().value()).isEqualTo(1);
    }
}
