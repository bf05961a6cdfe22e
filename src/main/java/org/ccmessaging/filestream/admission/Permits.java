package org.ccmessaging.filestream.admission;

import java.util.HashMap;
import java.util.Map;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.settings.DownloadSettings;

/**
 * Gives permits to downloads in fair shares (decision 0016). Each session and each tenant has a limit. The last quarter
 * of the permits (rounded down) is only for tenants that hold less than a quarter of the permits. So one tenant cannot
 * take all permits.
 *
 * <p>The maps contain only sessions and tenants that hold a permit. So a map never has more entries than permits exist.
 */
final class Permits {

    private static final int QUARTERS = 4;

    private final int most;
    private final int quarter;
    private final int mostPerSession;
    private final int mostPerTenant;
    private final Map<Session, Integer> ofSessions = new HashMap<>();
    private final Map<String, Integer> ofTenants = new HashMap<>();
    private int inFlight;
    private boolean draining = true;
    private Runnable drained;

    /** Nobody gets a permit before a call of {@link #open}. */
    Permits(DownloadSettings settings) {
        this.most = settings.maxInFlight();
        this.quarter = most / QUARTERS;
        this.mostPerSession = settings.maxInFlightPerSession();
        this.mostPerTenant = settings.maxInFlightPerTenant() == null ? most : settings.maxInFlightPerTenant();
    }

    /** Gives the session a permit and returns {@code null}, or gives no permit and returns the reason. */
    synchronized Refusal acquire(Session session) {
        Refusal refusal = refusal(session);
        if (refusal == null) {
            inFlight++;
            ofSessions.merge(session, 1, Integer::sum);
            ofTenants.merge(session.tenantId(), 1, Integer::sum);
        }
        return refusal;
    }

    /** Checks the limits of session and tenant before the total, because free permits do not help at these limits. */
    private Refusal refusal(Session session) {
        int ofTenant = ofTenants.getOrDefault(session.tenantId(), 0);
        int free = most - inFlight;
        if (draining) {
            return Refusal.DRAINING;
        }
        if (ofSessions.getOrDefault(session, 0) >= mostPerSession) {
            return Refusal.SESSION_LIMIT;
        }
        if (ofTenant >= mostPerTenant && mostPerTenant < most) {
            return Refusal.TENANT_LIMIT;
        }
        if (free == 0) {
            return Refusal.BUSY;
        }
        return free <= quarter && ofTenant >= quarter ? Refusal.TENANT_SHARE : null;
    }

    synchronized void release(Session session) {
        inFlight--;
        ofSessions.computeIfPresent(session, Permits::oneLess);
        ofTenants.computeIfPresent(session.tenantId(), Permits::oneLess);
        endDraining();
    }

    private static Integer oneLess(Object holder, int held) {
        return held == 1 ? null : held - 1;
    }

    synchronized void open() {
        draining = false;
    }

    /** Gives no more permits. Runs {@code whenDrained} when all downloads have returned their permits. */
    synchronized void drain(Runnable whenDrained) {
        draining = true;
        drained = whenDrained;
        endDraining();
    }

    private void endDraining() {
        if (drained != null && inFlight == 0) {
            drained.run();
        }
    }

    synchronized boolean isOpen() {
        return !draining;
    }

    synchronized int inFlight() {
        return inFlight;
    }
}
