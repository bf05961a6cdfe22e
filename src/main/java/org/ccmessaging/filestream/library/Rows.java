package org.ccmessaging.filestream.library;

import java.io.IOException;
import java.io.LineNumberReader;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.storage.ResolveKey;
import org.h2.tools.Csv;

/** Imports and lists the rows of table {@code filestream.multimedia_file} as CSV, in constant memory. */
public final class Rows {

    private static final String TABLE = "filestream.multimedia_file";
    private static final String HEADER = "tenant_id,id,object_key";
    private static final List<String> COLUMNS = List.of(HEADER.split(","));
    private static final int TENANT = 0;
    private static final int KEY = 2;
    private static final List<Integer> LONGEST = List.of(128, 1024, 1024);
    /** A text in quotes, which are doubled within, or a text without quotes and commas. */
    private static final String VALUE = "\\s*+(?:\"((?:[^\"]|\"\")*+)\"|([^\",]*+))\\s*+";
    private static final Pattern ROW = Pattern.compile(VALUE + "," + VALUE + "," + VALUE);
    private static final int CHUNK = 1000;
    private static final int PROGRESS = 100_000;

    private final PreparedStatement write;
    private final PreparedStatement known;
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
            if (values.isEmpty()) {
                return "not 3 values with commas between";
            }
            if (isHeader()) {
                return "the header again";
            }
            for (int i = TENANT; i <= KEY; i++) {
                String value = values.get(i);
                if (i < KEY && value.isBlank()) {
                    return "no " + COLUMNS.get(i);
                }
                if (value.length() > LONGEST.get(i) || value.chars().anyMatch(Character::isISOControl)
                        || !value.equals(value.strip())) {
                    return COLUMNS.get(i) + " has more than " + LONGEST.get(i)
                            + " characters, a control character, or a space at an end";
                }
            }
            try {
                ResolveKey.requireTenant(values.get(TENANT));
                ResolveKey.requireConfined(values.get(KEY).isEmpty() ? "no key" : values.get(KEY));
                return null;
            } catch (ObjectNotFoundException refused) {
                return refused.getMessage();
            }
        }

        boolean isHeader() {
            return String.join(",", values).equalsIgnoreCase(HEADER);
        }
    }

    private Rows(Connection database, Connection committed, boolean replace, Consumer<String> messages)
            throws SQLException {
        // PostgreSQL has "merge" since version 15, and may plan it as a scan of the table. H2 has no "on conflict".
        boolean postgres = database.getMetaData().getDatabaseProductName().equals("PostgreSQL");
        this.write = database.prepareStatement(postgres ? "insert into " + TABLE + " (" + HEADER + ") select ?, ?, ?"
                + " on conflict (tenant_id, id) do "
                + (replace ? "update set object_key = excluded.object_key" : "nothing")
                : "merge into " + TABLE + " c using (values (?, ?, ?)) r (" + HEADER + ")"
                        + " on c.tenant_id = r.tenant_id and c.id = r.id"
                        + (replace ? " when matched then update set object_key = r.object_key" : "")
                        + " when not matched then insert (" + HEADER + ") values (r.tenant_id, r.id, r.object_key)");
        this.known = committed.prepareStatement("select tenant_id, id from unnest(?, ?) r (tenant, i)"
                + " join " + TABLE + " on tenant_id = tenant and id = i");
        this.messages = messages;
    }

    /**
     * Imports the rows of a file in one transaction.
     *
     * @param replace whether a row replaces the key of an ID that the catalogue has; otherwise it is refused
     * @param dryRun whether to end without a commit
     * @param messages receives each refused row with its line and reason, the progress and the totals
     * @return the number of refused rows
     */
    public static long load(Database catalogue, Reader csv, boolean replace, boolean dryRun,
            Consumer<String> messages) throws IOException, SQLException {
        LineNumberReader lines = new LineNumberReader(csv);
        // A byte order mark may be before it.
        if (!Row.of(1, String.valueOf(lines.readLine()).replace("\uFEFF", "")).isHeader()) {
            throw new SQLException("the first line is not " + HEADER);
        }
        try (Connection database = catalogue.connect(); Connection committed = catalogue.connect()) {
            database.setAutoCommit(false);
            Rows rows = new Rows(database, committed, replace, messages);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    rows.add(Row.of(lines.getLineNumber(), line));
                }
                if (lines.getLineNumber() % PROGRESS == 0) {
                    messages.accept(lines.getLineNumber() + " lines");
                }
            }
            rows.flush();
            if (!dryRun) {
                database.commit();
            }
            messages.accept(rows.imported + (dryRun ? " rows would be imported, " : " rows imported, ") + rows.refused
                    + " refused");
            return rows.refused;
        }
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
        for (Row row : chunk) {
            for (int i = 0; i < row.values.size(); i++) {
                write.setString(i + 1, row.values.get(i).isEmpty() ? null : row.values.get(i));
            }
            write.addBatch();
        }
        int[] counts = write.executeBatch();
        List<Row> left = IntStream.range(0, counts.length).filter(i -> counts[i] == 0).mapToObj(chunk::get).toList();
        imported += counts.length - left.size();
        Set<List<String>> ids = left.isEmpty() ? Set.of() : known(left);
        left.forEach(row -> refuse(row, ids.contains(row.values.subList(TENANT, KEY)) ? "the catalogue has this ID"
                : "an earlier line has this ID"));
        chunk.clear();
    }

    /** Returns the IDs that the catalogue had before, since the other connection does not see this transaction. */
    private Set<List<String>> known(List<Row> rows) throws SQLException {
        for (int column = TENANT; column < KEY; column++) {
            int index = column;
            known.setObject(column + 1, rows.stream().map(row -> row.values.get(index)).toArray(String[]::new));
        }
        Set<List<String>> ids = new HashSet<>();
        try (ResultSet found = known.executeQuery()) {
            while (found.next()) {
                ids.add(List.of(found.getString(1), found.getString(2)));
            }
        }
        return ids;
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
