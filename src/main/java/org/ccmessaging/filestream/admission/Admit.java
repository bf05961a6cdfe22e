package org.ccmessaging.filestream.admission;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Step {@code admit}: gives a permit to a download. Permits limit the memory of downloads and the connections to
 * storage. At shutdown, the step still accepts downloads for {@code filestream.shutdown.delay}, so that load balancers
 * notice that readiness is down. Spring stops the default phase first, so this step stops before the web server and the
 * routes.
 */
@RouteStep(needs = "customer")
public class Admit implements Processor, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Admit.class);

    private final Duration delay;
    private final Permits permits;

    Admit(DownloadSettings settings, ShutdownSettings shutdown, MeterRegistry meters) {
        this.delay = shutdown.delay();
        this.permits = new Permits(settings);
        Gauge.builder("filestream.downloads.in.flight", permits, Permits::inFlight)
                .description("Downloads that hold a permit").register(meters);
        Gauge.builder("filestream.downloads.in.flight.limit", settings::maxInFlight)
                .description("filestream.download.max-in-flight").register(meters);
    }

    @Override
    public void process(Exchange exchange) {
        Session session = Session.of(exchange);
        Refusal refusal = permits.acquire(session);
        if (refusal != null) {
            throw refusal.failure();
        }
        StoredObject.whenDone(exchange, () -> permits.release(session));
    }

    @Override
    public void start() {
        permits.open();
    }

    /** Waits in the calling thread, so that {@code timeout-per-shutdown-phase} starts only after the delay. */
    @Override
    public void stop(Runnable callback) {
        if (!delay.isZero()) {
            LOG.info("Shutting down. Readiness is down, the service accepts downloads for {} ms more",
                    delay.toMillis());
            try {
                Thread.sleep(delay.toMillis());
            } catch (InterruptedException hurry) {
                // The interrupt flag stays clear, because this thread must still wait for downloads in flight.
                LOG.info("An interrupt ended the delay");
            }
        }
        permits.drain(callback);
    }

    @Override
    public void stop() {
        stop(() -> { });
    }

    @Override
    public boolean isRunning() {
        return permits.isOpen();
    }
}
