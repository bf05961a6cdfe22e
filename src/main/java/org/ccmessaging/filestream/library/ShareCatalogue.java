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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.camel.util.ObjectHelper;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.failure.TooManyRequestsException;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/**
 * Policy of steps that query {@code dataSource}. A tenant may hold three quarters of the connections, rounded up, so
 * that slow lookups of one tenant leave connections for other tenants. When half of a tenant's last ten lookups have
 * failed, the tenant's circuit breaker opens.
 */
@Component
final class ShareCatalogue implements Policy {

    private static final String SUBJECT = "The catalogue of the multimedia library";
    private static final int CALLS = 10;

    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(ShareCatalogue.class);

    private final ObjectProvider<HikariDataSource> pool;
    private final LoadingCache<String, TenantLookups> tenants = Caffeine.newBuilder().expireAfterAccess(REMEMBERED)
            .build(this::lookUps);

    private record TenantLookups(Semaphore share, CircuitBreaker circuit, AtomicReference<Exception> lastFailure) {
    }

    /** @param pool empty without a database, in tests of routes, or if an installed jar brings another DataSource */
    ShareCatalogue(ObjectProvider<HikariDataSource> pool) {
        this.pool = pool;
    }

    private TenantLookups lookUps(String tenant) {
        AtomicReference<Exception> lastFailure = new AtomicReference<>();
        CircuitBreaker circuit = CircuitBreaker.of(LogText.visible(tenant), CircuitBreakerConfig.custom()
                .slidingWindowSize(CALLS).minimumNumberOfCalls(CALLS).permittedNumberOfCallsInHalfOpenState(1)
                .waitDurationInOpenState(Duration.ofSeconds(5)).maxWaitDurationInHalfOpenState(Duration.ofSeconds(10))
                // A client can cause a DataIntegrityViolationException with an ID that the database cannot compare.
                .ignoreException(failure -> failure instanceof DataIntegrityViolationException || isOwnQueue(failure))
                .build());
        circuit.getEventPublisher().onError(event -> lastFailure.set((Exception) event.getThrowable()));
        circuit.getEventPublisher().onStateTransition(event -> {
            if (event.getStateTransition() == StateTransition.CLOSED_TO_OPEN) {
                LOG.warn("{} fails lookups of tenant {}. They fail at once until one succeeds: {}", SUBJECT,
                        circuit.getName(), LogText.ofDatabase(lastFailure.get()));
            } else if (event.getStateTransition().getToState() == CircuitBreaker.State.CLOSED) {
                LOG.info("{} serves lookups of tenant {} again", SUBJECT, circuit.getName());
            }
        });
        return new TenantLookups(new Semaphore(share(), true), circuit, lastFailure);
    }

    private int share() {
        int connections = pool.stream().mapToInt(HikariDataSource::getMaximumPoolSize).findFirst()
                .orElse(Integer.MAX_VALUE);
        return connections - connections / 4;
    }

    @Override
    public void beforeWrap(Route route, NamedNode step) {
    }

    @Override
    public Processor wrap(Route route, Processor lookUp) {
        return exchange -> share(exchange, lookUp);
    }

    private void share(Exchange exchange, Processor lookUp) throws Exception {
        TenantLookups lookUps = tenants.get(Identity.require(exchange).customer().tenantId());
        if (!lookUps.share().tryAcquire(1, TimeUnit.SECONDS)) {
            throw new TooManyRequestsException("lookups of the tenant hold its share of the catalogue's connections");
        }
        try {
            lookUps.circuit().executeCallable(() -> {
                lookUp.process(exchange);
                if (exchange.getException() != null) {
                    throw exchange.getException();
                }
                return exchange;
            });
        } catch (CallNotPermittedException open) {
            // Throws the last failure, so that the metric and the log line show why the circuit is open.
            throw lookUps.lastFailure().get();
        } catch (Exception failure) {
            throw isOwnQueue(failure) ? new ServiceBusyException("lookups hold all connections to the catalogue")
                    : failure;
        } finally {
            lookUps.share().release();
        }
    }

    /** Returns whether the pool had no free connection because lookups held all of them. */
    boolean isOwnQueue(Throwable failure) {
        return ObjectHelper.getException(SQLTransientConnectionException.class, failure) != null
                && pool.stream().anyMatch(connections -> connections.getHikariPoolMXBean().getTotalConnections()
                        == connections.getMaximumPoolSize());
    }
}
