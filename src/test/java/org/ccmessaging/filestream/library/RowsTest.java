package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** Import and listing of the catalogue's rows, in a database in memory. */
class RowsTest {

    private static final String HEADER = "tenant_id,id,object_key\n";

    private final List<String> messages = new ArrayList<>();
    private Database catalogue;
    private Connection database;

    String url() throws Exception {
        return "jdbc:h2:mem:rows;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1";
    }

    String user() {
        return "sa";
    }

    @BeforeEach
    void migrate() throws Exception {
        catalogue = new Database(new MockEnvironment().withProperty("spring.datasource.url", url())
                .withProperty("spring.datasource.username", user()));
        database = catalogue.connect();
        messages.clear();
    }

    @AfterEach
    void drop() throws SQLException {
        execute("drop schema filestream cascade");
        database.close();
    }

    void execute(String statement) throws SQLException {
        database.createStatement().execute(statement);
    }

    long load(boolean replace, String... lines) throws Exception {
        return load(replace, false, HEADER + String.join("\n", lines));
    }

    private long load(boolean replace, boolean dryRun, String csv) throws Exception {
        return Rows.load(catalogue, new StringReader(csv), replace, dryRun, messages::add);
    }

    private List<String> rows() throws SQLException {
        StringWriter csv = new StringWriter();
        try (Connection connection = catalogue.connect()) {
            Rows.list(connection, csv);
        }
        return csv.toString().lines().skip(1).toList();
    }

    @Test
    void importedRowsAreListedInTheSameFormat() throws Exception {
        assertThat(load(false, "demo,1,films/a.txt", "demo,2,\"with, comma and \"\"quote\"\"\"", "demo,3,")).isZero();

        List<String> listed = rows();
        assertThat(listed).containsExactly("\"demo\",\"1\",\"films/a.txt\"",
                "\"demo\",\"2\",\"with, comma and \"\"quote\"\"\"", "\"demo\",\"3\",");
        execute("delete from filestream.multimedia_file");
        load(false, listed.toArray(String[]::new));
        assertThat(rows()).isEqualTo(listed);
        assertThat(messages).containsOnly("3 rows imported, 0 refused");
    }

    @Test
    void rowThatCannotBeOneIsRefusedWithItsLine() throws Exception {
        assertThat(load(false, "demo,1,a", ",2,c", "demo, ,d", "demo", "x".repeat(129) + ",3,e",
                "demo,4,f")).isEqualTo(4);

        assertThat(messages).containsExactly("line 3: no tenant_id", "line 4: no id",
                "line 5: not 3 values with commas between",
                "line 6: tenant_id has more than 128 characters, a control character, or a space at an end",
                "2 rows imported, 4 refused");
        assertThat(rows()).containsExactly("\"demo\",\"1\",\"a\"", "\"demo\",\"4\",\"f\"");
    }

    /** The rules of step resolve-key, which refuses each download of such a row. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "../other,1,a | object key refused: it has an empty, '.' or '..' part",
        "a/b,1,a | object key refused: the tenant ID is not one folder name",
        "demo,1,/etc/passwd | object key refused: it has an empty, '.' or '..' part",
        "demo,1,a%2fb | object key refused: it holds an encoded separator",
        "\" demo\",1,a | tenant_id has … a space at an end", "demo,\"1 \",a | id has … a space at an end",
        "demo,1,\" a\" | object_key has … a space at an end", "tenant_id,id,object_key | the header again"})
    void rowThatCanNeverServeIsRefusedWithItsLineAndTheReason(String line, String reason) throws Exception {
        assertThat(load(false, line)).isEqualTo(1);

        assertThat(messages.get(0)).startsWith("line 2: ").matches(message -> Stream.of(reason.split(" … "))
                .allMatch(message::contains));
        assertThat(messages).last().isEqualTo("0 rows imported, 1 refused");
    }

    @Test
    void dryRunSaysWhatWouldBeImportedAndChangesNothing() throws Exception {
        assertThat(load(false, true, HEADER + "demo,1,a\ndemo,,b\ndemo,2,c")).isEqualTo(1);

        assertThat(messages).contains("2 rows would be imported, 1 refused");
        assertThat(rows()).isEmpty();
    }

    @Test
    void secondRowOfAnIdIsToldFromOneThatTheCatalogueHas() throws Exception {
        load(false, "demo,1,a", "other,2,a");
        messages.clear();

        assertThat(load(false, "demo,1,b", "demo,2,b", "demo,2,c", "other,1,b", "other,2,b", "demo,1,c")).isEqualTo(4);

        assertThat(messages).containsExactly("line 2: the catalogue has this ID", "line 4: an earlier line has this ID",
                "line 6: the catalogue has this ID", "line 7: the catalogue has this ID", "2 rows imported, 4 refused");
        assertThat(rows()).contains("\"demo\",\"2\",\"b\"");
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
                "line 7: id has more than 1024 characters, a control character, or a space at an end",
                "1 rows imported, 2 refused");
    }

    @Test
    void markOfUtf8IsNoPartOfTheHeader() throws Exception {
        load(false, false, "\uFEFFtenant_id,id,object_key\r\ndemo,1,a");

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
        assertThatThrownBy(() -> load(false, false, "demo,1,a\n"))
                .hasMessageContaining("tenant_id,id,object_key");
    }
}
