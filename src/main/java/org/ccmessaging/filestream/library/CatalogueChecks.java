package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.settings.Examination;
import org.ccmessaging.filestream.storage.LibrarySettings;
import org.ccmessaging.filestream.toolkit.LogText;
import org.h2.api.ErrorCode;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

/** Examines the catalogue in a session as those of lookups, which only read. */
@Lazy
@Component("catalogue")
record CatalogueChecks(Environment environment, LibrarySettings settings) implements Examination {

    private static final Pattern H2_FILE = Pattern.compile("jdbc:h2:(?!mem:|tcp:|ssl:).*");
    private static final Pattern SCAN = Pattern.compile("Seq Scan on |\\.tableScan");
    private static final String CHANGEABLE = "select coalesce(min(c.oid::regclass::text), '') from pg_class c join"
            + " pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and n.nspname not in"
            + " ('pg_catalog', 'information_schema')"
            + " and has_table_privilege(c.oid, 'insert, update, delete, truncate')";

    @Override
    public Map<String, Attempt> attempts(Given given) {
        return settings.catalogue() != LibrarySettings.Catalogue.SQL ? Map.of()
                : Map.of("database", notes -> database(given, notes));
    }

    private void database(Given given, Notes notes) throws Exception {
        HikariDataSource pool = new Database(environment).pool();
        if (H2_FILE.matcher(pool.getJdbcUrl()).matches()) {
            // Otherwise, H2 would create a missing file, and lock it.
            pool.setJdbcUrl(pool.getJdbcUrl() + ";IFEXISTS=TRUE;ACCESS_MODE_DATA=r");
        }
        String correct = "Correct spring.datasource.url, .username or .password, or start the database";
        notes.trying("connection", correct);
        try (Connection session = Database.session(pool)) {
            JdbcTemplate sql = new JdbcTemplate(new SingleConnectionDataSource(session, true));
            boolean postgres = pool.getJdbcUrl().startsWith("jdbc:postgresql:");
            if (!settings.migrate()) {
                notes.trying("rights", "Look into the log of the database");
                String table = postgres ? sql.queryForObject(CHANGEABLE, String.class) : "";
                notes.should(postgres && table.isEmpty(), "rights: " + (!postgres ? "not tried with this database"
                        : "the user may change " + (table.isEmpty() ? "no table" : table)),
                        "Grant select and nothing more to the user");
            }
            String statement = "Correct the statement in routes/look-up-sql.camel.yaml, or grant select to the user."
                    + " The service creates its own table when it starts";
            notes.trying("look-up-sql", statement);
            for (String lookUp : given.lookUps()) {
                String fault = LookupStatement.fault(LookupStatement.PARAMETER.matcher(lookUp).replaceAll("?"));
                if (fault != null) {
                    notes.must(false, "look-up-sql: " + fault, statement);
                    continue;
                }
                boolean scan = SCAN.matcher(postgres ? planOfPostgres(lookUp, sql) : plan(lookUp, sql)).find();
                notes.should(!scan, "look-up-sql: planned with " + (scan ? "a scan of the table" : "an index"),
                        "Create an index for the columns of its where clause");
            }
        } catch (SQLException failure) {
            if (failure.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
                notes.should(false, "connection: another process uses the file", "Stop the service, if it is not that");
            } else if (failure.getErrorCode() == ErrorCode.DATABASE_NOT_FOUND_WITH_IF_EXISTS_1 && settings.migrate()) {
                notes.ok("connection: the service creates the file when it starts");
            } else {
                notes.must(false, "connection: " + LogText.ofDatabase(failure), correct);
            }
        }
    }

    private static String plan(String lookUp, JdbcTemplate sql) {
        Matcher parameters = LookupStatement.PARAMETER.matcher(lookUp);
        return sql.queryForObject("explain " + parameters.replaceAll("?"), String.class,
                Collections.nCopies((int) parameters.reset().results().count(), "9").toArray());
    }

    /** Returns the plan for any value and for a large table: a value would have to be of the type of its column. */
    private static String planOfPostgres(String lookUp, JdbcTemplate sql) {
        List<String> values = new ArrayList<>();
        String numbered = LookupStatement.PARAMETER.matcher(lookUp).replaceAll(parameter -> {
            values.add("null");
            return "\\$" + values.size();
        });
        sql.batchUpdate("deallocate all", "set plan_cache_mode = force_generic_plan", "set enable_seqscan = off",
                "prepare doctor as " + numbered);
        return String.join("\n", sql.queryForList("explain execute doctor"
                + (values.isEmpty() ? "" : "(" + String.join(", ", values) + ")"), String.class));
    }
}
