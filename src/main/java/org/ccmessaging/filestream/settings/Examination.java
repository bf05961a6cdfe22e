package org.ccmessaging.filestream.settings;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.NestedExceptionUtils;

/** Examines one area for command {@code doctor}, with the beans and settings of the service, and changes nothing. */
public interface Examination {

    /** Broken: requests fail, or the service does not start. Warn: it works with less, or nothing could be tried. */
    enum Level { OK, WARN, BROKEN }

    /** The result of an attempt. The advice is empty if there is nothing to do. */
    record Finding(String area, String subject, Level level, String tried, String advice) {
    }

    /**
     * The options of the command. An option that the operator did not give is {@code null}.
     *
     * @param object a branch and the key of an object, such as {@code standard/demo/a.pdf}
     * @param lookUps the statements of route {@code look-up-sql}, with {@code ?} for each parameter
     */
    record Given(String object, String accessToken, String sessionToken, List<String> lookUps) {
    }

    /** Tries something and adds findings. */
    interface Attempt {
        void run(Notes notes) throws Exception;
    }

    /** Returns the attempts by their subject: a branch, a setting or a part of the host. They run at the same time. */
    Map<String, Attempt> attempts(Given given);

    /** The findings about a subject. */
    final class Notes {

        /** Dates of HTTP have whole seconds. */
        private static final Duration USUAL_SKEW = Duration.ofSeconds(5);

        private final String area;
        private final String subject;
        private final List<Finding> findings = new ArrayList<>();
        private volatile String current = "attempt";
        private boolean ended;

        /** @param subject as {@link Examination#attempts} names it */
        public Notes(String area, String subject) {
            this.area = area;
            this.subject = subject;
        }

        private synchronized boolean add(Level level, String tried, String advice) {
            if (!ended) {
                findings.add(new Finding(area, subject, level, tried, level == Level.OK ? "" : advice));
            }
            return level != Level.BROKEN;
        }

        public boolean ok(String tried) {
            return add(Level.OK, tried, "");
        }

        /** Adds a finding that is a warning unless it is good. */
        public void should(boolean good, String tried, String advice) {
            add(good ? Level.OK : Level.WARN, tried, advice);
        }

        /** Adds a finding that is broken unless it is good. Returns whether it is good. */
        public boolean must(boolean good, String tried, String advice) {
            return add(good ? Level.OK : Level.BROKEN, tried, advice);
        }

        /** Runs an attempt, whose failure is a broken finding. Returns whether it completed. */
        public boolean attempt(String what, String advice, Attempt attempt) {
            current = what;
            try {
                attempt.run(this);
                return true;
            } catch (Exception | Error failure) {
                Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
                // The message of others is often only a name, such as that of an unknown host.
                boolean sentence = cause instanceof InvalidSettingException || cause instanceof IllegalStateException;
                return add(Level.BROKEN, what + ": " + (sentence ? "" : cause.getClass().getSimpleName() + ": ")
                        + cause.getMessage(), advice);
            }
        }

        /**
         * Compares the clock of this machine with that of a server.
         *
         * @param date header {@code Date} of a response
         * @param most difference from which on requests fail
         */
        public void clock(Optional<String> date, Duration most) {
            Duration off = date.map(text -> Duration.between(Instant.now(), ZonedDateTime.parse(text,
                    DateTimeFormatter.RFC_1123_DATE_TIME)).abs()).orElse(USUAL_SKEW.plusNanos(1));
            add(off.compareTo(USUAL_SKEW) <= 0 ? Level.OK : off.compareTo(most) < 0 ? Level.WARN : Level.BROKEN,
                    "clock: " + (date.isEmpty() ? "not compared, because the response has no Date" : off.toSeconds()
                            + " s from that of the server"), "Set the clock of this machine by NTP. Requests fail from "
                            + most.toSeconds() + " s on");
        }

        /** Ends the attempts. One that has not completed is broken, and adds nothing later. */
        public synchronized List<Finding> end(boolean completed, long seconds) {
            if (!completed) {
                add(Level.BROKEN, current + ": no response within " + seconds + " s",
                        "Look for a server, a disk or a firewall that does not respond");
            }
            ended = true;
            return List.copyOf(findings);
        }
    }
}
