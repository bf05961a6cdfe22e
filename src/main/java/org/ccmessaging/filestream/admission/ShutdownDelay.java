package org.ccmessaging.filestream.admission;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Delays a shutdown by {@code filestream.shutdown.delay}. Meanwhile readiness is down, and the service still accepts
 * downloads, so that load balancers send new requests elsewhere before the service refuses one.
 */
@Component
class ShutdownDelay implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ShutdownDelay.class);

    private final ShutdownSettings settings;
    private volatile boolean running;

    ShutdownDelay(ShutdownSettings settings) {
        this.settings = settings;
    }

    @Override
    public void start() {
        running = true;
    }

    /**
     * Blocks, because Spring would cut a wait in the background after
     * {@code spring.lifecycle.timeout-per-shutdown-phase}. That time belongs to downloads in flight and starts after
     * this delay.
     */
    @Override
    public void stop() {
        running = false;
        if (settings.delay().isZero()) {
            return;
        }
        LOG.info("Told to stop. Readiness is down, the service accepts downloads for {} ms more",
                settings.delay().toMillis());
        try {
            Thread.sleep(settings.delay().toMillis());
        } catch (InterruptedException hurry) {
            // Without the flag, because this thread still has to wait for downloads in flight.
            LOG.info("An interrupt ended the delay");
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** The highest phase: Spring stops it first. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
