package org.ccmessaging.filestream.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
 * malformed requests do not evict failures of the service.
 */
@Component
@WebEndpoint(id = "files")
@ConditionalOnBooleanProperty("hawtio.enabled")
class FilesEndpoint implements FinishedDownload.Listener {

    /** Maximum number of failures of each ending. One takes some 1 KB. */
    static final int MOST = 50;

    /** Maximum length of a reason. A client may have sent parts of it. */
    private static final int LONGEST_REASON = 300;

    private static final int LONGEST_NAME = 64;

    /** Not the bean itself, which needs the routes. The routes need this listener. */
    private final ObjectProvider<HealthEndpoint> health;
    private final Map<Ending, Deque<Failed>> newestFirst = new EnumMap<>(Ending.class);

    /**
     * A download that failed. It has no body, token or user, and each text has a maximum length, so that a client does
     * not determine the size.
     *
     * @param code the {@code resultCode}; {@code aborted} if the client disconnected
     * @param tenant {@code null} if a credential was not valid
     * @param branch {@code none} if the service refused the request before it knew the branch
     * @param reason for operators; may have an object key
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Failed(Instant at, String code, String cause, String tenant, String branch, String requestId,
            String reason) {
    }

    /**
     * @param at time of the service
     * @param health of all parts, with their details; component {@code routes} is the state of the routes
     * @param failures the last failures by their ending, the newest first
     */
    record View(Instant at, HealthDescriptor health, Map<Ending, List<Failed>> failures) {
    }

    FilesEndpoint(ObjectProvider<HealthEndpoint> health) {
        this.health = health;
    }

    /** GET {@code /actuator/files}. The status is 200 whatever the health is, so that a browser logs no error. */
    @ReadOperation
    public View view() {
        return new View(Instant.now(), health.getObject().health(), failures());
    }

    synchronized Map<Ending, List<Failed>> failures() {
        Map<Ending, List<Failed>> copy = new EnumMap<>(Ending.class);
        newestFirst.forEach((ending, failures) -> copy.put(ending, List.copyOf(failures)));
        return copy;
    }

    @Override
    public void ended(FinishedDownload download) {
        if (download.ending() != Ending.SERVED) {
            add(download.ending(), new Failed(Instant.now().truncatedTo(ChronoUnit.MILLIS),
                    name(download.resultCode()), download.cause().label(),
                    download.customer() == null ? null : name(download.customer().tenantId()),
                    name(download.branch()), name(RequestId.of(download.exchange())),
                    LogText.visible(download.reason(), LONGEST_REASON)));
        }
    }

    synchronized void add(Ending ending, Failed failed) {
        Deque<Failed> failures = newestFirst.computeIfAbsent(ending, first -> new ArrayDeque<>(MOST + 1));
        failures.addFirst(failed);
        if (failures.size() > MOST) {
            failures.removeLast();
        }
    }

    private static String name(String text) {
        return LogText.visible(text, LONGEST_NAME);
    }
}
