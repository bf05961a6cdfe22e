package org.ccmessaging.filestream.library;

import java.io.IOException;
import java.io.LineNumberReader;
import java.io.Reader;
import java.io.Writer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.h2.tools.Csv;

/** Imports and lists the rows of table {@code filestream.multimedia_file} as CSV, in constant memory. */
public final class Rows {

    private static final String TABLE = "filestream.multimedia_file";
    private static final String HEADER = "tenant_id,id,object_key";
    private static final List<String> COLUMNS = List.of(HEADER.split(","));
    private static final List<Integer> LONGEST = List.of(128, 1024, 1024);
    /** A text in quotes, which are doubled within, or a text without quotes and commas. */
    private static final String VALUE = "\\s*+(?:\"((?:[^\"]|\"\")*+)\"|([^\",]*+))\\s*+";
    private static final Pattern ROW = Pattern.compile(VALUE + "," + VALUE + "," + VALUE);
    private static final int CHUNK = 1000;
    private static final int PROGRESS = 100_000;

    private final PreparedStatement update;
    private final PreparedStatement insert;
    private final Consumer<String> messages;
    private final List<Row> chunk = new ArrayList<>();
    private long imported;
    private long refused;

    private record Row(int line, List<String> values) {

        /** H2's parser would read on after a quote that does not end, and drop a fourth value. */
        static Row of(int number, String line) {
            Matcher row = ROW.matcher(line);
            return new Row(number, !row.matches() ? List.of() : Stream.of(1, 3, 5).map(i -> row.group(i) == null
                    ? row.group(i + 1).strip() : row.group(i).replace("\"\"", "\"")).toList());
        }

        private String fault() {
            for (int i = 0; i < values.size(); i++) {
                String value = values.get(i);
                if (i < 2 && value.isBlank()) {
                    return "no " + COLUMNS.get(i);
                }
                if (value.length() > LONGEST.get(i) || value.chars().anyMatch(Character::isISOControl)) {
                    return COLUMNS.get(i) + " has more than " + LONGEST.get(i) + " characters, or a control character";
                }
            }
            return values.isEmpty() ? "not 3 values with commas between" : null;
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
        LineNumberReader lines = new LineNumberReader(csv);
        // A byte order mark may be before it.
        String header = String.valueOf(lines.readLine()).replace("\uFEFF", "");
        if (!String.join(",", Row.of(1, header).values).equalsIgnoreCase(HEADER)) {
            throw new SQLException("the first line is not " + HEADER);
        }
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isBlank()) {
                rows.add(Row.of(lines.getLineNumber(), line));
            }
            if (lines.getLineNumber() % PROGRESS == 0) {
                messages.accept(lines.getLineNumber() + " lines");
            }
        }
        rows.flush();
        messages.accept(rows.imported + " rows imported, " + rows.refused + " refused");
        return rows.refused;
    }

    private void add(Row row) throws SQLException {
        String fault = row.fault();
        if (fault != null) {
            refuse(row, fault);
        } else if (chunk.add(row) && chunk.size() == CHUNK) {
            flush();
        }
    }

    private void refuse(Row row, String reason) {
        refused++;
        messages.accept("line " + row.line + ": " + reason);
    }

    private void flush() throws SQLException {
        chunk.removeAll(done(insert, 2));
        if (update != null) {
            chunk.removeAll(done(update, 0));
        }
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
            new Csv().write(csv, all.executeQuery("select " + HEADER + " from " + TABLE
                    + " order by tenant_id, id"));
        }
    }
}
