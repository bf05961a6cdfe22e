package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.support.LoggedLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

/** The settings of the catalogue's database. */
class DatabaseTest {

    private static final String URL = "spring.datasource.url";

    @Test
    void databaseWithoutADriverIsAWrongSettingWhoseSecretsAreNotShown() {
        assertThatThrownBy(() -> new Database(new MockEnvironment()
                .withProperty(URL, "jdbc:oracle:thin:@//db:1521/files?password=hidden")))
                .isInstanceOf(InvalidSettingException.class).hasMessageContaining(URL)
                .hasMessageContaining("jdbc:oracle:thin:@//db:1521/files").hasMessageNotContaining("hidden");
    }

    @ParameterizedTest
    @CsvSource({"nobody.invalid, UnknownHostException: nobody.invalid",
        "127.0.0.1:1, Connection to 127.0.0.1:1 refused"})
    void databaseThatCannotBeReachedIsNamedWithTheReason(String host, String reason) {
        Database none = new Database(new MockEnvironment()
                .withProperty(URL, "jdbc:postgresql://" + host + "/files?password=hidden"));

        assertThatThrownBy(() -> none.connect()).isInstanceOf(SQLException.class)
                .hasMessageStartingWith(URL + " = \"jdbc:postgresql://" + host + "/files\": ")
                .hasMessageContaining(reason);
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
    void tableThatWasCreatedIsToldInOneLineWithItsSchema() throws SQLException {
        Database fresh = new Database(new MockEnvironment()
                .withProperty(URL, "jdbc:h2:mem:fresh;DB_CLOSE_DELAY=-1")
                .withProperty("spring.datasource.username", "sa"));
        try (LoggedLines lines = new LoggedLines(Database.class.getName())) {
            fresh.connect().close();
            fresh.connect().close();

            assertThat(lines.list()).filteredOn(line -> line.getFormattedMessage().endsWith("jdbc:h2:mem:fresh"))
                    .singleElement().hasToString("[INFO] Created the catalogue's table multimedia_file in schema"
                            + " filestream of jdbc:h2:mem:fresh");
        }
    }

    @Test
    void blankUrlIsTheFileOfTheService() {
        try (HikariDataSource pool = new Database(new MockEnvironment().withProperty(URL, "")).pool()) {
            assertThat(pool.getJdbcUrl()).startsWith("jdbc:h2:file:./data/library");
            assertThat(pool.getUsername()).as("who may only select").isEqualTo("routes");
        }
    }
}
