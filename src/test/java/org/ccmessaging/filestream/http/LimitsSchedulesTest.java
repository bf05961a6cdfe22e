package org.ccmessaging.filestream.http;

import static org.ccmessaging.filestream.support.Schedules.explore;
import static org.ccmessaging.filestream.support.Schedules.require;
import static org.ccmessaging.filestream.support.Schedules.together;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.apache.tomcat.util.net.NioEndpoint;
import org.ccmessaging.filestream.support.Schedules.Work;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The limits of connections hold in every schedule of their threads. */
@Tag("schedules")
class LimitsSchedulesTest {

    private final HttpSettings settings = ShippedSettings.of("filestream.http", HttpSettings.class, Map.of());
    private final NioEndpoint endpoint = new NioEndpoint();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private Limits limits() {
        return new Limits(settings, meters, 1, 1);
    }

    @Test
    void newcomerEvictsTheOldestAndTheQueueKeepsItsBound() {
        explore(() -> {
            Limits limits = limits();
            Work client = () -> {
                Connection connection = new Connection(endpoint, false, limits);
                limits.bodies.add(connection);
                require(limits.bodies.size() <= 1, "one waits");
                limits.bodies.remove(connection);
            };
            together(client, client, client);
            require(limits.bodies.isEmpty(), "nobody waits");
        });
    }
}
