package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.auth.Proved;
import org.ccmessaging.filestream.support.HandClock;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.RoutesChanged;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys that step {@code remember-key} keeps, and whom {@code recall-key} gives them. */
class RememberKeyTest {

    private static final DownloadRequest REQUEST = new DownloadRequest("a.txt", "WEB", "txt", "multiMedia");

    private static final CamelContext CONTEXT = new DefaultCamelContext();

    private final HandClock clock = new HandClock();
    private final RememberKey remember = new RememberKey(Duration.ofMinutes(10), clock::currentTimeNanos);

    private static Exchange exchange(String tenant, String user, String branch, DownloadRequest request) {
        Exchange exchange = new DefaultExchange(CONTEXT);
        Proved.customer(exchange, new Customer(tenant, "web", user));
        exchange.setVariable("branch", branch);
        exchange.setVariable("request", request);
        return exchange;
    }

    private static void remember(RememberKey step, Exchange exchange, String key) {
        exchange.setVariable("objectKey", key);
        step.process(exchange);
    }

    private static String recalled(RememberKey step, Exchange exchange) {
        exchange.setVariable("objectKey", "of an earlier step");
        new RecallKey(step).process(exchange);
        return exchange.getVariable("objectKey", String.class);
    }

    @Test
    void keyIsThatOfTheTenantTheBranchAndTheRequestUntilAnEditOfTheRoutes() {
        remember(remember, exchange("acme", "alice", "multimedia-library", REQUEST), "films/a.txt");

        Exchange ofAnotherCustomer = exchange("acme", "bob", "multimedia-library", REQUEST);
        assertThat(recalled(remember, ofAnotherCustomer)).isEqualTo("films/a.txt");
        Exchange ofAnotherTenant = exchange("other", "alice", "multimedia-library", REQUEST);
        ofAnotherTenant.setVariable("tenantId", "acme");
        assertThat(recalled(remember, ofAnotherTenant)).isNull();
        assertThat(recalled(remember, exchange("acme", "alice", "multimedia-library",
                new DownloadRequest("b.txt", "WEB", "txt", "multiMedia")))).isNull();
        assertThat(recalled(remember, exchange("acme", "alice", "standard", REQUEST))).isNull();

        remember.forget(new RoutesChanged(CONTEXT, true));
        assertThat(recalled(remember, ofAnotherCustomer)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"600, a.txt, 600", "600, '', 5", "3, '', 3"})
    void keyIsForgottenAfterItsLifetimeAndAMissingOneAfterFiveSecondsAtMost(int lifetime, String key, int seconds) {
        RememberKey step = new RememberKey(Duration.ofSeconds(lifetime), clock::currentTimeNanos);
        Exchange exchange = exchange("acme", "alice", "standard", REQUEST);
        remember(step, exchange, key.isEmpty() ? null : key);

        clock.advance(Duration.ofSeconds(seconds).minusNanos(1));
        assertThat(recalled(step, exchange)).isEqualTo(key);
        clock.advance(Duration.ofNanos(1));
        assertThat(recalled(step, exchange)).isNull();
    }

    @Test
    void nothingIsRememberedWithoutALifetime() {
        RememberKey off = new RememberKey(Duration.ZERO, clock::currentTimeNanos);
        Exchange exchange = exchange("acme", "alice", "standard", REQUEST);

        for (String key : new String[] {"a.txt", null}) {
            remember(off, exchange, key);
            assertThat(recalled(off, exchange)).isNull();
        }
    }

    @Test
    void cacheIsBoundByItsCharacters() {
        List<Exchange> requests = IntStream.range(0, 300).mapToObj(number -> exchange("acme", "alice", "standard",
                new DownloadRequest("x".repeat(60_000) + number, "WEB", "txt", null))).toList();
        requests.forEach(request -> remember(remember, request, "a.txt"));

        await().untilAsserted(() -> assertThat(requests).filteredOn(request -> recalled(remember, request) != null)
                .hasSizeBetween(1, 170));
    }
}
