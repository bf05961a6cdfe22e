package org.ccmessaging.filestream.admission;

import io.github.bucket4j.TimeMeter;
import java.util.Objects;
import java.util.stream.Stream;
import org.ccmessaging.filestream.settings.DownloadSettings;

/** The rates of tenants and apps that {@code filestream.download.rate} sets; none by default. */
final class Rates {

    /** {@code null} where no rate is set. */
    private final RateLimit tenantRequests;
    private final RateLimit tenantBytes;
    private final RateLimit appRequests;
    private final RateLimit appBytes;

    Rates(DownloadSettings.Rate rate, TimeMeter clock) {
        this.tenantRequests = rate.tenantRequests() == null ? null
                : new RateLimit(rate.tenantRequests(), rate.burst(), clock);
        this.tenantBytes = rate.tenantBytes() == null ? null
                : new RateLimit(rate.tenantBytes().toBytes(), rate.burst(), clock);
        this.appRequests = rate.appRequests() == null ? null
                : new RateLimit(rate.appRequests(), rate.burst(), clock);
        this.appBytes = rate.appBytes() == null ? null
                : new RateLimit(rate.appBytes().toBytes(), rate.burst(), clock);
    }

    /** Which rate the session's tenant or app is above; {@code null} if none. */
    Refusal refusal(Session session) {
        if (isExceeded(tenantRequests, session.tenantId())) {
            return Refusal.TENANT_REQUESTS;
        }
        if (isExceeded(tenantBytes, session.tenantId())) {
            return Refusal.TENANT_BYTES;
        }
        if (isExceeded(appRequests, session.appKey())) {
            return Refusal.APP_REQUESTS;
        }
        return isExceeded(appBytes, session.appKey()) ? Refusal.APP_BYTES : null;
    }

    /** After how many seconds tenant and app are within their rates, if nobody uses them; at least 1. */
    long secondsUntilWithin(Session session) {
        return Math.max(Math.max(secondsUntilWithin(tenantRequests, session.tenantId()),
                        secondsUntilWithin(tenantBytes, session.tenantId())),
                Math.max(secondsUntilWithin(appRequests, session.appKey()),
                        secondsUntilWithin(appBytes, session.appKey())));
    }

    private static long secondsUntilWithin(RateLimit limit, String holder) {
        return limit == null ? 1 : limit.secondsUntilWithin(Objects.requireNonNullElse(holder, ""));
    }

    /** Counts a request that got a permit. */
    void countRequest(Session session) {
        use(tenantRequests, session.tenantId(), 1);
        use(appRequests, session.appKey(), 1);
    }

    /** Whether there is a rate of bytes. */
    boolean limitBytes() {
        return tenantBytes != null || appBytes != null;
    }

    /** Counts bytes that the service read for the session. */
    void countBytes(Session session, long bytes) {
        use(tenantBytes, session.tenantId(), bytes);
        use(appBytes, session.appKey(), bytes);
    }

    /** How many tenants and apps it remembers. */
    long holders() {
        return Stream.of(tenantRequests, tenantBytes, appRequests, appBytes).filter(Objects::nonNull)
                .mapToLong(RateLimit::size).sum();
    }

    private static boolean isExceeded(RateLimit limit, String holder) {
        return limit != null && limit.isExceeded(Objects.requireNonNullElse(holder, ""));
    }

    private static void use(RateLimit limit, String holder, long tokens) {
        if (limit != null && tokens > 0) {
            limit.use(Objects.requireNonNullElse(holder, ""), tokens);
        }
    }
}
