package org.ccmessaging.filestream.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.ccmessaging.filestream.library.Database;
import org.ccmessaging.filestream.library.Rows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code library}. */
@Command(name = "library", description = "Imports and lists the rows of the multimedia library's catalogue, in the"
        + " database of spring.datasource. Exit status: 0, 1 if a row was refused, 2 if it could not run.")
final class LibraryCommand {

    @Spec
    private CommandSpec spec;

    private static Database database() {
        return new Database(QuietApplication.environment(null));
    }

    @Command(name = "import", description = "Imports a CSV file with the first line tenant_id,id,object_key in one"
            + " transaction. Prints each refused row with its line and reason.")
    int load(@Parameters(paramLabel = "FILE.csv") Path file,
            @Option(names = "--replace", description = "Replace the keys of known IDs") boolean replace,
            @Option(names = "--dry-run", description = "Count the rows, and change none") boolean dryRun)
            throws IOException, SQLException {
        try (Reader csv = Files.newBufferedReader(file)) {
            return Rows.load(database(), csv, replace, dryRun, spec.commandLine().getErr()::println) == 0 ? 0 : 1;
        }
    }

    @Command(description = "Prints all rows as CSV.")
    int list() throws SQLException {
        try (Connection database = database().connect()) {
            Rows.list(database, spec.commandLine().getOut());
        }
        return 0;
    }
}
