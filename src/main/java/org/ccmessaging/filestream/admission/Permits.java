package org.ccmessaging.filestream.admission;

import java.util.HashMap;
import java.util.Map;
import org.ccmessaging.filestream.failure.Refusal;
import org.ccmessaging.filestream.settings.DownloadSettings;

/**
 * Gives permits to downloads in fair shares (decision 0016). The last quarter of the permits (rounded down) is only for
 * tenants that hold less than a quarter of all permits, so that one tenant does not take all permits.
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

    Permits(DownloadSettings settings) {
        this.most = settings.maxInFlight();
        this.quarter = most / QUARTERS;
        this.mostPerSession = settings.maxInFlightPerSession();
        this.mostPerTenant = settings.maxInFlightPerTenant() == null ? most : settings.maxInFlightPerTenant();
    }

    /** Returns {@code null} if the session gets a permit, otherwise the reason of the refusal. */
    synchronized Refusal acquire(Session session) {
        Refusal refusal = refusal(session);
        if (refusal == null) {
            inFlight++;
            ofSessions.merge(session, 1, Integer::sum);
            ofTenants.merge(session.tenantId(), 1, Integer::sum);
        }
        return refusal;
    }

    /** Checks the limits of session and tenant before free permits, so that a client at a limit gets 429, not 503. */
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

    /** Returns {@code null}, which removes the entry of the map, if the holder has returned all permits. */
    private static Integer oneLess(Object holder, int held) {
        return held == 1 ? null : held - 1;
    }

    synchronized void open() {
        draining = false;
    }

    /** Runs {@code whenDrained} when all downloads have returned their permits. */
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
