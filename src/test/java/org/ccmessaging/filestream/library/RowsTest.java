package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** Import and listing of the catalogue's rows, in a database in memory. */
class RowsTest {

    private final List<String> messages = new ArrayList<>();
    private Connection database;

    @BeforeEach
    void migrate() throws SQLException {
        database = new Database(new MockEnvironment()
                .withProperty("spring.datasource.url", "jdbc:h2:mem:rows;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1")
                .withProperty("spring.datasource.username", "sa")).connect(true);
    }

    @AfterEach
    void drop() throws SQLException {
        database.createStatement().execute("shutdown");
    }

    private long load(boolean replace, String... lines) throws Exception {
        return Rows.load(database, new StringReader("tenant_id,id,object_key\n" + String.join("\n", lines)), replace,
                messages::add);
    }

    private List<String> rows() throws SQLException {
        StringWriter csv = new StringWriter();
        Rows.list(database, csv);
        return csv.toString().lines().skip(1).toList();
    }

    @Test
    void importedRowsAreListedInTheSameFormat() throws Exception {
        assertThat(load(false, "demo,1,films/a.txt", "demo,2,\"with, comma and \"\"quote\"\"\"", "demo,3,")).isZero();

        List<String> listed = rows();
        assertThat(listed).containsExactly("\"demo\",\"1\",\"films/a.txt\"",
                "\"demo\",\"2\",\"with, comma and \"\"quote\"\"\"", "\"demo\",\"3\",");
        database.createStatement().execute("delete from filestream.multimedia_file");
        load(false, listed.toArray(String[]::new));
        assertThat(rows()).isEqualTo(listed);
        assertThat(messages).containsOnly("3 rows imported, 0 refused");
    }

    @Test
    void rowThatCannotBeOneIsRefusedWithItsLine() throws Exception {
        assertThat(load(false, "demo,1,a", "demo,1,b", ",2,c", "demo, ,d", "demo", "x".repeat(129) + ",3,e",
                "demo,4,f")).isEqualTo(5);

        assertThat(messages).containsExactlyInAnyOrder("line 3: the catalogue has this ID", "line 4: no tenant_id",
                "line 5: no id",
                "line 6: not 3 values with commas between",
                "line 7: tenant_id has more than 128 characters, or a control character", "2 rows imported, 5 refused");
        assertThat(rows()).containsExactly("\"demo\",\"1\",\"a\"", "\"demo\",\"4\",\"f\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo,1,films/a,b.txt", "demo,1", "demo,1,\"films", "demo,1,\"films\"a", "demo;1;a"})
    void lineThatIsNotThreeValuesIsRefusedAndNotCut(String line) throws Exception {
        assertThat(load(false, line, "demo,2, \"films/a,b.txt\" ")).isEqualTo(1);

        assertThat(messages).contains("line 2: not 3 values with commas between");
        assertThat(rows()).containsExactly("\"demo\",\"2\",\"films/a,b.txt\"");
    }

    @Test
    void numberOfALineCountsEmptyLines() throws Exception {
        load(false, "", "demo,1,films/a.txt\r", "\r", ",2,b\r", "", "demo, \0,c");

        assertThat(messages).containsExactlyInAnyOrder("line 5: no tenant_id",
                "line 7: id has more than 1024 characters, or a control character", "1 rows imported, 2 refused");
    }

    @Test
    void markOfUtf8IsNoPartOfTheHeader() throws Exception {
        Rows.load(database, new StringReader("\uFEFFtenant_id,id,object_key\r\ndemo,1,a"), false, messages::add);

        assertThat(rows()).containsExactly("\"demo\",\"1\",\"a\"");
    }

    @Test
    void knownIdIsRefusedUnlessItIsReplaced() throws Exception {
        load(false, "demo,1,a", "other,1,a");

        assertThat(load(false, "demo,1,b")).isEqualTo(1);
        assertThat(load(true, "demo,1,c", "demo,2,e", "demo,2,d")).isZero();

        assertThat(rows()).containsExactly("\"demo\",\"1\",\"c\"", "\"demo\",\"2\",\"d\"", "\"other\",\"1\",\"a\"");
    }

    @Test
    void fileWithoutTheHeaderIsNotRead() {
        assertThatThrownBy(() -> Rows.load(database, new StringReader("demo,1,a\n"), false, messages::add))
                .hasMessageContaining("tenant_id,id,object_key");
    }
}
