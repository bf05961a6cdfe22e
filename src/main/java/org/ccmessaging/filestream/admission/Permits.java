package org.ccmessaging.filestream.admission;

import java.util.HashMap;
import java.util.Map;
import org.ccmessaging.filestream.settings.DownloadSettings;

/**
 * Gives permits to downloads, and counts them by session and tenant. The rules of a fair share (decision 0015), with
 * {@code most} for {@code filestream.download.max-in-flight}:
 * <ul>
 *   <li>A session holds at most {@code filestream.download.max-in-flight-per-session} permits, a tenant at most
 *       {@code filestream.download.max-in-flight-per-tenant} if that is set.
 *   <li>The reserve is a quarter of the permits, rounded down: {@code most / 4}. A permit of the reserve goes only to a
 *       tenant that holds fewer than {@code most / 4}. So a single tenant gets three quarters, rounded up, and then
 *       another tenant gets in. Several tenants together can hold all permits.
 *   <li>With fewer than four permits there is no reserve.
 * </ul>
 *
 * <p>It forgets sessions and tenants that hold nothing, so it never knows more of them than there are permits.
 */
final class Permits {

    private static final int QUARTERS = 4;

    private final int most;
    private final int quarter;
    private final int mostPerSession;
    private final int mostPerTenant;
    private final Rates rates;
    private final Map<Session, Integer> ofSessions = new HashMap<>();
    private final Map<String, Integer> ofTenants = new HashMap<>();
    private int inFlight;
    private boolean draining = true;
    private Runnable drained;

    /** Creates permits that nobody gets before {@link #open}. */
    Permits(DownloadSettings settings, Rates rates) {
        this.most = settings.maxInFlight();
        this.quarter = most / QUARTERS;
        this.mostPerSession = settings.maxInFlightPerSession();
        this.mostPerTenant = settings.maxInFlightPerTenant() == null ? most : settings.maxInFlightPerTenant();
        this.rates = rates;
    }

    /**
     * Takes a permit for the session, and counts the request in the rates of its tenant and app.
     *
     * @return {@code null}, or the reason why the session gets no permit; then nothing has changed
     */
    synchronized Refusal take(Session session) {
        Refusal refusal = refusal(session);
        if (refusal == null) {
            inFlight++;
            ofSessions.merge(session, 1, Integer::sum);
            ofTenants.merge(session.tenantId(), 1, Integer::sum);
            rates.countRequest(session);
        }
        return refusal;
    }

    /** Limits of one session or tenant come before those of all, because more permits would not help it. */
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
        if (free <= quarter && ofTenant >= quarter) {
            return Refusal.TENANT_SHARE;
        }
        return rates.refusal(session);
    }

    /** Gives back a permit that {@link #take} gave to the session. */
    void giveBack(Session session) {
        Runnable last;
        synchronized (this) {
            inFlight--;
            ofSessions.computeIfPresent(session, Permits::oneLess);
            ofTenants.computeIfPresent(session.tenantId(), Permits::oneLess);
            last = inFlight == 0 ? drained : null;
        }
        if (last != null) {
            last.run();
        }
    }

    private static Integer oneLess(Object holder, int held) {
        return held == 1 ? null : held - 1;
    }

    /** Gives permits from now on. */
    synchronized void open() {
        draining = false;
    }

    /** Gives no more permits, and runs {@code whenDrained} when all have been given back. */
    void drain(Runnable whenDrained) {
        boolean idle;
        synchronized (this) {
            draining = true;
            drained = whenDrained;
            idle = inFlight == 0;
        }
        if (idle) {
            whenDrained.run();
        }
    }

    synchronized boolean isOpen() {
        return !draining;
    }

    synchronized int inFlight() {
        return inFlight;
    }

    /** Returns the number of sessions and tenants that hold permits. */
    synchronized int holders() {
        return ofSessions.size() + ofTenants.size();
    }
}
