package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** The statements of docs/editing-routes.md that import and export rows, run as psql runs them. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentedImportTest {

    private static final Pattern SQL = Pattern.compile("(?s)```sql\n(.*?)```");
    /** A statement, or a line for psql alone. */
    private static final Pattern STEP = Pattern.compile("(?s)\\\\copy [^\n]+\n|[^;]+;\n");

    private EmbeddedPostgres postgres;
    private List<String> blocks;

    @BeforeAll
    void start() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        CatalogueDatabase.createTable(postgres.getJdbcUrl("postgres", "postgres"), "postgres");
        String section = Files.readString(Path.of("docs/editing-routes.md")).split("\n### Import and export\n")[1];
        blocks = SQL.matcher(section.split("\n### ")[0]).results().map(block -> block.group(1)).toList();
        assertThat(blocks).as("an import and an export").hasSize(2);
    }

    @AfterAll
    void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void haveOneRow() throws Exception {
        try (Connection session = postgres.getPostgresDatabase().getConnection();
                Statement statement = session.createStatement()) {
            statement.execute("truncate filestream.multimedia_file");
            statement.execute("insert into filestream.multimedia_file values ('demo', 'known', 'films/old.txt')");
        }
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
}
