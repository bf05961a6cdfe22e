package org.ccmessaging.filestream.admission;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The first thing on shutdown: {@code filestream.shutdown.delay}, in which readiness is down already and downloads are
 * answered as before, so that a balancer that asks for readiness sends the next ones elsewhere and none is refused.
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
     * Waits here and not in the background, so that the time is not part of what downloads in flight are given
     * ({@code spring.lifecycle.timeout-per-shutdown-phase}).
     */
    @Override
    public void stop() {
        running = false;
        if (settings.delay().isZero()) {
            return;
        }
        LOG.info("Told to stop. Readiness is down, downloads are answered for {} ms more",
                settings.delay().toMillis());
        try {
            Thread.sleep(settings.delay().toMillis());
        } catch (InterruptedException hurry) {
            // Ends the delay alone. The flag set again would take their time from downloads in flight as well.
            LOG.info("The delay was interrupted");
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Stopped before all else. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
