package org.ccmessaging.filestream.http;

import static org.ccmessaging.filestream.support.Schedules.explore;
import static org.ccmessaging.filestream.support.Schedules.require;
import static org.ccmessaging.filestream.support.Schedules.together;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.tomcat.util.net.NioEndpoint;
import org.ccmessaging.filestream.support.Schedules.Work;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The limits of connections hold in every schedule of their threads. */
@Tag("schedules")
class LimitsSchedulesTest {

    private final HttpSettings settings = ShippedSettings.of("filestream.http", HttpSettings.class,
            Map.of("filestream.http.max-per-address", 1));
    private final NioEndpoint endpoint = new NioEndpoint();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private Limits limits() {
        return new Limits(settings, true, meters, 1, 1);
    }

    @Test
    void addressNeverHasMoreConnectionsThanItsLimitAndGetsThemAgain() {
        InetAddress address = InetAddress.getLoopbackAddress();
        explore(() -> {
            Limits limits = limits();
            AtomicInteger open = new AtomicInteger();
            Work client = () -> {
                if (limits.enter(address)) {
                    require(open.incrementAndGet() == 1, "one connection");
                    open.decrementAndGet();
                    limits.leave(address);
                }
            };
            together(client, client, client);
            require(limits.enter(address), "the address has none any more");
        });
    }

    @Test
    void newcomerEvictsTheOldestAndTheQueueKeepsItsBound() {
        explore(() -> {
            Limits limits = limits();
            Work client = () -> {
                Connection connection = new Connection(endpoint, false, null, limits);
                limits.bodies.add(connection);
                require(limits.bodies.size() <= 1, "one waits");
                limits.bodies.remove(connection);
            };
            together(client, client, client);
            require(limits.bodies.isEmpty(), "nobody waits");
        });
    }
}
