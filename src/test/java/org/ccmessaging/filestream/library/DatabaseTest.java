package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.support.LoggedLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** The settings of the catalogue's database. */
class DatabaseTest {

    private static final String URL = "spring.datasource.url";

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "jdbc:oracle:thin:@//db:1521/files?password=hidden"})
    void databaseWithoutAUrlOrADriverIsAWrongSettingWhoseSecretsAreNotShown(String url) {
        assertThatThrownBy(() -> new Database(new MockEnvironment().withProperty(URL, url)))
                .isInstanceOf(InvalidSettingException.class).hasMessageContaining(URL)
                .hasMessageContaining(url.replace("?password=hidden", "").strip()).hasMessageNotContaining("hidden");
    }

    @ParameterizedTest
    @CsvSource({"nobody.invalid, UnknownHostException: nobody.invalid",
        "127.0.0.1:1, Connection to 127.0.0.1:1 refused"})
    void databaseThatCannotBeReachedIsDownWithTheReason(String host, String reason) {
        Database none = new Database(new MockEnvironment()
                .withProperty(URL, "jdbc:postgresql://" + host + "/files?password=hidden"));

        try (Catalogue catalogue = new Catalogue(none, none.pool(), true)) {
            assertThat(catalogue.probe("library.catalogue").reason()).contains(reason).doesNotContain("hidden");
        }
    }

    @Test
    void poolHasDeadlinesThatTheInstallationMayChange() {
        MockEnvironment settings = new MockEnvironment().withProperty(URL, "jdbc:postgresql://db/files")
                .withProperty("spring.datasource.hikari.maximum-pool-size", "3");
        try (HikariDataSource pool = new Database(settings).pool()) {
            assertThat(pool.getMaximumPoolSize()).isEqualTo(3);
            assertThat(pool.getConnectionTimeout()).isEqualTo(1000);
            assertThat(pool.getDataSourceProperties()).containsEntry("socketTimeout", "2");
            assertThat(pool.isRunning()).as("connected").isFalse();
        }
    }

    @Test
    void tableThatWasCreatedIsToldInOneLineWithItsSchema() {
        Database fresh = new Database(new MockEnvironment()
                .withProperty(URL, "jdbc:h2:mem:fresh;DB_CLOSE_DELAY=-1")
                .withProperty("spring.datasource.username", "sa"));
        try (LoggedLines lines = new LoggedLines(Database.class.getName())) {
            fresh.migrate();
            fresh.migrate();

            assertThat(lines.list()).filteredOn(line -> line.getFormattedMessage().endsWith("jdbc:h2:mem:fresh"))
                    .singleElement().hasToString("[INFO] Created the catalogue's table multimedia_file in schema"
                            + " filestream of jdbc:h2:mem:fresh");
        }
    }
}
