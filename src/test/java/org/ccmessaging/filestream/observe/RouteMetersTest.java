package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.micrometer.springboot.metrics.CamelMetricsAutoConfiguration;
import org.apache.camel.component.micrometer.springboot.metrics.CamelMetricsConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.trait.message.MessageTrait;
import org.apache.camel.trait.message.RedeliveryTraitPayload;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The meters of routes are those of Camel's own policy, whatever becomes of a message. */
class RouteMetersTest {

    /** The version of Camel, and the gauge that replaces that of Camel's event notifier. */
    private static final Set<String> OTHERS = Set.of("app.info", "camel.routes.running");

    private final CamelMetricsConfiguration configuration = new CamelMetricsConfiguration();

    @BeforeEach
    void measureRoutesOnly() {
        configuration.setRoutePolicyLevel("route");
        configuration.setEnableExchangeEventNotifier(false);
        configuration.setEnableRouteEventNotifier(false);
    }

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

    /** Names, types, tags, descriptions and counts. Times differ. */
    private static Map<String, String> meters(MeterRegistry registry) {
        Map<String, String> meters = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            if (OTHERS.contains(meter.getId().getName())) {
                continue;
            }
            meters.put(meter.getId().getName() + meter.getId().getTags(), meter.getId().getType() + " "
                    + meter.getId().getDescription() + " " + meter.getId().getBaseUnit() + " "
                    + StreamSupport.stream(meter.measure().spliterator(), false)
                            .filter(value -> !value.getStatistic().name().matches("TOTAL_TIME|MAX|DURATION"))
                            .map(value -> value.getStatistic() + "=" + value.getValue())
                            .collect(Collectors.joining(",")));
        }
        return meters;
    }

    private static Map<String, String> after(MeterRegistry registry, BiConsumer<CamelContext, MeterRegistry> policy)
            throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getCamelContextExtension().setName("filestream");
            policy.accept(context, registry);
            context.addRoutes(new Routes());
            context.start();
            ProducerTemplate client = context.createProducerTemplate();
            for (String route : new String[] {"outer", "failing", "handling", "again", "copies", "inner"}) {
                client.send("direct:" + route, exchange -> exchange.getMessage().setHeader("again", 0));
            }
            client.send("direct:outer", exchange -> exchange.getMessage()
                    .setPayloadForTrait(MessageTrait.REDELIVERY, RedeliveryTraitPayload.IS_REDELIVERY));
            return meters(registry);
        }
    }

    private Map<String, String> ofCamel(MeterRegistry registry) throws Exception {
        return after(registry, (context, meters) -> new CamelMetricsAutoConfiguration(context, configuration, meters));
    }

    private Map<String, String> ours(MeterRegistry registry) throws Exception {
        return after(registry, (context, meters) ->
                new RouteMeters(meters, configuration).configure(context));
    }

    @Test
    void metersAndCountsAreThoseOfCamel() throws Exception {
        Map<String, String> ours = ours(new SimpleMeterRegistry());

        assertThat(ours).isEqualTo(ofCamel(new SimpleMeterRegistry()));
        assertThat(ours.entrySet()).anySatisfy(meter -> {
            assertThat(meter.getKey()).startsWith("camel.route.policy[").contains("inner");
            assertThat(meter.getValue()).contains("COUNT=7.0");
        });
        assertThat(ours.entrySet()).filteredOn(meter -> !meter.getValue().contains("COUNT=0.0"))
                .extracting(meter -> meter.getKey().replaceFirst("\\[.*", "")).contains("camel.exchanges.failed",
                        "camel.exchanges.failures.handled", "camel.exchanges.external.redeliveries");
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "context", "route"})
    void levelIsThatOfTheSettings(String level) throws Exception {
        configuration.setRoutePolicyLevel(level);

        assertThat(ours(new SimpleMeterRegistry())).isEqualTo(ofCamel(new SimpleMeterRegistry())).isNotEmpty();
    }

    @Test
    void namesAreThoseOfTheSettings() throws Exception {
        configuration.setNamingStrategy("legacy");

        assertThat(ours(new SimpleMeterRegistry())).isEqualTo(ofCamel(new SimpleMeterRegistry()))
                .isNotEmpty()
                .allSatisfy((name, meter) -> assertThat(name).doesNotStartWith("camel."));
    }

    @Test
    void routesThatTheSettingsExcludeHaveNoMeters() throws Exception {
        configuration.setRoutePolicyExcludePattern("inn*,outer");

        assertThat(ours(new SimpleMeterRegistry())).isEqualTo(ofCamel(new SimpleMeterRegistry())).isNotEmpty()
                .allSatisfy((name, meter) -> assertThat(name).doesNotContain("inner"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"camel.exchanges.total", "camel.exchanges.failed", "camel.route.policy", "camel"})
    void metersThatTheSettingsTurnOffDoNotExist(String prefix) throws Exception {
        MeterRegistry first = new SimpleMeterRegistry();
        MeterRegistry second = new SimpleMeterRegistry();
        first.config().meterFilter(MeterFilter.denyNameStartsWith(prefix));
        second.config().meterFilter(MeterFilter.denyNameStartsWith(prefix));

        assertThat(ours(first)).isEqualTo(ofCamel(second))
                .allSatisfy((name, meter) -> assertThat(name).doesNotStartWith(prefix));
    }

    @Test
    void metersOfARouteGoWithTheGenerationThatHasItLast() throws Exception {
        MeterRegistry registry = new SimpleMeterRegistry();
        RouteMeters meters = new RouteMeters(registry, configuration);
        try (DefaultCamelContext generation = new DefaultCamelContext()) {
            meters.configure(generation);
            generation.addRoutes(new Routes());
            generation.start();
            generation.createProducerTemplate().sendBody("direct:inner", "");
            assertThat(registry.find("camel.route.policy").timers()).hasSize(1);
        }

        assertThat(registry.getMeters()).noneMatch(meter -> meter.getId().getName().matches(
                "camel\\.(route\\.policy|exchanges\\..*)"));
    }
}
