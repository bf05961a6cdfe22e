package org.ccmessaging.filestream.admission;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.ccmessaging.filestream.settings.DownloadSettings;

/** Step {@code admit} for simulations, without a service around it. */
public final class Admits {

    private Admits() {
    }

    /** Returns the step of a service that has started. */
    public static Admit started(DownloadSettings settings, MeterRegistry meters) {
        Admit admit = new Admit(settings, new ShutdownSettings(Duration.ZERO), meters);
        admit.start();
        return admit;
    }
}
