package org.ccmessaging.filestream.auth;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.toolkit.Customer;
import org.springframework.stereotype.Component;

/**
 * Bounds what bodies take that their clients have not sent completely: threads, and memory. Such a request holds no
 * permit yet (decision 0015). A customer has as many of them as downloads of one session may be in flight, and
 * {@link #MOST_LARGE} of all customers together may be large.
 */
@Component
class BodiesOnTheirWay {

    /** Maximum number of large bodies at the same time: 8 MB with their text. A request has some hundred bytes. */
    private static final int MOST_LARGE = 64;

    private final int mostOfCustomer;
    private final ConcurrentMap<Customer, Integer> ofCustomers = new ConcurrentHashMap<>();
    private final Semaphore large = new Semaphore(MOST_LARGE);
    private final Counter refusedOfCustomer;
    private final Counter refusedLarge;

    BodiesOnTheirWay(DownloadSettings settings, MeterRegistry meters) {
        this.mostOfCustomer = settings.maxInFlightPerSession();
        this.refusedOfCustomer = refused("session-bodies", meters);
        this.refusedLarge = refused("large-bodies", meters);
    }

    private static Counter refused(String reason, MeterRegistry meters) {
        return Counter.builder("filestream.downloads.refused").tag("reason", reason)
                .description("Downloads refused with 503").register(meters);
    }

    /**
     * Counts a body until {@link #end}.
     *
     * @param customer {@code null} if nobody has verified who sends it; then it does not count
     * @throws ServiceBusyException if too many bodies of the customer are on their way
     */
    void start(Customer customer) {
        if (customer == null || ofCustomers.merge(customer, 1, Integer::sum) <= mostOfCustomer) {
            return;
        }
        end(customer);
        refusedOfCustomer.increment();
        throw new ServiceBusyException("session-bodies: " + mostOfCustomer
                + " bodies of the customer are on their way (filestream.download.max-in-flight-per-session)");
    }

    /** The body has arrived or broken off. */
    void end(Customer customer) {
        if (customer != null) {
            ofCustomers.computeIfPresent(customer, (key, bodies) -> bodies == 1 ? null : bodies - 1);
        }
    }

    /** @throws ServiceBusyException if too many large bodies are on their way */
    void startLarge() {
        if (!large.tryAcquire()) {
            refusedLarge.increment();
            throw new ServiceBusyException("large-bodies: " + MOST_LARGE + " large bodies are on their way");
        }
    }

    /** The large body has arrived or broken off. */
    void endLarge() {
        large.release();
    }
}
