package org.ccmessaging.filestream.support;

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
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * Runs simulated lives, each of which a seed determines. {@code -Dseeds=1000000} sets the number of lives, and
 * {@code -Dseed=7} runs a single one and prints it. {@code -Dteeth=true} counts the seeds that find each fault.
 */
public final class Seeds {

    /** A life, which throws an exception, or logs an error, when something that must hold does not. */
    public interface Life extends Runnable {

        /** Returns what has happened in the life so far. */
        List<String> trace();
    }

    private Seeds() {
    }

    private static LongStream seeds(int number) {
        Long only = Long.getLong("seed");
        return only == null ? LongStream.rangeClosed(1, Integer.getInteger("seeds", number)) : LongStream.of(only);
    }

    /** Runs the lives, of which a seed determines each step, and fails with the trace of the first one that fails. */
    public static void hold(int number, LongFunction<? extends Life> lives) {
        List<Long> violated = seeds(number).filter(seed -> violation(lives.apply(seed)) != null).limit(10).boxed()
                .toList();
        if (Long.getLong("seed") != null) {
            System.out.println(String.join("\n", traced(lives, Long.getLong("seed"))));
        }
        if (!violated.isEmpty()) {
            fail("seeds %s, and the first one:%n%s", violated, String.join("\n", traced(lives, violated.get(0))));
        }
        // Some lives run twice, and must run in the same way.
        seeds(5).forEach(seed -> assertThat(traced(lives, seed)).isEqualTo(traced(lives, seed)));
    }

    /** Expects that a life with a fault fails, in the same way each time. */
    public static void find(String fault, int number, LongFunction<? extends Life> faulty) {
        boolean counts = Boolean.getBoolean("teeth");
        List<Long> found = seeds(number).filter(seed -> violation(faulty.apply(seed)) != null)
                .limit(counts ? Long.MAX_VALUE : 1).boxed().toList();
        assertThat(found).as(fault).isNotEmpty();
        if (counts) {
            System.out.printf("%d of %d seeds find that %s%n", found.size(), seeds(number).count(), fault);
        }
        assertThat(traced(faulty, found.get(0))).isEqualTo(traced(faulty, found.get(0)));
    }

    private static List<String> traced(LongFunction<? extends Life> lives, long seed) {
        Life life = lives.apply(seed);
        String violation = violation(life);
        life.trace().add(String.valueOf(violation));
        return life.trace();
    }

    private static String violation(Life life) {
        LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        Silence silence = new Silence();
        logging.addTurboFilter(silence);
        try {
            life.run();
            return silence.error;
        } catch (RuntimeException | AssertionError violated) {
            return violated.toString();
        } finally {
            logging.getTurboFilterList().remove(silence);
        }
    }

    /** Leaves out the log lines of millions of steps, and keeps the last error, which nobody may cause. */
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
}
