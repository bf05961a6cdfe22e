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
 * Serves {@code /actuator/files} on the management port: what the console's page <i>Files</i> shows. It exists only
 * with a console, behind its login.
 *
 * <p>It keeps the last failed downloads, in one list for each {@link Ending}. So requests with invented tokens and
 * malformed requests do not evict failures of the service. Equal failures share an entry, so that an outage does not
 * evict other failures.
 */
@Component
@WebEndpoint(id = "files")
@ConditionalOnBooleanProperty("hawtio.enabled")
class FilesEndpoint implements FinishedDownload.Listener {

    /** Maximum number of different failures of each ending. One takes some 2 KB. */
    static final int MOST = 50;

    /** Maximum length of a reason. A client may have sent parts of it. */
    private static final int LONGEST_REASON = 300;

    private static final int LONGEST_NAME = 64;

    /** Failures that differ only in an offset, a time or a number of attempts are equal. */
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** A provider, because the health endpoint needs the routes, and the routes need this listener. */
    private final ObjectProvider<HealthEndpoint> health;
    private final Map<Ending, Map<List<String>, FailedDownloads>> newestLast = new EnumMap<>(Ending.class);

    /**
     * Downloads that failed with the same code and cause, in the same branch and with the same message. An entry has no
     * body, token or user, and each text has a maximum length, so that a client does not determine the size.
     *
     * @param at the time of the last download; tenant, request ID and reason are those of the last download too
     * @param count the number of downloads
     * @param code the {@code resultCode}; {@code aborted} if the client disconnected
     * @param branch {@code none} if the service refused the request before it knew the branch
     * @param tenant {@code null} if a credential was not valid
     * @param reason for operators; may have an object key
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
     * @param health of all parts, with their details; component {@code routes} is the state of the routes
     * @param failures the last failures by their ending, the newest last
     */
    record StateOfFiles(Instant at, HealthDescriptor health, Map<Ending, List<FailedDownloads>> failures) {
    }

    FilesEndpoint(ObjectProvider<HealthEndpoint> health) {
        this.health = health;
    }

    /** GET {@code /actuator/files}. The status is 200 whatever the health is, so that a browser logs no error. */
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
