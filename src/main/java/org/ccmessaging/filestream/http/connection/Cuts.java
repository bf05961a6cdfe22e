package org.ccmessaging.filestream.http.connection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Counts what a limit of {@code filestream.http} ended. */
@Component
public final class Cuts {

    /** The limit that was reached; metrics spell it in lower case with dashes. */
    public enum Limit { FIRST_BYTE, HEADER, BODY, SLOW_READER, PER_ADDRESS }

    private final Map<Limit, Counter> counters = new EnumMap<>(Limit.class);

    Cuts(MeterRegistry meters) {
        for (Limit limit : Limit.values()) {
            counters.put(limit, Counter.builder("filestream.connections.cut")
                    .description("Connections that the service ended, by the limit that they reached")
                    .tag("reason", limit.name().toLowerCase(Locale.ROOT).replace('_', '-')).register(meters));
        }
    }

    /** Counts one more. */
    public void count(Limit limit) {
        counters.get(limit).increment();
    }
}
