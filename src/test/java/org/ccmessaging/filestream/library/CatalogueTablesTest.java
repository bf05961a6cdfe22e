package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Tables of PostgreSQL: the catalogue's, whose rows the statements of docs/editing-routes.md import and export as psql
 * runs them, and the company's own, in which lookups have texts as parameters as in a route.
 */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogueTablesTest {

    private static final Pattern SQL = Pattern.compile("(?s)```sql\n(.*?)```");
    /** A statement, or a line for psql alone. */
    private static final Pattern STEP = Pattern.compile("(?s)\\\\copy [^\n]+\n|[^;]+;\n");

    @AutoClose
    private EmbeddedPostgres postgres;
    @AutoClose
    private HikariDataSource pool;
    private JdbcTemplate administrator;
    private List<String> blocks;

    @BeforeAll
    void start() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        String url = postgres.getJdbcUrl("postgres", "postgres");
        pool = CatalogueDatabase.pool(Map.of("spring.datasource.url", url, "spring.datasource.username", "postgres"));
        administrator = new JdbcTemplate(new DriverManagerDataSource(url, "postgres", ""));
        CatalogueDatabase.createTable(url, "postgres");
        String section = Files.readString(Path.of("docs/editing-routes.md")).split("\n### Import and export\n")[1];
        blocks = SQL.matcher(section.split("\n### ")[0]).results().map(block -> block.group(1)).toList();
        assertThat(blocks).as("an import and an export").hasSize(2);
    }

    @BeforeEach
    void haveOneRow() {
        administrator.execute("truncate filestream.multimedia_file");
        administrator.execute("insert into filestream.multimedia_file values ('demo', 'known', 'films/old.txt')");
    }

    private String run(String block, String csv) throws Exception {
        StringWriter written = new StringWriter();
        try (Connection session = postgres.getPostgresDatabase().getConnection();
                Statement statement = session.createStatement()) {
            CopyManager copies = session.unwrap(PGConnection.class).getCopyAPI();
            for (String step : STEP.matcher(block).results().map(found -> found.group().strip()).toList()) {
                if (step.contains(" from 'rows.csv'")) {
                    copies.copyIn(step.substring(1).replace("'rows.csv'", "stdin"), new StringReader(csv));
                } else if (step.startsWith("\\")) {
                    copies.copyOut(step.substring(1).replace("'rows.csv'", "stdout"), written);
                } else {
                    statement.execute(step);
                }
            }
        }
        return written.toString();
    }

    @Test
    void importedRowsReplaceKnownKeysAndAreExportedInTheSameFormat() throws Exception {
        String csv = """
                tenant_id,id,object_key
                demo,1,films/a.txt
                demo,2,"with, comma and ""quote""\"
                demo,3,
                demo,known,films/new.txt
                """;

        run(blocks.get(0), csv);

        assertThat(run(blocks.get(1), "")).isEqualTo(csv);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo,,films/b.txt", ",2,films/b.txt", "demo,1,films/b.txt", "demo,2",
        "demo,2,films/a,b.txt"})
    void importWithAWrongRowFailsAndChangesNone(String wrong) throws Exception {
        assertThatThrownBy(() -> run(blocks.get(0), "tenant_id,id,object_key\ndemo,known,films/new.txt\n"
                + "demo,1,films/a.txt\n" + wrong + "\n")).isInstanceOf(SQLException.class);

        assertThat(run(blocks.get(1), "")).isEqualTo("tenant_id,id,object_key\ndemo,known,films/old.txt\n");
    }

    @ParameterizedTest
    @CsvSource({"bigint, 1179725658739559425, 99999999999999999999", "'numeric(20)', 117, 118",
        "uuid, 0fb5f5a6-54a1-4f3c-8f6f-1a4d8a3f0b11, 0fb5f5a6-54a1-4f3c-8f6f-1a4d8a3f0b12"})
    void idOfAColumnOfNumbersOrUuidsIsFoundAndAnotherTextIsUnknown(String type, String id, String none) {
        administrator.execute("drop table if exists films");
        administrator.execute("create table films (film_id " + type + ", path varchar(100))");
        administrator.execute("insert into films values ('" + id + "', 'a.mp4')");

        assertThat(path(id)).isEqualTo("a.mp4");
        assertThat(path(none)).isNull();
        assertThat(path("films/a.mp4")).isNull();
        assertThat(path(id)).as("with an unbroken connection").isEqualTo("a.mp4");
    }

    /** Returns null where route look-up-sql fails with 401. */
    private String path(String id) {
        try {
            return new JdbcTemplate(pool).queryForList("select path from films where film_id = ?", String.class, id)
                    .stream().findFirst().orElse(null);
        } catch (DataIntegrityViolationException cannotBeCompared) {
            return null;
        }
    }

    @Test
    void lookupChangesNothing() {
        administrator.execute("create table kept (a text); create function keep() returns text language sql as"
                + " $$insert into kept values ('file of b') returning a$$");

        assertThatThrownBy(() -> new JdbcTemplate(pool).queryForObject("select keep()", String.class))
                .hasMessageContaining("cannot execute INSERT in a read-only transaction");
    }
}
