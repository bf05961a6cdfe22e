package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.auth.Proved;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.support.HandClock;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.GenerationNumber;
import org.junit.jupiter.api.Test;

class RememberKeyTest {

    private static final DownloadRequest REQUEST = new DownloadRequest("a.txt", "WEB", "txt", "multiMedia");

    private final CamelContext context = new DefaultCamelContext();
    private final HandClock clock = new HandClock();
    private final RememberKey remember = new RememberKey(
            ShippedSettings.of("filestream.routes", RoutesSettings.class, Map.of()), clock::currentTimeNanos);

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
        String key = exchange.getVariable("objectKey", String.class);
        assertThat(RememberKey.lookedUp(exchange)).isEqualTo("".equals(key) ? null : key);
        return key;
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

    private String rememberedFor(String lifetime, String key) {
        Exchange exchange = exchange(context, "acme", "alice", "standard", REQUEST);
        exchange.setVariable("keyLifetime", lifetime);
        exchange.setVariable("objectKey", key);
        remember.process(exchange);
        assertThat(RememberKey.lookedUp(exchange)).isEqualTo(key);
        return recalled(exchange);
    }

    @Test
    void routeOfAnyBranchSetsTheLifetimeOfItsKeys() {
        assertThat(rememberedFor("10m", "a.txt")).isEqualTo("a.txt");
        assertThat(rememberedFor("0s", "b.txt")).isNull();
        assertThatThrownBy(() -> rememberedFor("soon", "c.txt")).hasMessageContaining("'soon'");
        assertThatThrownBy(() -> rememberedFor("300d", "c.txt")).hasMessageContaining("'300d', more than 1d");
    }

    @Test
    void keyThatNoStoreHasIsNotRemembered() {
        assertThat(rememberedFor("1d", "k".repeat(1024))).hasSize(1024);
        assertThat(rememberedFor("1d", "k".repeat(1025))).isNotEqualTo("k".repeat(1025));
    }

    @Test
    void cacheIsBoundByItsCharacters() {
        List<Exchange> requests = IntStream.range(0, 300).mapToObj(number -> exchange(context, "acme", "alice",
                "standard", new DownloadRequest("x".repeat(60_000) + number, "WEB", "txt", null))).toList();
        requests.forEach(request -> {
            request.setVariable("objectKey", "a.txt");
            request.setVariable("keyLifetime", "1d");
            remember.process(request);
        });

        await().untilAsserted(() -> assertThat(requests).filteredOn(request -> recalled(request) != null)
                .hasSizeBetween(1, 170));
    }

    @Test
    void lookupWithoutAKeyIsRememberedAsSuch() {
        assertThat(rememberedFor("10m", null)).isEmpty();
        assertThat(rememberedFor(null, null)).isEmpty();
        assertThat(rememberedFor("0s", null)).isNull();
    }

    @Test
    void thatALookupFoundNoKeyIsForgottenAfterFiveSecondsAndAKeyAfterItsLifetime() {
        for (String key : new String[] {null, "a.txt"}) {
            rememberedFor("10m", key);
            clock.advance(Duration.ofMillis(4_999));
            assertThat(recalled(exchange(context, "acme", "alice", "standard", REQUEST))).isNotNull();
            clock.advance(Duration.ofMillis(1));
            assertThat(recalled(exchange(context, "acme", "alice", "standard", REQUEST))).isEqualTo(key);
        }
    }

    @Test
    void anotherFileAnotherBranchAndAnotherEditHaveNoKey() {
        CamelContext edited = new DefaultCamelContext();
        edited.getCamelContextExtension().addContextPlugin(GenerationNumber.class, new GenerationNumber(2));

        assertThat(recalled(exchange(context, "acme", "alice", "multimedia-library",
                new DownloadRequest("b.txt", "WEB", "txt", "multiMedia")))).isNull();
        assertThat(recalled(exchange(context, "acme", "alice", "standard", REQUEST))).isNull();
        assertThat(recalled(exchange(edited, "acme", "alice", "multimedia-library", REQUEST))).isNull();
    }
}
