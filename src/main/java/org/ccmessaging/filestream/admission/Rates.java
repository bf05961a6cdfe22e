package org.ccmessaging.filestream.admission;

import io.github.bucket4j.TimeMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.springframework.util.unit.DataSize;

/** The rates of tenants and apps that {@code filestream.download.rate} sets; none by default. */
final class Rates {

    /** Those that are set, in the order in which a refusal names them. */
    private final List<Rate> rates = new ArrayList<>();

    private record Rate(Refusal refusal, boolean ofBytes, RateLimit limit, Function<Session, String> holderOf) {

        String holder(Session session) {
            return Objects.requireNonNullElse(holderOf.apply(session), "");
        }
    }

    Rates(DownloadSettings.Rate rate, TimeMeter clock) {
        add(Refusal.TENANT_REQUESTS, false, rate.tenantRequests(), rate, clock);
        add(Refusal.TENANT_BYTES, true, bytes(rate.tenantBytes()), rate, clock);
        add(Refusal.APP_REQUESTS, false, rate.appRequests(), rate, clock);
        add(Refusal.APP_BYTES, true, bytes(rate.appBytes()), rate, clock);
    }

    private static Long bytes(DataSize size) {
        return size == null ? null : size.toBytes();
    }

    private void add(Refusal refusal, boolean ofBytes, Number perSecond, DownloadSettings.Rate rate, TimeMeter clock) {
        if (perSecond != null) {
            boolean ofTenant = refusal == Refusal.TENANT_REQUESTS || refusal == Refusal.TENANT_BYTES;
            rates.add(new Rate(refusal, ofBytes, new RateLimit(perSecond.longValue(), rate.burst(), clock),
                    ofTenant ? Session::tenantId : Session::appKey));
        }
    }

    /** Which rate the session's tenant or app is above; {@code null} if none. */
    Refusal refusal(Session session) {
        return rates.stream().filter(rate -> rate.limit.isExceeded(rate.holder(session))).map(Rate::refusal)
                .findFirst().orElse(null);
    }

    /** After how many seconds tenant and app are within their rates, if nobody uses them; at least 1. */
    long secondsUntilWithin(Session session) {
        return rates.stream().mapToLong(rate -> rate.limit.secondsUntilWithin(rate.holder(session))).max().orElse(1);
    }

    /** Counts a request that got a permit. */
    void countRequest(Session session) {
        count(session, false, 1);
    }

    /** Returns whether there is a rate of bytes. */
    boolean limitBytes() {
        return rates.stream().anyMatch(Rate::ofBytes);
    }

    /** Counts bytes that the service read for the session. */
    void countBytes(Session session, long bytes) {
        if (bytes > 0) {
            count(session, true, bytes);
        }
    }

    private void count(Session session, boolean bytes, long tokens) {
        rates.stream().filter(rate -> rate.ofBytes == bytes)
                .forEach(rate -> rate.limit.use(rate.holder(session), tokens));
    }

    /** Returns how many tenants and apps it remembers. */
    long holders() {
        return rates.stream().mapToLong(rate -> rate.limit.size()).sum();
    }
}
