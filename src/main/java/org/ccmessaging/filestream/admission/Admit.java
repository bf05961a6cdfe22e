package org.ccmessaging.filestream.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.SynchronizationAdapter;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.toolkit.Steps;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Step {@code admit}: gives each download one of {@code filestream.download.max-in-flight} permits. They bound memory
 * and connections to storage. A download holds its permit until its response has left.
 *
 * <p>On shutdown the step drains: it refuses new downloads and waits for those in flight. Then the web server stops.
 */
@Component(Steps.ADMIT)
public class Admit implements Processor, SmartLifecycle {

    private final int maxInFlight;
    private final Counter refusedBusy;
    private final Counter refusedDraining;
    private final Object lock = new Object();
    private int inFlight;
    private boolean draining = true;
    private Runnable drained;

    Admit(DownloadSettings settings, MeterRegistry meters) {
        this.maxInFlight = settings.maxInFlight();
        Gauge.builder("filestream.downloads.in.flight", this, Admit::inFlight)
                .description("Downloads that hold a permit").register(meters);
        Gauge.builder("filestream.downloads.in.flight.limit", () -> maxInFlight)
                .description("filestream.download.max-in-flight").register(meters);
        this.refusedBusy = refused("busy", meters);
        this.refusedDraining = refused("draining", meters);
    }

    private static Counter refused(String reason, MeterRegistry meters) {
        return Counter.builder("filestream.downloads.refused").tag("reason", reason)
                .description("Downloads refused with 503").register(meters);
    }

    /** @throws ServiceBusyException if no permit is free, or the service drains before it stops */
    @Override
    public void process(Exchange exchange) {
        synchronized (lock) {
            if (draining) {
                refusedDraining.increment();
                throw new ServiceBusyException("draining before shutdown");
            }
            if (inFlight >= maxInFlight) {
                refusedBusy.increment();
                throw new ServiceBusyException("filestream.download.max-in-flight = " + maxInFlight + " reached");
            }
            inFlight++;
        }
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                release();
            }
        });
    }

    private void release() {
        Runnable last;
        synchronized (lock) {
            inFlight--;
            last = inFlight == 0 ? drained : null;
        }
        if (last != null) {
            last.run();
        }
    }

    private double inFlight() {
        synchronized (lock) {
            return inFlight;
        }
    }

    @Override
    public void start() {
        synchronized (lock) {
            draining = false;
        }
    }

    @Override
    public void stop(Runnable callback) {
        boolean idle;
        synchronized (lock) {
            draining = true;
            drained = callback;
            idle = inFlight == 0;
        }
        if (idle) {
            callback.run();
        }
    }

    @Override
    public void stop() {
        stop(() -> { });
    }

    @Override
    public boolean isRunning() {
        synchronized (lock) {
            return !draining;
        }
    }

    /** Spring stops this step right after {@link ShutdownDelay}, and before web server and routes. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 1;
    }
}
