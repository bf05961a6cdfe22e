package org.ccmessaging.filestream.cli;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.settings.LibrarySettings;
import org.ccmessaging.filestream.storage.s3.StoreChecks.Diagnosis;
import org.ccmessaging.filestream.storage.s3.StoreChecks.Level;
import org.ccmessaging.filestream.toolkit.LogText;
import org.ccmessaging.filestream.toolkit.Variables;

/** Prepares the SQL lookups of object keys: the database checks tables and columns, but does not run a statement. */
record StatementCheck(DataSource database, RouteSet routes, LibrarySettings library) {

    /** A query parameter of Camel's component {@code sql}, such as {@code :#name} or <code>:#${expression}</code>. */
    private static final String PARAMETER = ":?#(in:)?(\\$\\{[^}]*}|\\w+)?";
    private static final String OWN_TABLE = "filestream.multimedia_file";

    /** The SQLSTATEs of PostgreSQL, the SQL standard and H2 for a missing table or schema. */
    private static final String NO_TABLE = "42P01|3F000|42S0[2-4]|90079";

    List<Diagnosis> findings() {
        try (Connection connection = database.getConnection()) {
            boolean looksUp = library.catalogue() == LibrarySettings.CatalogueType.SQL;
            return Stream.concat(Stream.of(new Diagnosis(Level.OK, "there", "")), routes.allSteps()
                    .filter(step -> looksUp && step.endpoint().scheme().equals("sql") && canPrepare(step)
                            && step.field("variableReceive").text().equals(Variables.OBJECT_KEY))
                    .map(step -> prepare(step, connection))).toList();
        } catch (SQLException failure) {
            return List.of(new Diagnosis(Level.CRITICAL, LogText.ofDatabase(failure),
                    "Start the database, or correct spring.datasource.url, .username or .password"));
        }
    }

    /** Returns whether the step queries this database, and the route file contains the complete statement. */
    private boolean canPrepare(Step step) {
        return Set.of("", "#dataSource").contains(step.field("parameters").get("dataSource").text())
                && !routes.resolve(step.endpoint().path()).matches("(?s)(classpath|file):.*|.*\\{\\{.*");
    }

    private Diagnosis prepare(Step step, Connection connection) {
        String statement = routes.resolve(step.endpoint().path()).replaceAll(PARAMETER, "?");
        try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            ResultSetMetaData row = prepared.getMetaData();
            int columns = row == null ? 0 : row.getColumnCount();
            return columns == 1 ? new Diagnosis(Level.OK, step.label() + ": selects 1 column", "")
                    : new Diagnosis(Level.CRITICAL, step.label() + ": selects " + columns + " columns",
                            "Select the object key and nothing else (" + step.place() + ")");
        } catch (SQLException failure) {
            boolean atFirstStart = library.migrate() && statement.contains(OWN_TABLE)
                    && String.valueOf(failure.getSQLState()).matches(NO_TABLE);
            return atFirstStart ? new Diagnosis(Level.WARNING, step.label() + ": no table " + OWN_TABLE,
                    "The first start of the service creates it")
                    : new Diagnosis(Level.CRITICAL, step.label() + ": " + LogText.ofDatabase(failure),
                            "Correct the statement, or the tables and rights of the database (" + step.place() + ")");
        }
    }
}
