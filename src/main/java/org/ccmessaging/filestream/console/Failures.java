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
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.stereotype.Component;

/**
 * Remembers the last downloads that failed, for the console. Each {@link Ending} has a list of its own, so that neither
 * invented tokens nor wrong requests evict a failure of the service.
 */
@Component
@ConditionalOnBooleanProperty("hawtio.enabled")
class Failures implements FinishedDownload.Listener {

    /** Maximum number of failures of each ending. One takes some 1 KB. */
    static final int MOST = 50;

    /** Maximum length of a reason. A client may have sent parts of it. */
    private static final int LONGEST_REASON = 300;

    private static final int LONGEST_NAME = 64;

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

    /** Returns the last failures of each ending that there was. */
    synchronized Map<Ending, List<Failed>> newestFirst() {
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
