package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.settings.Examination;
import org.ccmessaging.filestream.storage.LibrarySettings;
import org.ccmessaging.filestream.toolkit.LogText;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Examines the catalogue in a session as those of lookups, which only read. */
@Lazy
@Component("catalogue")
record CatalogueChecks(Environment environment, LibrarySettings settings) implements Examination {

    private static final int TURNS = 10;
    private static final long SLOW_MICROS = 100_000;
    private static final Pattern H2_FILE = Pattern.compile("jdbc:h2:(?!mem:|tcp:|ssl:).*");
    private static final int H2_FILE_IN_USE = 90020;
    private static final int H2_FILE_MISSING = 90146;
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

    private void database(Given given, Notes notes) {
        HikariDataSource pool = new Database(environment).pool();
        boolean postgres = pool.getJdbcUrl().startsWith("jdbc:postgresql:");
        if (H2_FILE.matcher(pool.getJdbcUrl()).matches()) {
            // Otherwise, H2 would create a missing file, and lock it.
            pool.setJdbcUrl(pool.getJdbcUrl() + ";IFEXISTS=TRUE;ACCESS_MODE_DATA=r");
        }
        try (Connection session = Database.session(pool)) {
            long start = System.nanoTime();
            for (int i = 0; i < TURNS; i++) {
                session.isValid(1);
            }
            long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start) / TURNS;
            notes.should(micros < SLOW_MICROS, "latency: " + micros / 1000.0 + " ms",
                    "Move the service nearer to the database");
            String table = settings.migrate() || !postgres ? "" : texts(session, CHANGEABLE);
            notes.should(table.isEmpty() && (postgres || settings.migrate()), "rights: " + (settings.migrate()
                    ? "the user owns the table of the service" : !postgres ? "not tried with this database"
                    : "the user may change " + (table.isEmpty() ? "no table" : table)),
                    "Grant select and nothing more to the user");
            for (String lookUp : given.lookUps()) {
                notes.attempt("look-up-sql", "Correct the statement in routes/look-up-sql.camel.yaml, or grant select"
                        + " to the user. The service creates its own table when it starts", none -> {
                            boolean scan = SCAN.matcher(plan(lookUp, session, postgres)).find();
                            notes.should(!scan, "look-up-sql: planned with " + (scan ? "a scan of the table"
                                    : "an index"), "Create an index for the columns of its where clause");
                        });
            }
        } catch (SQLException failure) {
            if (failure.getErrorCode() == H2_FILE_IN_USE) {
                notes.should(false, "connection: another process uses the file", "Stop the service, if it is not that");
                return;
            }
            boolean later = failure.getErrorCode() == H2_FILE_MISSING && settings.migrate();
            notes.must(later, "connection: " + (later ? "the service creates the file when it starts"
                    : LogText.ofDatabase(failure)), "Correct spring.datasource.url, .username or .password, or start"
                            + " the database");
        }
    }

    private static String plan(String lookUp, Connection session, boolean postgres) throws SQLException {
        if (!postgres) {
            try (PreparedStatement explain = session.prepareStatement("explain " + lookUp)) {
                for (int i = 1; i <= explain.getParameterMetaData().getParameterCount(); i++) {
                    explain.setString(i, "9");
                }
                return texts(explain.executeQuery());
            }
        }
        // The plan for any value and for a large table: a value would have to be of the type of its column.
        texts(session, "deallocate all");
        texts(session, "set plan_cache_mode = force_generic_plan");
        texts(session, "set enable_seqscan = off");
        String[] parts = lookUp.split("\\?", -1);
        StringBuilder numbered = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            numbered.append('$').append(i).append(parts[i]);
        }
        texts(session, "prepare doctor as " + numbered);
        return texts(session, "explain execute doctor" + Stream.of(parts).skip(1).map(part -> "null")
                .collect(Collectors.joining(", ", "(", ")")).replace("()", ""));
    }

    private static String texts(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            return statement.execute(sql) ? texts(statement.getResultSet()) : "";
        }
    }

    /** Returns the first column of all rows. */
    private static String texts(ResultSet rows) throws SQLException {
        StringJoiner texts = new StringJoiner("\n");
        while (rows.next()) {
            texts.add(rows.getString(1));
        }
        return texts.toString();
    }
}
