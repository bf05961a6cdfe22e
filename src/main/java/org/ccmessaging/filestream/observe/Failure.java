package org.ccmessaging.filestream.observe;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.toolkit.LogText;
import org.slf4j.MDC;

/**
 * What the console shows of a download that failed. It holds no body, token or user. Its texts are cut, so that a
 * client decides nothing about its size.
 *
 * @param time when the download ended
 * @param code as in {@link FinishedDownload#resultCode()}
 * @param cause the label of the {@link Cause}
 * @param tenant {@code null} if a credential was not valid
 * @param branch as in {@link FinishedDownload#branch()}
 * @param step the ID of the step that failed; {@code null} if none did: the read broke, or the client left, while the
 *     response was on its way
 * @param requestId the ID of the request
 * @param traceId {@code null} if the request is not traced
 * @param reason {@code null} if there is none
 */
record Failure(Instant time, String code, String cause, String tenant, String branch, String step, String requestId,
        String traceId, String reason) {

    /** Longest reason, in characters. It may hold what a client sent. */
    private static final int LONGEST_REASON = 300;

    /** Longest name or ID, in characters. */
    private static final int LONGEST_NAME = 64;

    static Failure of(FinishedDownload download, Exchange exchange) {
        Throwable failure = FinishedDownload.failure(exchange);
        // A code without a failure is that of an edited route.
        Cause cause = download.cause() == Cause.NONE ? Cause.OTHER : download.cause();
        return new Failure(Instant.now().truncatedTo(ChronoUnit.MILLIS), name(download.resultCode()), cause.label(),
                download.customer() == null ? null : name(download.customer().tenantId()), name(download.branch()),
                name(FailedSteps.of(exchange, failure)), name(download.requestId()),
                name(MDC.get(TraceFilter.TRACE_ID_IN_LOGS)), cut(download.reason(), LONGEST_REASON));
    }

    private static String name(String text) {
        return cut(text, LONGEST_NAME);
    }

    private static String cut(String text, int longest) {
        return text == null ? null
                : LogText.visible(text.length() <= longest ? text : text.substring(0, longest) + "...");
    }

    /** The fields in an order that reads well down a table, the longest last. */
    @Override
    public String toString() {
        StringBuilder row = new StringBuilder(time.toString());
        add(row, "code", code);
        add(row, "cause", cause);
        add(row, "tenant", tenant);
        add(row, "branch", branch);
        add(row, "step", step);
        add(row, "requestId", requestId);
        add(row, "traceId", traceId);
        add(row, "reason", reason);
        return row.toString();
    }

    private static void add(StringBuilder row, String field, String text) {
        if (text != null) {
            row.append(' ').append(field).append('=').append(text);
        }
    }
}
