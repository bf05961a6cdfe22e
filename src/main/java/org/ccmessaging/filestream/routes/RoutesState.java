package org.ccmessaging.filestream.routes;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.ccmessaging.filestream.routes.check.RouteError;

/**
 * The state of the routes, as JSON of {@code GET /actuator/routes}.
 *
 * @param sha256 the SHA-256 of the active files; {@code null} if no routes are active
 * @param since when the active routes were loaded; if no routes are active, when the last ones ended
 * @param by the trigger of the last load: {@code start}, {@code file change}, or the user who loaded the files
 * @param live whether the service loads changed files automatically
 * @param filesDiffer whether the files in the folder differ from the active files
 * @param waits why the service has not loaded the files of the folder yet, and what to do
 * @param awaited the exchanges for which the files of the folder wait
 * @param stopped IDs of the stopped or suspended routes, except routes with {@code autoStartup} false; if no routes are
 *     active, IDs of the last ones
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RoutesState(String sha256, Instant since, String by, boolean live, boolean filesDiffer, String waits,
        List<ExchangesInRoutes.Awaited> awaited, Rejected rejected, List<String> stopped) {

    /** Outcome of a reload. */
    public enum ReloadOutcome {
        LOADED, UNCHANGED, REJECTED, BUSY;

        @Override
        @JsonValue
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Files that the service did not load, and why. */
    public record Rejected(Instant at, String sha256, List<RouteError> findings) {
    }

    /** The result of a reload. {@code sha256} belongs to the files that are active after the reload, if any. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Attempt(ReloadOutcome outcome, String sha256, List<RouteError> findings) {
    }
}
