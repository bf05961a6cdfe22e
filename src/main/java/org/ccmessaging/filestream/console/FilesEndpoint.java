package org.ccmessaging.filestream.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.observe.Ending;
import org.ccmessaging.filestream.observe.FinishedDownload;
import org.ccmessaging.filestream.toolkit.LogText;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.stereotype.Component;

/**
 * Serves the data of the console's page <i>Files</i> at {@code /actuator/files} on the management port. The endpoint
 * exists only if the console is on, and needs the console's login.
 *
 * <p>The endpoint keeps the last failed downloads, in a separate list for each {@link Ending}. Invalid tokens and
 * malformed requests therefore do not evict failures of the service. Equal failures share an entry, so an outage does
 * not evict other failures.
 */
@Component
@WebEndpoint(id = "files")
@ConditionalOnBooleanProperty("hawtio.enabled")
class FilesEndpoint implements FinishedDownload.Listener {

    /** Maximum number of entries for each ending. An entry takes about 2 KB. */
    static final int MOST = 50;

    /** Maximum number of characters of a reason. A reason may contain text that the client sent. */
    private static final int LONGEST_REASON = 300;

    private static final int LONGEST_NAME = 64;

    /** A number in a message, such as an offset. Messages that differ only in numbers are equal. */
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** A provider breaks a cycle of beans: the health endpoint needs the routes, and the routes need this bean. */
    private final ObjectProvider<HealthEndpoint> health;
    private final Map<Ending, Map<List<String>, FailedDownloads>> newestLast = new EnumMap<>(Ending.class);

    /**
     * Downloads that failed with the same code and cause, in the same branch and with the same message. An entry has no
     * body, token or user. Each text has a maximum length, so that clients cannot fill the memory.
     *
     * @param at time of the last download. Tenant, request ID and reason are also from the last download
     * @param count the number of downloads
     * @param code the {@code resultCode}; {@code aborted} if the client disconnected
     * @param branch {@code none} if the service had not determined the branch
     * @param tenant {@code null} if a credential was not valid
     * @param reason text for operators, which may contain an object key
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FailedDownloads(Instant at, int count, String code, String cause, String branch, String tenant,
            String requestId, String reason) {

        FailedDownloads after(FailedDownloads former) {
            return former == null ? this : new FailedDownloads(at, former.count + count, code, cause, branch, tenant,
                    requestId, reason);
        }
    }

    /**
     * @param at time of this state, by the clock of the service
     * @param health health of all components, with details; component {@code routes} shows the state of the routes
     * @param failures a list of the last failures for each ending; the newest failure is at the end of its list
     */
    record StateOfFiles(Instant at, HealthDescriptor health, Map<Ending, List<FailedDownloads>> failures) {
    }

    FilesEndpoint(ObjectProvider<HealthEndpoint> health) {
        this.health = health;
    }

    /** Responds with status 200 even if the health is down, because a browser would log another status as error. */
    @ReadOperation
    public StateOfFiles state() {
        return new StateOfFiles(Instant.now(), health.getObject().health(), failures());
    }

    synchronized Map<Ending, List<FailedDownloads>> failures() {
        Map<Ending, List<FailedDownloads>> copy = new EnumMap<>(Ending.class);
        newestLast.forEach((ending, failures) -> copy.put(ending, List.copyOf(failures.values())));
        return copy;
    }

    @Override
    public void ended(FinishedDownload download) {
        if (download.ending() != Ending.SERVED) {
            add(download.ending(), LogText.visible(download.message(), LONGEST_REASON),
                    new FailedDownloads(Instant.now().truncatedTo(ChronoUnit.MILLIS), 1, name(download.resultCode()),
                            download.cause().label(), name(download.branch()),
                            download.customer() == null ? null : name(download.customer().tenantId()),
                            name(RequestId.of(download.exchange())),
                            LogText.visible(download.reason(), LONGEST_REASON)));
        }
    }

    synchronized void add(Ending ending, String message, FailedDownloads last) {
        Map<List<String>, FailedDownloads> failures =
                newestLast.computeIfAbsent(ending, first -> new LinkedHashMap<>());
        List<String> kind = Arrays.asList(last.code(), last.cause(), last.branch(),
                message == null ? null : NUMBER.matcher(message).replaceAll("#"));
        failures.put(kind, last.after(failures.remove(kind)));
        if (failures.size() > MOST) {
            failures.remove(failures.keySet().iterator().next());
        }
    }

    private static String name(String text) {
        return LogText.visible(text, LONGEST_NAME);
    }
}
