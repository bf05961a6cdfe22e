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

class RememberKeyTest {

    private static final Duration LIFETIME = Duration.ofMinutes(10);

    private static final DownloadRequest REQUEST = new DownloadRequest("a.txt", "WEB", "txt", "multiMedia");

    private final CamelContext context = new DefaultCamelContext();
    private final HandClock clock = new HandClock();
    private final RememberKey remember = new RememberKey(LIFETIME, clock::currentTimeNanos);

    RememberKeyTest() {
        Exchange exchange = exchange(context, "acme", "alice", "multimedia-library", REQUEST);
        exchange.setVariable("objectKey", "films/a.txt");
        remember.process(exchange);
    }

    private static Exchange exchange(CamelContext context, String tenant, String user, String branch,
            DownloadRequest request) {
        Exchange exchange = new DefaultExchange(context);
        Proved.customer(exchange, new Customer(tenant, "web", user));
        exchange.setVariable("branch", branch);
        exchange.setVariable("request", request);
        return exchange;
    }

    private String recalled(Exchange exchange) {
        exchange.setVariable("objectKey", "of an earlier step");
        new RecallKey(remember).process(exchange);
        return exchange.getVariable("objectKey", String.class);
    }

    @Test
    void anotherCustomerOfTheTenantGetsTheKeyOfTheSameFile() {
        assertThat(recalled(exchange(context, "acme", "bob", "multimedia-library", REQUEST))).isEqualTo("films/a.txt");
    }

    @Test
    void anotherTenantGetsNoKeyWhateverItsVariableSays() {
        Exchange exchange = exchange(context, "other", "alice", "multimedia-library", REQUEST);
        exchange.setVariable("tenantId", "acme");

        assertThat(recalled(exchange)).isNull();
    }

    private String remembered(RememberKey step, String key) {
        Exchange exchange = exchange(context, "acme", "alice", "standard", REQUEST);
        exchange.setVariable("objectKey", key);
        step.process(exchange);
        new RecallKey(step).process(exchange);
        return exchange.getVariable("objectKey", String.class);
    }

    @Test
    void nothingIsRememberedWithoutALifetime() {
        RememberKey off = new RememberKey(Duration.ZERO, clock::currentTimeNanos);

        assertThat(remembered(off, "a.txt")).isNull();
        assertThat(remembered(off, null)).isNull();
    }

    @Test
    void cacheIsBoundByItsCharacters() {
        List<Exchange> requests = IntStream.range(0, 300).mapToObj(number -> exchange(context, "acme", "alice",
                "standard", new DownloadRequest("x".repeat(60_000) + number, "WEB", "txt", null))).toList();
        requests.forEach(request -> {
            request.setVariable("objectKey", "a.txt");
            remember.process(request);
        });

        await().untilAsserted(() -> assertThat(requests).filteredOn(request -> recalled(request) != null)
                .hasSizeBetween(1, 170));
    }

    @Test
    void thatALookupFoundNoKeyIsForgottenAfterFiveSeconds() {
        assertThat(remembered(remember, null)).isEmpty();
        clock.advance(Duration.ofMillis(4_999));
        assertThat(recalled(exchange(context, "acme", "alice", "standard", REQUEST))).isEmpty();
        clock.advance(Duration.ofMillis(1));
        assertThat(recalled(exchange(context, "acme", "alice", "standard", REQUEST))).isNull();
    }

    @Test
    void keyIsForgottenAfterItsLifetime() {
        assertThat(remembered(remember, "a.txt")).isEqualTo("a.txt");
        clock.advance(LIFETIME.minusNanos(1));
        assertThat(recalled(exchange(context, "acme", "alice", "standard", REQUEST))).isEqualTo("a.txt");
        clock.advance(Duration.ofNanos(1));
        assertThat(recalled(exchange(context, "acme", "alice", "standard", REQUEST))).isNull();
    }

    @Test
    void anotherFileAndAnotherBranchHaveNoKey() {
        assertThat(recalled(exchange(context, "acme", "alice", "multimedia-library",
                new DownloadRequest("b.txt", "WEB", "txt", "multiMedia")))).isNull();
        assertThat(recalled(exchange(context, "acme", "alice", "standard", REQUEST))).isNull();
    }

    @Test
    void editOfTheRoutesEmptiesTheCache() {
        remember.forget(new RoutesChanged(context));

        assertThat(recalled(exchange(context, "acme", "alice", "multimedia-library", REQUEST))).isNull();
    }
}
