package org.ccmessaging.filestream.settings;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
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

    /** The findings of an attempt. Another thread may read them while the attempt runs. */
    final class Notes {

        private final String area;
        private final String subject;
        private final List<Finding> findings = new CopyOnWriteArrayList<>();
        private volatile String current = "attempt";
        private volatile String remedy = "Start the service: its log has more";

        /** @param subject as {@link Examination#attempts} names it */
        public Notes(String area, String subject) {
            this.area = area;
            this.subject = subject;
        }

        /** Runs an attempt to its end. */
        public void take(Attempt attempt) {
            try {
                attempt.run(this);
            } catch (Exception | Error failure) {
                Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
                // The message of others is often only a name, such as that of an unknown host.
                boolean sentence = cause instanceof InvalidSettingException || cause instanceof IllegalStateException;
                failed((sentence ? "" : cause.getClass().getSimpleName() + ": ") + cause.getMessage(), remedy);
            }
        }

        /** Returns the findings until now. */
        public List<Finding> findings() {
            return List.copyOf(findings);
        }

        /** Begins what may fail, with the advice for this case. */
        public void trying(String what, String advice) {
            current = what;
            remedy = advice;
        }

        /** Adds that what is being tried has failed. */
        public void failed(String reason, String advice) {
            must(false, current + ": " + reason, advice);
        }

        /** Adds a finding that is a warning unless it is good. */
        public void should(boolean good, String tried, String advice) {
            findings.add(new Finding(area, subject, good ? Level.OK : Level.WARN, tried, good ? "" : advice));
        }

        /** Adds a finding that is broken unless it is good. Returns whether it is good. */
        public boolean must(boolean good, String tried, String advice) {
            findings.add(new Finding(area, subject, good ? Level.OK : Level.BROKEN, tried, good ? "" : advice));
            return good;
        }
    }
}
