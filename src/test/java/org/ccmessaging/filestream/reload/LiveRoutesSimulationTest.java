package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Runs the simulated lives of many installations: edits, operators, customers and ends of processes in every order.
 * After each move, the invariants of live routes must hold.
 *
 * <p>{@code -Dseeds=1000000} sets the number of lives, and {@code -Dseed=7} runs a single one. {@code -Dteeth=true}
 * counts the seeds that find each fault.
 */
class LiveRoutesSimulationTest {

    private static final int SEEDS = Integer.getInteger("seeds", 5_000);

    /** If {@code true}, the test looks for each fault with every seed. docs/reliability.md has these figures. */
    private static final boolean COUNTS = Boolean.getBoolean("teeth");

    private final Silence silence = new Silence();

    /** Leaves out the log lines of millions of edits, and keeps the last error, which nobody may cause. */
    private static final class Silence extends TurboFilter {

        private final Thread silent = Thread.currentThread();
        private String error;

        @Override
        public FilterReply decide(Marker marker, Logger logger, Level level, String format, Object[] values,
                Throwable failure) {
            if (Thread.currentThread() != silent) {
                return FilterReply.NEUTRAL;
            }
            error = level == Level.ERROR && format != null ? format + ": " + failure : error;
            return FilterReply.DENY;
        }
    }

    private static LoggerContext logging() {
        return (LoggerContext) LoggerFactory.getILoggerFactory();
    }

    @BeforeEach
    void silence() {
        logging().addTurboFilter(silence);
    }

    @AfterEach
    void log() {
        logging().getTurboFilterList().remove(silence);
    }

    /** Returns what was violated; {@code null} if everything held. */
    private String run(Simulation life) {
        silence.error = null;
        try {
            life.run();
        } catch (RuntimeException | AssertionError violated) {
            return violated.toString();
        }
        return silence.error;
    }

    private static LongStream seeds(int number) {
        Long only = Long.getLong("seed");
        return only == null ? LongStream.rangeClosed(1, number) : LongStream.of(only);
    }

    private Simulation traced(LongFunction<Simulation> lives, long seed) {
        Simulation life = lives.apply(seed);
        life.traces = true;
        life.trace.add(String.valueOf(run(life)));
        return life;
    }

    @Test
    void whatMustHoldHoldsInEveryOrder() {
        long[] violated = seeds(SEEDS).filter(seed -> run(new Simulation(seed)) != null).limit(10).toArray();

        if (violated.length > 0) {
            fail("seeds %s, and the first one:%n%s", LongStream.of(violated).boxed().toList(),
                    String.join("\n", traced(Simulation::new, violated[0]).trace));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisabledIfSystemProperty(named = "seed", matches = ".+")
    void faultThatIsPutBackIsFoundAndItsSeedFindsItAgainInTheSameWay(Fault fault) {
        List<Long> found = seeds(SEEDS).filter(seed -> run(fault.lives.apply(seed)) != null)
                .limit(COUNTS ? SEEDS : 1).boxed().toList();
        assertThat(found).isNotEmpty();
        if (COUNTS) {
            System.out.printf("%d of %d seeds find that %s%n", found.size(), SEEDS, fault.text);
        }
        assertThat(traced(fault.lives, found.get(0)).trace).isEqualTo(traced(fault.lives, found.get(0)).trace)
                .last().isNotEqualTo("null");
    }

    @Test
    void seedDeterminesALife() {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(traced(Simulation::new, seed).trace).isEqualTo(traced(Simulation::new, seed).trace);
        }
    }
}
