package org.ccmessaging.filestream.library;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.zaxxer.hikari.HikariDataSource;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.camel.util.ObjectHelper;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/**
 * The policy of steps that look up in the database of {@code dataSource}. A tenant holds at most three quarters of the
 * connections, so that its slow lookups leave the rest to others. While lookups fail, a circuit breaker fails them at
 * once.
 *
 * <p>A lookup that waits too long for a connection that other lookups hold is refused with 503. It is no evidence
 * against the database, and the circuit does not count it.
 */
@Component
final class ShareCatalogue implements Policy {

    private static final String SUBJECT = "The catalogue of the multimedia library";
    private static final int CALLS = 10;
    private static final Logger LOG = LoggerFactory.getLogger(ShareCatalogue.class);

    private final ObjectProvider<HikariDataSource> pool;
    /** The connections that each tenant may hold. A tenant without a lookup is forgotten. */
    private final LoadingCache<String, Semaphore> shares =
            Caffeine.newBuilder().weakValues().build(tenant -> new Semaphore(share(), true));
    private final CircuitBreaker circuit = CircuitBreaker.of("catalogue", CircuitBreakerConfig.custom()
            .slidingWindowSize(CALLS).minimumNumberOfCalls(CALLS).permittedNumberOfCallsInHalfOpenState(1)
            .waitDurationInOpenState(Duration.ofSeconds(5)).maxWaitDurationInHalfOpenState(Duration.ofSeconds(10))
            .ignoreException(this::isOwnQueue)
            // A client chooses the ID, and not every ID can be compared.
            .recordException(failure -> !(failure instanceof DataIntegrityViolationException)).build());
    private volatile Exception lastFailure;

    /** @param pool a provider, because tests of routes have none, and a jar of the installation may bring another */
    ShareCatalogue(ObjectProvider<HikariDataSource> pool) {
        this.pool = pool;
        circuit.getEventPublisher().onError(event -> lastFailure = (Exception) event.getThrowable());
        circuit.getEventPublisher().onStateTransition(event -> {
            if (event.getStateTransition() == StateTransition.CLOSED_TO_OPEN) {
                LOG.warn("{} fails lookups. They fail at once until one succeeds: {}", SUBJECT,
                        LogText.ofDatabase(lastFailure));
            } else if (event.getStateTransition().getToState() == CircuitBreaker.State.CLOSED) {
                LOG.info("{} serves lookups again", SUBJECT);
            }
        });
    }

    private int share() {
        int connections = pool.stream().mapToInt(HikariDataSource::getMaximumPoolSize).findFirst()
                .orElse(Integer.MAX_VALUE);
        return connections - connections / 4;
    }

    @Override
    public void beforeWrap(Route route, NamedNode step) {
        // Nothing to change in the step.
    }

    @Override
    public Processor wrap(Route route, Processor lookUp) {
        return exchange -> share(exchange, lookUp);
    }

    private void share(Exchange exchange, Processor lookUp) throws Exception {
        Semaphore share = shares.get(Identity.require(exchange).customer().tenantId());
        if (!share.tryAcquire(1, TimeUnit.SECONDS)) {
            throw new ServiceBusyException("lookups of the tenant hold its share of the catalogue's connections");
        }
        try {
            circuit.executeCallable(() -> {
                lookUp.process(exchange);
                if (exchange.getException() != null) {
                    throw exchange.getException();
                }
                return exchange;
            });
        } catch (CallNotPermittedException open) {
            // With its own cause and message, the metric and the log line of the request name the reason.
            throw lastFailure;
        } catch (Exception failure) {
            throw isOwnQueue(failure) ? new ServiceBusyException("lookups hold all connections to the catalogue")
                    : failure;
        } finally {
            share.release();
        }
    }

    /** Returns whether the pool had no connection to give because lookups hold as many as it may open. */
    boolean isOwnQueue(Throwable failure) {
        return ObjectHelper.getException(SQLTransientConnectionException.class, failure) != null
                && pool.stream().anyMatch(connections -> connections.getHikariPoolMXBean().getTotalConnections()
                        == connections.getMaximumPoolSize());
    }

    /** Returns the state of the circuit, such as {@code open}. */
    String circuit() {
        return circuit.getState().name().toLowerCase(Locale.ROOT);
    }
}
