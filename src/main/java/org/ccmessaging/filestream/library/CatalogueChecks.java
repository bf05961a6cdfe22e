package org.ccmessaging.filestream.library;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.settings.Examination;
import org.ccmessaging.filestream.settings.LibrarySettings;
import org.ccmessaging.filestream.toolkit.LogText;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Examines the catalogue in a session as those of lookups, which only read. */
@Lazy
@Component("catalogue")
record CatalogueChecks(Environment environment, LibrarySettings settings) implements Examination {

    /** A parameter in a route: {@code :#} and a name or an expression. */
    private static final Pattern PARAMETER = Pattern.compile(":#(?:in:)?(?:\\$\\{[^}]*}|\\w+)");

    @Override
    public Map<String, Attempt> attempts(Given given) {
        return settings.catalogue() != LibrarySettings.Catalogue.SQL ? Map.of()
                : Map.of("database", notes -> database(given, notes));
    }

    private void database(Given given, Notes notes) {
        String advice = Catalogue.ADVICE;
        notes.trying("connection", advice);
        try (HikariDataSource pool = new Database(environment).pool(); Connection session = pool.getConnection()) {
            notes.must(true, "connection: there", "");
            advice = "Correct the statement in routes/look-up-sql.camel.yaml, or grant select to the user."
                    + " The service creates its own table when it starts";
            notes.trying("look-up-sql", advice);
            for (String lookUp : given.lookUps()) {
                // Needs the rights that the statement needs, and any type of a column may be null.
                session.createStatement().execute("explain " + PARAMETER.matcher(lookUp).replaceAll("null"));
                notes.must(true, "look-up-sql: planned", "");
            }
        } catch (SQLException failure) {
            notes.failed(LogText.ofDatabase(failure), advice);
        }
    }
}
