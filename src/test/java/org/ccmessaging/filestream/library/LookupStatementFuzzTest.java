package org.ccmessaging.filestream.library;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** PostgreSQL plans each statement that passes as one select that locks nothing and has no subquery. */
@Tag("service")
class LookupStatementFuzzTest {

    /** Seeds name the pieces by their places, so a new one comes last. */
    private static final String[] PIECES = {"select", "distinct", "a", "b", "t", "u", "*", ",", "from", "where", "=",
        "?", "1", "'x'", "(", ")", "and", "or", "not", "is", "null", "in", "between", "like", "order", "by", "desc",
        "limit", "fetch", "first", "row", "only", "for", "update", "share", "into", "union", "except", "table",
        "values", "with", "as", "exists", "any", "array", "[", "]", "::", "text", "cast", "substring", "similar",
        "escape", "trim", "both", "coalesce", "concat", "left", "join", "on", "using", "case", "when", "then", "else",
        "end", "||", "-", "--", "/*", "*/", ";", "$1", "$$", "E'\\'", "\"", "'", "\"a\"", ".", "nextval", "pg_sleep",
        "lower", "collate", "operator", "+", "<>", "~", "!~", "current_date", "interval", "U&", "0x1", "1e9", "nulls",
        "last", "offset", "over", "filter", "within", "group", "having", "window", "lateral", "tablesample", "\u00a0",
        "\u2028", "\0", "\\", "%"};

    private static EmbeddedPostgres postgres;
    private static Connection connection;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        connection = postgres.getPostgresDatabase().getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table t (a text, b text, first text, last text, row text)");
            statement.execute("create table u (a text, b text)");
        }
        connection.setReadOnly(true);
    }

    @AfterAll
    static void stop() throws Exception {
        connection.close();
        postgres.close();
    }

    @FuzzTest
    void statement(FuzzedDataProvider data) throws SQLException {
        StringJoiner pieces = new StringJoiner(data.consumeBoolean() ? " " : "");
        while (data.remainingBytes() > 0) {
            pieces.add(data.pickValue(PIECES));
        }
        String sql = (data.consumeBoolean() ? "" : "select a from t ") + pieces;
        if (LookupStatement.fault(sql) == null) {
            assertBounded(sql);
        }
    }

    private static void assertBounded(String sql) throws SQLException {
        // A parameter is a text, as in a route.
        try (Statement statement = connection.createStatement();
                ResultSet plan = statement.executeQuery("explain (format json) " + sql.replace("?", "'?'::text"))) {
            plan.next();
            assertThat(plan.getString(1)).as(sql).doesNotContain("ModifyTable", "LockRows", "SubPlan", "InitPlan",
                    "Subquery Scan", "SetOp", "Append", "CTE Scan", "Function Scan", "Values Scan", "Sample Scan",
                    "ProjectSet");
        } catch (SQLException refused) {
            // A statement that PostgreSQL does not plan reads nothing. It reports a lost connection with class 08.
            assertThat(refused.getSQLState()).as(sql).doesNotStartWith("08");
        }
    }
}
