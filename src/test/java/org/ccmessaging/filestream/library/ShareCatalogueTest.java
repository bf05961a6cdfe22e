package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.auth.Proved;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.OwnThread;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;

/** The pool of the catalogue's database, lookups that wait for each other, and what the circuit counts. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.library", texts = "fails lookups")
class ShareCatalogueTest {

    /** As many as the circuit looks at, and some more. */
    private static final int MANY = 15;

    private static final String URL = "spring.datasource.url";
    private static final String DATABASE = "jdbc:h2:mem:shared;DB_CLOSE_DELAY=-1";

    private final CamelContext camel = new DefaultCamelContext();

    @AutoClose
    private final HikariDataSource pool = CatalogueDatabase.pool(Map.of(URL, DATABASE,
            "spring.datasource.username", "sa", "spring.datasource.hikari.maximum-pool-size", 4,
            "spring.datasource.hikari.connection-timeout", 2000));
    private final ShareCatalogue lookUps = CatalogueDatabase.lookUps(pool);

    /** Without a limit of time, since the first connection of a process loads the driver. */
    @BeforeAll
    static void createDatabase() throws Exception {
        DriverManager.getConnection(DATABASE, "sa", "").close();
    }

    /** Returns the failure of a lookup; {@code null} if it has none. */
    private Exception lookUp(String tenant, Processor statement) {
        Exchange exchange = new DefaultExchange(camel);
        Proved.tenant(exchange, tenant);
        try {
            lookUps.wrap(null, statement).process(exchange);
            return null;
        } catch (Exception failure) {
            return failure;
        }
    }

    private Exception select(String tenant) {
        return lookUp(tenant, exchange -> new JdbcTemplate(pool).queryForObject("select 1", Integer.class));
    }

    @Test
    void tenantThatHoldsItsShareWaitsAndIsRefusedWhileAnotherIsServed() throws Exception {
        CountDownLatch held = new CountDownLatch(3);
        CountDownLatch end = new CountDownLatch(1);
        OwnThread.each(3, client -> lookUp("slow", exchange -> {
            held.countDown();
            end.await();
        }));
        assertThat(held.await(1, TimeUnit.MINUTES)).isTrue();

        assertThat(OwnThread.each(MANY, client -> select("slow")))
                .allSatisfy(refused -> assertThat(refused.join()).isInstanceOf(ServiceBusyException.class));
        assertThat(select("another")).isNull();
        end.countDown();
        assertThat(select("slow")).isNull();
    }

    @Test
    void waitForConnectionsThatLookupsHoldIsNoEvidenceAgainstTheDatabase() throws Exception {
        Connection[] held = new Connection[4];
        for (int i = 0; i < held.length; i++) {
            held[i] = pool.getConnection();
        }

        assertThat(select("a")).isInstanceOf(ServiceBusyException.class);
        SQLTransientConnectionException late = new SQLTransientConnectionException("request timed out");
        IntStream.range(0, MANY).forEach(lookup -> assertThat(lookUp("a", exchange -> exchange.setException(late)))
                .isInstanceOf(ServiceBusyException.class));
        assertThat(new CatalogueProbe(pool, lookUps, false).probe("library.catalogue")).as("the probe waits too")
                .isNull();
        for (Connection connection : held) {
            connection.close();
        }
        assertThat(select("a")).isNull();
    }

    @Test
    void failuresOfATenantOpenItsOwnCircuitAndIdsThatTheDatabaseCannotCompareDoNot() {
        DataIntegrityViolationException ofClient = new DataIntegrityViolationException("invalid input syntax");
        IntStream.range(0, MANY).forEach(lookup -> assertThat(lookUp("a", exchange -> exchange.setException(ofClient)))
                .isSameAs(ofClient));

        QueryTimeoutException slow = new QueryTimeoutException("canceling statement due to statement timeout");
        IntStream.range(0, MANY).forEach(lookup -> assertThat(lookUp("a", exchange -> exchange.setException(slow)))
                .isSameAs(slow));
        assertThat(select("b")).as("another tenant").isNull();
        QueryTimeoutException ofAnother = new QueryTimeoutException("canceling the statement of tenant b");
        assertThat(lookUp("b", exchange -> exchange.setException(ofAnother))).isSameAs(ofAnother);
        assertThat(select("a")).as("with the reason of the tenant's last failure").isSameAs(slow);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "jdbc:oracle:thin:@//db:1521/files?password=hidden"})
    void databaseWithoutAUrlOrADriverIsAWrongSettingWhoseSecretsAreNotShown(String url) {
        assertThatThrownBy(() -> CatalogueDatabase.pool(Map.of(URL, url)))
                .isInstanceOf(InvalidSettingException.class).hasMessageContaining(URL)
                .hasMessageContaining(url.replace("?password=hidden", "").strip()).hasMessageNotContaining("hidden");
    }

    @ParameterizedTest
    @CsvSource({"nobody.invalid, UnknownHostException: nobody.invalid",
        "127.0.0.1:1, Connection to 127.0.0.1:1 refused"})
    void databaseThatCannotBeReachedIsDownWithTheReason(String host, String reason) {
        try (HikariDataSource unreachable = CatalogueDatabase.pool(
                Map.of(URL, "jdbc:postgresql://" + host + "/files?password=hidden"))) {
            for (boolean migrate : new boolean[] {true, false}) {
                CatalogueProbe probe = new CatalogueProbe(unreachable, CatalogueDatabase.lookUps(unreachable), migrate);
                assertThat(probe.probe("library.catalogue").reason()).contains(reason).doesNotContain("hidden");
            }
        }
    }

    @Test
    void poolHasDeadlinesThatTheInstallationMayChange() {
        try (HikariDataSource ofInstallation = CatalogueDatabase.pool(Map.of(URL, "jdbc:postgresql://db/files",
                "spring.datasource.hikari.maximum-pool-size", "3"))) {
            assertThat(ofInstallation.getMaximumPoolSize()).isEqualTo(3);
            assertThat(ofInstallation.getConnectionTimeout()).isEqualTo(1000);
            assertThat(ofInstallation.isReadOnly()).isTrue();
            assertThat(ofInstallation.getDataSourceProperties()).containsEntry("socketTimeout", "2");
            assertThat(ofInstallation.isRunning()).as("connected").isFalse();
        }
    }
}
