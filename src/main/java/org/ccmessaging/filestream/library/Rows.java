package org.ccmessaging.filestream.library;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.h2.tools.Csv;

/** Imports and lists the rows of table {@code filestream.multimedia_file} as CSV, in constant memory. */
public final class Rows {

    private static final String TABLE = "filestream.multimedia_file";
    private static final List<String> COLUMNS = List.of("tenant_id", "id", "object_key");
    private static final List<Integer> LONGEST = List.of(128, 1024, 1024);
    private static final int CHUNK = 1000;
    private static final int PROGRESS = 100_000;

    private final PreparedStatement update;
    private final PreparedStatement insert;
    private final Consumer<String> messages;
    private final List<Row> chunk = new ArrayList<>();
    private long imported;
    private long refused;

    private record Row(long line, List<String> values) {

        private String fault() {
            for (int i = 0; i < COLUMNS.size(); i++) {
                String value = values.get(i);
                if (i < 2 && value.isBlank()) {
                    return "no " + COLUMNS.get(i);
                }
                if (value.length() > LONGEST.get(i) || value.chars().anyMatch(Character::isISOControl)) {
                    return COLUMNS.get(i) + " has more than " + LONGEST.get(i) + " characters, or a control character";
                }
            }
            return null;
        }
    }

    private Rows(Connection database, boolean replace, Consumer<String> messages) throws SQLException {
        this.update = replace ? database.prepareStatement(
                "update " + TABLE + " set object_key = ? where tenant_id = ? and id = ?") : null;
        this.insert = database.prepareStatement("insert into " + TABLE + " (object_key, tenant_id, id)"
                + " select cast(? as varchar), cast(? as varchar), cast(? as varchar)"
                + " where not exists (select 1 from " + TABLE + " where tenant_id = ? and id = ?)");
        this.messages = messages;
    }

    /**
     * Imports the rows of a file in one transaction, which the caller commits.
     *
     * @param replace whether a row replaces the key of an ID that the catalogue has; otherwise it is refused
     * @param messages receives each refused row with its line and reason, the progress and the totals
     * @return the number of refused rows
     */
    public static long load(Connection database, Reader csv, boolean replace, Consumer<String> messages)
            throws IOException, SQLException {
        database.setAutoCommit(false);
        Rows rows = new Rows(database, replace, messages);
        try (ResultSet file = new Csv().read(csv, null)) {
            for (int i = 0; i < COLUMNS.size(); i++) {
                if (file.getMetaData().getColumnCount() != COLUMNS.size()
                        || !file.getMetaData().getColumnName(i + 1).equalsIgnoreCase(COLUMNS.get(i))) {
                    throw new SQLException("the first line is not " + String.join(",", COLUMNS));
                }
            }
            for (long line = 2; file.next(); line++) {
                rows.add(new Row(line, List.of(text(file, 1), text(file, 2), text(file, 3))));
                if (line % PROGRESS == 0) {
                    messages.accept(line + " lines");
                }
            }
        }
        rows.flush();
        messages.accept(rows.imported + " rows imported, " + rows.refused + " refused");
        return rows.refused;
    }

    private static String text(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        return text == null ? "" : text;
    }

    private void add(Row row) throws SQLException {
        String fault = row.fault();
        if (fault != null) {
            refuse(row, fault);
            return;
        }
        chunk.add(row);
        if (chunk.size() == CHUNK) {
            flush();
        }
    }

    private void refuse(Row row, String reason) {
        refused++;
        messages.accept("line " + row.line + ": " + reason);
    }

    private void flush() throws SQLException {
        if (update != null) {
            chunk.removeAll(done(update, 0));
        }
        chunk.removeAll(done(insert, 2));
        chunk.forEach(row -> refuse(row, "the catalogue has this ID"));
        chunk.clear();
    }

    private Set<Row> done(PreparedStatement statement, int repeated) throws SQLException {
        for (Row row : chunk) {
            statement.setString(1, row.values.get(2).isEmpty() ? null : row.values.get(2));
            for (int i = 0; i < 2 + repeated; i++) {
                statement.setString(i + 2, row.values.get(i % 2));
            }
            statement.addBatch();
        }
        int[] counts = statement.executeBatch();
        Set<Row> changed = new HashSet<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                changed.add(chunk.get(i));
            }
        }
        imported += changed.size();
        return changed;
    }

    /** Writes all rows with a header. */
    public static void list(Connection database, Writer csv) throws SQLException {
        // Otherwise the driver of PostgreSQL reads all rows before the first.
        database.setAutoCommit(false);
        try (Statement all = database.createStatement()) {
            all.setFetchSize(CHUNK);
            new Csv().write(csv, all.executeQuery("select " + String.join(", ", COLUMNS) + " from " + TABLE
                    + " order by tenant_id, id"));
        }
    }
}
