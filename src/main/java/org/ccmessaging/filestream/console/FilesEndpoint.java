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
 * Serves the data of the console's page <i>Files</i>: health and the last failed downloads. Each {@link Ending} has its
 * own list, so that requests with invalid tokens do not evict failures of the service. Equal failures share an entry.
 */
@Component
@WebEndpoint(id = "files")
@ConditionalOnBooleanProperty("hawtio.enabled")
class FilesEndpoint implements FinishedDownload.Listener {

    /** Maximum number of entries for each ending. An entry takes about 2 KB. */
    static final int MOST = 50;

    /** Maximum number of characters of a reason, which may contain text that the client sent. */
    private static final int LONGEST_REASON = 300;

    private static final int LONGEST_NAME = 64;

    /** Failure messages that differ only in numbers, such as offsets, count as equal. */
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** A provider, to break a cycle: the health endpoint needs the routes, and the routes need this bean. */
    private final ObjectProvider<HealthEndpoint> health;
    private final Map<Ending, Map<List<String>, FailedDownloads>> newestLast = new EnumMap<>(Ending.class);

    /**
     * Downloads that failed with the same code, cause, branch and failure message.
     *
     * @param at time of the last download. Tenant, request ID and reason also belong to this download
     * @param code the {@code resultCode}; {@code aborted} if the client disconnected
     * @param branch {@code none} if the service had not determined the branch
     * @param tenant {@code null} unless the service knows the tenant from verified credentials
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FailedDownloads(Instant at, int count, String code, String cause, String branch, String tenant,
            String requestId, String reason) {

        FailedDownloads after(FailedDownloads former) {
            return former == null ? this : new FailedDownloads(at, former.count + count, code, cause, branch, tenant,
                    requestId, reason);
        }
    }

    /** Health of all components, and the last failures by ending, from the oldest to the newest. */
    record StateOfFiles(Instant at, HealthDescriptor health, Map<Ending, List<FailedDownloads>> failures) {
    }

    FilesEndpoint(ObjectProvider<HealthEndpoint> health) {
        this.health = health;
    }

    /** Responds with 200 even if the health is down, because browsers log other statuses as errors. */
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
