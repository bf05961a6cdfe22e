package org.ccmessaging.filestream.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.observe.Ending;
import org.ccmessaging.filestream.observe.FinishedDownload;
import org.ccmessaging.filestream.observe.TraceConfiguration;
import org.ccmessaging.filestream.toolkit.LogText;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/**
 * Remembers the last downloads that failed, for the console. Those of other callers have lists of their own, so that
 * nobody evicts a customer's failure without credentials. No download waits for a lock here.
 *
 * <p>As an interceptor it remembers the step at which an exchange failed, because Camel remembers only the route.
 */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
class Failures implements FinishedDownload.Listener, InterceptStrategy {

    /** Maximum number of failures of each kind. One takes some 1 KB. */
    static final int MOST = 100;

    /** Maximum length of a reason. A client may have sent parts of it. */
    private static final int LONGEST_REASON = 300;

    private static final int LONGEST_NAME = 64;

    private static final String FAILED_STEP = Failures.class.getName();

    private final Last customers = new Last();
    private final Last unverified = new Last();
    private final Last credentials = new Last();

    /**
     * A download that failed. It has no body, token or user, and each text has a maximum length, so that a client does
     * not determine the size.
     *
     * @param code the {@code resultCode}; {@code aborted} if the client disconnected
     * @param tenant {@code null} if a credential was not valid
     * @param branch {@code none} if the service refused the request before it knew the branch
     * @param route the route of the step; {@code null} as the step
     * @param step {@code null} if the read broke, or the client left, while the response was sent
     * @param traceId {@code null} unless the request is traced
     * @param reason for operators; may have an object key
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Failed(Instant at, String code, String cause, String tenant, String branch, String route,
            String step, String requestId, String traceId, String reason) {
    }

    /**
     * The last failures, the newest first.
     *
     * @param seen number of failures since startup
     * @param customers those of verified customers
     * @param unverified those before the customer was verified, such as missing keys of an issuer
     * @param credentials refused credentials
     */
    record Lists(long seen, List<Failed> customers, List<Failed> unverified, List<Failed> credentials) {
    }

    private static final class Last {

        private final Deque<Failed> newestFirst = new ConcurrentLinkedDeque<>();
        private final AtomicLong seen = new AtomicLong();

        void add(Failed failed) {
            newestFirst.addFirst(failed);
            if (seen.incrementAndGet() > MOST) {
                newestFirst.removeLast();
            }
        }
    }

    private record FailedStep(String route, String id, Throwable failure) {

        /** A step that calls a route sees the failure of the called route, perhaps wrapped. */
        private boolean is(Throwable other) {
            return other == failure || other.getCause() == failure;
        }
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor nextTarget) {
        return new DelegateAsyncProcessor(target) {

            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                return super.process(exchange, doneSync -> {
                    Throwable failure = exchange.getException();
                    if (failure != null && (!(exchange.getProperty(FAILED_STEP) instanceof FailedStep inner)
                            || !inner.is(failure))) {
                        exchange.setProperty(FAILED_STEP,
                                new FailedStep(ExchangeHelper.getRouteId(exchange), step.getId(), failure));
                    }
                    callback.done(doneSync);
                });
            }
        };
    }

    /** Returns the last failures of each kind. */
    Lists newestFirst() {
        return new Lists(customers.seen.get() + unverified.seen.get() + credentials.seen.get(),
                List.copyOf(customers.newestFirst), List.copyOf(unverified.newestFirst),
                List.copyOf(credentials.newestFirst));
    }

    @Override
    public void ended(FinishedDownload download) {
        if (download.ending() == Ending.SERVED) {
            return;
        }
        Throwable failure = download.failure();
        FailedStep step = failure != null && download.exchange().getProperty(FAILED_STEP) instanceof FailedStep failed
                && failed.is(failure) ? failed : new FailedStep(null, null, null);
        // An edited route may set a code without a failure.
        Cause cause = download.cause() == Cause.NONE ? Cause.OTHER : download.cause();
        add(cause, new Failed(Instant.now().truncatedTo(ChronoUnit.MILLIS), name(download.resultCode()), cause.label(),
                download.customer() == null ? null : name(download.customer().tenantId()), name(download.branch()),
                name(step.route), name(step.id), name(RequestId.of(download.exchange())),
                name(MDC.get(TraceConfiguration.TRACE_ID)), LogText.visible(download.reason(), LONGEST_REASON)));
    }

    void add(Cause cause, Failed failed) {
        (failed.tenant != null ? customers : cause == Cause.CREDENTIALS ? credentials : unverified).add(failed);
    }

    private static String name(String text) {
        return LogText.visible(text, LONGEST_NAME);
    }
}
