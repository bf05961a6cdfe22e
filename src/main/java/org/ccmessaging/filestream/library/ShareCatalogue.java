package org.ccmessaging.filestream.library;

import com.github.benmanes.caffeine.cache.Cache;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
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
 * The policy of steps that query {@code dataSource}. A tenant may hold at most three quarters of the connections. Each
 * tenant has a circuit breaker. When too many of the tenant's last ten lookups have failed, further ones fail at once,
 * without the database, until a trial succeeds.
 *
 * <p>A second circuit breaker covers all tenants, because a database that is down fails the lookups of many. It counts
 * a tenant that keeps failing only once, until that tenant has had no failure for ten seconds: slow statements of one
 * tenant do not mean that the database is down. If other lookups hold all connections, a lookup is refused, and neither
 * circuit breaker counts that.
 */
@Component
final class ShareCatalogue implements Policy {

    private static final String SUBJECT = "The catalogue of the multimedia library";
    private static final int CALLS = 10;

    /** After this time without a failure, a tenant's next failure counts against the database again. */
    private static final Duration FAILING = Duration.ofSeconds(10);

    /** After this time without a lookup, the service drops the tenant's circuit breaker. */
    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(ShareCatalogue.class);

    private final ObjectProvider<HikariDataSource> pool;
    private final LoadingCache<String, TenantLookups> tenants = Caffeine.newBuilder().expireAfterAccess(REMEMBERED)
            .build(this::lookUps);
    private final Circuit ofAllTenants = circuit("all tenants");
    private final Cache<String, Boolean> failingTenants = Caffeine.newBuilder().expireAfterAccess(FAILING).build();

    /** A circuit breaker, and the last failure that it counted. */
    private record Circuit(CircuitBreaker breaker, AtomicReference<Exception> lastFailure) {
    }

    private record TenantLookups(Semaphore share, Circuit circuit) {
    }

    /** @param pool a provider: tests of routes have no pool, and an installation's jar may bring another DataSource */
    ShareCatalogue(ObjectProvider<HikariDataSource> pool) {
        this.pool = pool;
    }

    private TenantLookups lookUps(String tenant) {
        return new TenantLookups(new Semaphore(share(), true), circuit("tenant " + LogText.visible(tenant)));
    }

    private Circuit circuit(String tenants) {
        AtomicReference<Exception> lastFailure = new AtomicReference<>();
        CircuitBreaker breaker = CircuitBreaker.of(tenants, CircuitBreakerConfig.custom()
                .slidingWindowSize(CALLS).minimumNumberOfCalls(CALLS).permittedNumberOfCallsInHalfOpenState(1)
                .waitDurationInOpenState(Duration.ofSeconds(5)).maxWaitDurationInHalfOpenState(Duration.ofSeconds(10))
                .ignoreException(failure -> failure instanceof CallNotPermittedException || isOwnQueue(failure))
                .recordException(ShareCatalogue::isOfDatabase).build());
        breaker.getEventPublisher().onError(event -> lastFailure.set((Exception) event.getThrowable()));
        breaker.getEventPublisher().onStateTransition(event -> {
            if (event.getStateTransition() == StateTransition.CLOSED_TO_OPEN) {
                LOG.warn("{} fails lookups of {}. They fail at once until one succeeds: {}", SUBJECT, tenants,
                        LogText.ofDatabase(lastFailure.get()));
            } else if (event.getStateTransition().getToState() == CircuitBreaker.State.CLOSED) {
                LOG.info("{} serves lookups of {} again", SUBJECT, tenants);
            }
        });
        return new Circuit(breaker, lastFailure);
    }

    /** Returns {@code false} if the database cannot compare the requested ID, because the client chooses the ID. */
    private static boolean isOfDatabase(Throwable failure) {
        return !(failure instanceof DataIntegrityViolationException);
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
        String tenant = Identity.require(exchange).customer().tenantId();
        TenantLookups lookUps = tenants.get(tenant);
        if (!lookUps.share().tryAcquire(1, TimeUnit.SECONDS)) {
            throw new TooManyRequestsException("lookups of the tenant hold its share of the catalogue's connections");
        }
        try {
            lookUps.circuit().breaker().executeCallable(() -> lookUp(exchange, lookUp, tenant));
        } catch (CallNotPermittedException open) {
            // Throws the last failure of this circuit again. Metric and log line then show why the circuit is open.
            boolean forAll = ofAllTenants.breaker().getName().equals(open.getCausingCircuitBreakerName());
            throw (forAll ? ofAllTenants : lookUps.circuit()).lastFailure().get();
        } catch (Exception failure) {
            throw isOwnQueue(failure) ? new ServiceBusyException("lookups hold all connections to the catalogue")
                    : failure;
        } finally {
            lookUps.share().release();
        }
    }

    private Exchange lookUp(Exchange exchange, Processor lookUp, String tenant) throws Exception {
        ofAllTenants.breaker().acquirePermission();
        try {
            lookUp.process(exchange);
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            ofAllTenants.breaker().onSuccess(0, TimeUnit.NANOSECONDS);
            return exchange;
        } catch (Exception failure) {
            if (isOfDatabase(failure) && !isOwnQueue(failure)
                    && failingTenants.asMap().putIfAbsent(tenant, true) != null) {
                ofAllTenants.breaker().releasePermission();
            } else {
                ofAllTenants.breaker().onError(0, TimeUnit.NANOSECONDS, failure);
            }
            throw failure;
        }
    }

    /** Returns whether the pool had no free connection because lookups hold the maximum number. */
    boolean isOwnQueue(Throwable failure) {
        return ObjectHelper.getException(SQLTransientConnectionException.class, failure) != null
                && pool.stream().anyMatch(connections -> connections.getHikariPoolMXBean().getTotalConnections()
                        == connections.getMaximumPoolSize());
    }

    /** Returns the state of a circuit that is not closed, such as {@code open for all tenants}; else {@code closed}. */
    String circuit() {
        return Stream.concat(Stream.of(ofAllTenants), tenants.asMap().values().stream().map(TenantLookups::circuit))
                .map(Circuit::breaker).filter(circuit -> circuit.getState() != CircuitBreaker.State.CLOSED).findFirst()
                .map(circuit -> circuit.getState().name().toLowerCase(Locale.ROOT) + " for " + circuit.getName())
                .orElse("closed");
    }
}
