package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pool of the catalogue's database, and its probe. */
class LibraryConfigurationTest {

    private static final String URL = "spring.datasource.url";

    private static CatalogueProbe catalogue(HikariDataSource pool, boolean migrate) {
        return new CatalogueProbe(pool, CatalogueDatabase.lookUps(pool), migrate);
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
        try (HikariDataSource pool = CatalogueDatabase.pool(
                Map.of(URL, "jdbc:postgresql://" + host + "/files?password=hidden"))) {
            assertThat(catalogue(pool, true).probe("library.catalogue").reason())
                    .contains(reason).doesNotContain("hidden");
            assertThat(catalogue(pool, false).probe("library.catalogue").reason())
                    .contains(reason).doesNotContain("hidden");
        }
    }

    @Test
    void poolHasDeadlinesThatTheInstallationMayChange() {
        try (HikariDataSource pool = CatalogueDatabase.pool(Map.of(URL, "jdbc:postgresql://db/files",
                "spring.datasource.hikari.maximum-pool-size", "3"))) {
            assertThat(pool.getMaximumPoolSize()).isEqualTo(3);
            assertThat(pool.getConnectionTimeout()).isEqualTo(1000);
            assertThat(pool.isReadOnly()).isTrue();
            assertThat(pool.getDataSourceProperties()).containsEntry("socketTimeout", "2");
            assertThat(pool.isRunning()).as("connected").isFalse();
        }
    }
}
