package org.ccmessaging.filestream.toolkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.DefaultUnitOfWork;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.builder.ExpressionBuilder;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.support.Schedules;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RoutesMemoryTest {

    private static final int ALL = 8_000_000;
    private static final int OF_EACH = 16_384;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final RoutesMemory memory = new RoutesMemory(ALL);

    @BeforeEach
    void attach() {
        memory.beforeApplicationStart(context);
    }

    private Exchange exchange() {
        Exchange exchange = new DefaultExchange(context);
        exchange.getExchangeExtension().setUnitOfWork(new DefaultUnitOfWork(exchange));
        return exchange;
    }

    private static void end(Exchange exchange) {
        exchange.getUnitOfWork().done(exchange);
    }

    private long taken() {
        long free = 0;
        for (long step = Long.highestOneBit(ALL); step > 0; step /= 2) {
            if (memory.take(free + step)) {
                memory.take(-free - step);
                free += step;
            }
        }
        return ALL - free;
    }

    @Test
    @Tag("schedules")
    void memoryIsNeverGivenTwiceAndComesBackInEverySchedule() {
        Schedules.explore(() -> {
            RoutesMemory shared = new RoutesMemory(3);
            AtomicInteger held = new AtomicInteger();
            Schedules.Work exchange = () -> {
                if (shared.take(2)) {
                    Schedules.require(held.incrementAndGet() == 1, "two of three bytes are taken once");
                    held.decrementAndGet();
                    shared.take(-2);
                }
            };
            Schedules.together(exchange, exchange, exchange);
            Schedules.require(shared.take(3), "all is back");
        });
    }

    private static BiConsumer<ExchangeBudget, Object> counted() {
        return ExchangeBudget::count;
    }

    private static BiConsumer<ExchangeBudget, Object> parsed() {
        return (budget, json) -> {
            try {
                if (budget.json(json) instanceof InputStream stream) {
                    stream.readAllBytes();
                }
            } catch (IOException impossible) {
                throw new AssertionError(impossible);
            }
        };
    }

    static Stream<Arguments> values() {
        String json = "[" + "{},".repeat(10_000) + "{\"key\":[10]}]";
        long nodes = 80 + 10_000 * (56 + 16) + 136 + 2 * 24 + 56 + 80 + 2 * 4;
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                arguments("Latin-1", "é".repeat(950_000), counted(), 950_000),
                arguments("one character outside Latin-1", "x".repeat(949_999) + "ж", counted(), 1_900_000),
                arguments("bytes", new byte[950_000], counted(), 950_000),
                arguments("JSON", json, parsed(), nodes),
                arguments("bytes of JSON", bytes, parsed(), nodes),
                arguments("JSON in memory", new ByteArrayInputStream(bytes), parsed(), nodes),
                arguments("a stream of JSON", new SequenceInputStream(new ByteArrayInputStream(bytes, 0, 30_000),
                        new ByteArrayInputStream(bytes, 30_000, bytes.length)), parsed(), nodes + bytes.length));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("values")
    void valueTakesTheBytesThatJavaNeedsUntilItsExchangeEnds(
            String what, Object value, BiConsumer<ExchangeBudget, Object> use, long bytes) {
        Exchange exchange = exchange();

        use.accept(ExchangeBudget.of(exchange), value);
        assertThat(taken()).isBetween(bytes - OF_EACH, bytes + 65_536);

        end(exchange);
        assertThat(taken()).isZero();
    }

    @Test
    void ordinaryExchangeTakesNothing() {
        ExchangeBudget.of(exchange()).count("x".repeat(OF_EACH / 4));

        assertThat(taken()).isZero();
    }

    @Test
    void exchangeThatFindsNoMemoryIsBusyAndItsClauseGetsALittle() {
        Exchange first = exchange();
        ExchangeBudget.of(first).hold(ALL);
        Exchange second = exchange();
        ExchangeBudget budget = ExchangeBudget.of(second);

        assertThatThrownBy(() -> budget.count(new byte[100_000])).isInstanceOf(ServiceBusyException.class)
                .hasMessageStartingWith("memory: ");
        budget.count(new byte[OF_EACH]);
        assertThatThrownBy(() -> budget.count(new byte[OF_EACH + 1])).isInstanceOf(ServiceBusyException.class);
        assertThatThrownBy(() -> budget.count(new byte[OF_EACH + 1])).isInstanceOf(ServiceBusyException.class);

        end(first);
        ExchangeBudget.of(exchange()).count(new byte[100_000]);
        end(second);
        assertThat(taken()).isBetween(1L, 100_000L);
    }

    @Test
    void whatAnExpressionReadsIsReturnedAfterIt() {
        Exchange exchange = exchange();
        ExchangeBudget budget = ExchangeBudget.of(exchange);

        budget.evaluate(exchange, ExpressionBuilder.exchangeExpression(any -> {
            budget.count(new byte[1_000_000]);
            assertThat(taken()).isGreaterThan(900_000);
            return "short";
        }), String.class);

        assertThat(taken()).isLessThan(100_000);
    }

    @Test
    void copiesOfAnExchangeShareItsPartUntilItEndsItself() {
        Exchange exchange = exchange();
        ExchangeBudget.of(exchange);
        Exchange copy = exchange.copy();
        copy.getExchangeExtension().setUnitOfWork(new DefaultUnitOfWork(copy));

        ExchangeBudget.of(copy).count(new byte[500_000]);
        end(copy);
        assertThat(taken()).isGreaterThan(400_000);
        end(exchange);
        assertThat(taken()).isZero();
    }
}
