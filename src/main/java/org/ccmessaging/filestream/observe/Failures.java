package org.ccmessaging.filestream.observe;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.management.MBeanInfo;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/**
 * The MBean {@code org.ccmessaging:type=Failures}: the last downloads that failed. Each is an attribute. Those of
 * verified customers begin at {@code 001}, the newest. Those of other callers have rows of their own, so that nobody
 * evicts a customer's failure without credentials: refused credentials begin at {@code 201}, any other failure at
 * {@code 101}. No download waits for a lock here.
 *
 * <p>As an interceptor it remembers the step at which an exchange failed, because Camel remembers only the route.
 */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
class Failures extends RowsMBean implements InterceptStrategy {

    static final String NAME = "org.ccmessaging:type=Failures";

    /** Maximum number of rows of each kind. A row takes some 1 KB. */
    static final int MOST = 100;

    /** Attribute: the number of failures since startup. */
    static final String SEEN = "Seen";

    /** Maximum length of a reason. A client may have sent parts of it. */
    private static final int LONGEST_REASON = 300;

    private static final int LONGEST_NAME = 64;

    private static final String FAILED_STEP = Failures.class.getName();

    private static final int KINDS = 3;

    private final AtomicReferenceArray<String> last = new AtomicReferenceArray<>(KINDS * MOST);
    private final AtomicLongArray seen = new AtomicLongArray(KINDS);

    private record FailedStep(String id, Throwable failure) {

        /** A step that calls a route sees the failure of the called route, perhaps wrapped. */
        private boolean is(Throwable other) {
            return other == failure || other.getCause() == failure;
        }
    }

    Failures() {
        super(NAME);
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
                        exchange.setProperty(FAILED_STEP, new FailedStep(step.getId(), failure));
                    }
                    callback.done(doneSync);
                });
            }
        };
    }

    void add(FinishedDownload download, Exchange exchange) {
        int kind = download.cause() == Cause.CREDENTIALS ? 2 : 1;
        add(download.customer() == null ? kind : 0, describe(download, exchange));
    }

    void add(int kind, String row) {
        last.set(kind * MOST + (int) (seen.getAndIncrement(kind) % MOST), row);
    }

    /** Has no body, token or user. Each field has a maximum length, so that a client does not determine the size. */
    private static String describe(FinishedDownload download, Exchange exchange) {
        StringBuilder row = new StringBuilder(Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        add(row, "code", download.resultCode(), LONGEST_NAME);
        // An edited route may set a code without a failure.
        Cause cause = download.cause() == Cause.NONE ? Cause.OTHER : download.cause();
        add(row, "cause", cause.label(), LONGEST_NAME);
        add(row, "tenant", download.customer() == null ? null : download.customer().tenantId(), LONGEST_NAME);
        add(row, "branch", download.branch(), LONGEST_NAME);
        // No step failed if the read broke, or the client left, while the response was sent.
        Throwable failure = FinishedDownload.failure(exchange);
        add(row, "step", failure != null && exchange.getProperty(FAILED_STEP) instanceof FailedStep step
                && step.is(failure) ? step.id() : null, LONGEST_NAME);
        add(row, "requestId", download.requestId(), LONGEST_NAME);
        add(row, "traceId", MDC.get(TraceFilter.TRACE_ID_IN_LOGS), LONGEST_NAME);
        add(row, "reason", download.reason(), LONGEST_REASON);
        return row.toString();
    }

    private static void add(StringBuilder row, String field, String text, int longest) {
        if (text != null) {
            row.append(' ').append(field).append('=').append(LogText.visible(text, longest));
        }
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        return new MBeanInfo(getClass().getName(), "The last downloads that failed",
                attributes("A download that failed; 001, 101 and 201 are the newest",
                        Map.of(SEEN, "How many downloads have failed since the start")), null, null, null);
    }

    @Override
    protected Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        long all = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            long count = seen.get(kind);
            for (int rank = 1; rank <= Math.min(count, MOST); rank++) {
                int place = kind * MOST + (int) ((count - rank) % MOST);
                values.put(row(kind * MOST + rank), String.valueOf(last.get(place)));
            }
            all += count;
        }
        values.put(SEEN, all);
        return values;
    }
}
