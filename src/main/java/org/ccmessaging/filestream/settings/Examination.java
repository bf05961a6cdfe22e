package org.ccmessaging.filestream.settings;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.core.NestedExceptionUtils;

/** Examines one area for command {@code doctor}, with the beans and settings of the service, and changes nothing. */
public interface Examination {

    /** Broken: requests fail, or the service does not start. Warn: it works with less, or nothing could be tried. */
    enum Level {
        OK, WARN, BROKEN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The result of an attempt. The advice is empty if there is nothing to do. */
    record Finding(String area, String subject, Level level, String tried, String advice) {
    }

    /**
     * The options of the command. An option that the operator did not give is {@code null}.
     *
     * @param object a branch and the key of an object, such as {@code standard/demo/a.pdf}
     * @param lookUps the statements of route {@code look-up-sql}
     */
    record Given(String object, String accessToken, String sessionToken, List<String> lookUps) {
    }

    /** Examines a subject. An exception is a broken finding, and ends the attempt. */
    interface Attempt {
        void run(Notes notes) throws Exception;
    }

    /** Returns the attempts by their subject: a branch, a setting or a part of the host. They run at the same time. */
    Map<String, Attempt> attempts(Given given);

    /** An attempt and its findings. */
    final class Notes implements Runnable {

        /** Dates of HTTP have whole seconds. */
        private static final Duration USUAL_SKEW = Duration.ofSeconds(5);

        private final String area;
        private final String subject;
        private final Attempt attempt;
        private final List<Finding> findings = new ArrayList<>();
        private String current = "attempt";
        private String remedy = "Start the service: its log has more";
        private volatile boolean ended;

        /** @param subject as {@link Examination#attempts} names it */
        public Notes(String area, String subject, Attempt attempt) {
            this.area = area;
            this.subject = subject;
            this.attempt = attempt;
        }

        @Override
        public void run() {
            try {
                attempt.run(this);
            } catch (Exception | Error failure) {
                Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
                // The message of others is often only a name, such as that of an unknown host.
                boolean sentence = cause instanceof InvalidSettingException || cause instanceof IllegalStateException;
                failed((sentence ? "" : cause.getClass().getSimpleName() + ": ") + cause.getMessage(), remedy);
            }
            ended = true;
        }

        /** Returns the findings. An attempt that has not completed gets another one, and adds nothing later. */
        public synchronized List<Finding> end(Level level, String reason, String advice) {
            add(level, current + ": " + reason, advice);
            ended = true;
            return findings;
        }

        /** Begins what may fail, with the advice for this case. */
        public synchronized void trying(String what, String advice) {
            current = what;
            remedy = advice;
        }

        private synchronized void add(Level level, String tried, String advice) {
            if (!ended) {
                findings.add(new Finding(area, subject, level, tried, level == Level.OK ? "" : advice));
            }
        }

        /** Adds that what is being tried has failed. */
        public synchronized void failed(String reason, String advice) {
            must(false, current + ": " + reason, advice);
        }

        public void ok(String tried) {
            add(Level.OK, tried, "");
        }

        /** Adds a finding that is a warning unless it is good. */
        public void should(boolean good, String tried, String advice) {
            add(good ? Level.OK : Level.WARN, tried, advice);
        }

        /** Adds a finding that is broken unless it is good. Returns whether it is good. */
        public boolean must(boolean good, String tried, String advice) {
            add(good ? Level.OK : Level.BROKEN, tried, advice);
            return good;
        }

        /**
         * Compares the clock of this machine with that of a server.
         *
         * @param date header {@code Date} of a response; {@code null} if it has none
         * @param most difference from which on requests fail; {@code null} if the service uses the time of the server
         */
        public void clock(String date, Duration most) {
            Duration off = date == null ? USUAL_SKEW.plusNanos(1) : Duration.between(Instant.now(),
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)).abs();
            add(off.compareTo(USUAL_SKEW) <= 0 ? Level.OK
                    : most == null || off.compareTo(most) < 0 ? Level.WARN : Level.BROKEN,
                    "clock: " + (date == null ? "not compared, because the response has no Date" : off.toSeconds()
                            + " s from that of the server"), "Set the clocks of this machine and of the server by NTP"
                            + (most == null ? "" : ". Requests fail from " + most.toSeconds() + " s on"));
        }
    }
}
