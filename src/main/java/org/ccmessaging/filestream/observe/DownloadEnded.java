package org.ccmessaging.filestream.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.toolkit.LogText;
import org.ccmessaging.filestream.toolkit.RequestGate;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.ccmessaging.filestream.toolkit.RoutesChanged;
import org.ccmessaging.filestream.toolkit.Variables;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Calls the optional route {@code direct:download-ended} after each download, on other threads than the requests.
 * Logs and counts the route's failures, and the calls that it drops because the route is too slow.
 */
@Component
class DownloadEnded implements SmartLifecycle {

    private static final String ENTRY = "direct://download-ended";

    /** Maximum number of calls that wait for each thread. Absorbs a burst. */
    private static final int MAX_WAITING_PER_THREAD = 32;

    /** Maximum time at shutdown until the calls have ended. */
    private static final long SHUTDOWN_SECONDS = 5;

    /** Minimum time between two warnings of dropped calls. */
    private static final Duration WARN_EVERY = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(DownloadEnded.class);

    private final RequestGate gate;
    private final ObjectProvider<ProducerTemplate> template;
    private final Counter failures;
    private final Counter dropped;
    private final ThreadPoolExecutor threads;
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicLong lastWarning = new AtomicLong(System.nanoTime() - WARN_EVERY.toNanos());
    private volatile boolean routeExists;

    DownloadEnded(RequestGate gate, ObjectProvider<ProducerTemplate> template, DownloadSettings settings,
            MeterRegistry meters) {
        this.gate = gate;
        this.template = template;
        this.failures = Counter.builder("filestream.download.ended.failures")
                .description("Failures of route direct:download-ended").register(meters);
        this.dropped = Counter.builder("filestream.download.ended.dropped")
                .description("Downloads after which route direct:download-ended was not called").register(meters);
        Gauge.builder("filestream.download.ended.pending", pending, AtomicInteger::get)
                .description("Calls of route direct:download-ended that wait or run").register(meters);
        int max = settings.maxEndedInFlight();
        this.threads = new ThreadPoolExecutor(max, max, 1, TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(max * MAX_WAITING_PER_THREAD),
                new CamelThreadFactory("#name#", "download-ended", true));
        threads.allowCoreThreadTimeOut(true);
    }

    @EventListener
    void onRoutesChanged(RoutesChanged changed) {
        routeExists = changed.active() && changed.camel().getRoutes().stream()
                .anyMatch(route -> route.getEndpoint().getEndpointUri().equals(ENTRY));
    }

    /** Calls the route soon, if it exists. Never waits for the route. */
    void call(FinishedDownload download) {
        if (!routeExists) {
            return;
        }
        // Without the exchange of the download, which holds the file's content.
        Map<String, Object> variables = describe(download);
        pending.incrementAndGet();
        try {
            threads.execute(() -> {
                try {
                    call(variables);
                } finally {
                    pending.decrementAndGet();
                }
            });
        } catch (RejectedExecutionException full) {
            pending.decrementAndGet();
            drop();
        }
    }

    private void drop() {
        dropped.increment();
        long last = lastWarning.get();
        if (System.nanoTime() - last >= WARN_EVERY.toNanos() && lastWarning.compareAndSet(last, System.nanoTime())) {
            LOG.warn("Route download-ended is slower than the downloads: {} calls of it were dropped since startup. "
                    + "Set a responseTimeout in the route, or raise filestream.download.max-ended-in-flight",
                    (long) dropped.count());
        }
    }

    private void call(Map<String, Object> variables) {
        MDC.put(RequestId.FIELD, (String) variables.get(Variables.REQUEST_ID));
        try {
            Exception failure = send(variables);
            // A reload may have begun between gate and route.
            for (int i = 0; i < 2 && routeExists && failure instanceof DirectConsumerNotAvailableException; i++) {
                failure = send(variables);
            }
            if (failure != null && !(failure instanceof DirectConsumerNotAvailableException)) {
                failures.increment();
                LOG.warn("Route download-ended failed after a download: {}", LogText.visible(failure.toString()));
            }
        } finally {
            MDC.remove(RequestId.FIELD);
        }
    }

    /** Returns the failure of the route, or {@code null}. Calls the route once no reload is in progress. */
    private Exception send(Map<String, Object> variables) {
        if (!gate.enter()) {
            return new IllegalStateException("the routes are not started");
        }
        // Exits before the call, so that no reload waits for the route.
        gate.exit();
        Exchange exchange = template.getObject().send(ENTRY, ended -> {
            ended.setProperty(RequestGate.OUTSIDE, true);
            variables.forEach(ended::setVariable);
        });
        return ExchangeHelper.isFailureHandled(exchange)
                ? exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class) : exchange.getException();
    }

    private static Map<String, Object> describe(FinishedDownload download) {
        Map<String, Object> variables = new HashMap<>();
        variables.put(Variables.REQUEST_ID, RequestId.of(download.exchange()));
        variables.put(Variables.RESULT_CODE, download.resultCode());
        if (download.cause() != Cause.NONE) {
            variables.put(Variables.CAUSE, download.cause().label());
        }
        variables.put(Variables.REASON, LogText.visible(download.reason()));
        variables.put(Variables.BRANCH, download.branch());
        variables.put(Variables.BYTES, download.bytes());
        variables.put(Variables.MS, TimeUnit.NANOSECONDS.toMillis(download.nanoseconds()));
        if (download.customer() != null) {
            variables.put(Variables.TENANT_ID, download.customer().tenantId());
            variables.put(Variables.CHANNEL_ID, download.customer().channelId());
        }
        return variables;
    }

    @Override
    public void start() { }

    /** Gives the last calls time to end, after the last download and before Camel stops. */
    @Override
    public void stop() {
        threads.shutdown();
        try {
            threads.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        dropped.increment(threads.shutdownNow().size());
    }

    @Override
    public boolean isRunning() {
        return !threads.isShutdown();
    }

    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE;
    }
}
