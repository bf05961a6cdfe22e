package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The same with PostgreSQL. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresRowsTest extends RowsTest {

    private static final int ROWS = 5000;

    @AutoClose
    private EmbeddedPostgres postgres;

    @Override
    String url() throws Exception {
        if (postgres == null) {
            postgres = EmbeddedPostgres.builder().start();
        }
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    @Override
    String user() {
        return "postgres";
    }

    private long count(String counter) throws SQLException {
        try (Connection own = postgres.getPostgresDatabase().getConnection(); ResultSet found =
                own.createStatement().executeQuery("select " + counter + " from pg_stat_user_tables where relname ="
                        + " 'multimedia_file'")) {
            found.next();
            return found.getLong(1);
        }
    }

    /** The plan that PostgreSQL keeps for a prepared statement is one for the table's size when it was analysed. */
    @Test
    void importIntoATableThatWasAnalysedWhileItWasSmallReadsEachRowOnceAtMost() throws Exception {
        load(false, "demo,a,1", "demo,b,2");
        execute("analyze filestream.multimedia_file");

        load(false, IntStream.range(0, ROWS).mapToObj(i -> "demo," + i + ",k").toArray(String[]::new));

        await().until(() -> count("n_tup_ins") >= ROWS);
        assertThat(count("seq_tup_read")).isLessThan(ROWS);
    }
}
