package org.ccmessaging.filestream.observe;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.storage.ConfinedLocation;
import org.ccmessaging.filestream.storage.RememberKey;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.toolkit.ComparedSession;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.springframework.stereotype.Component;

/**
 * Remembers the last {@code filestream.routes.rehearsal} distinct requests of customers, with which an edit of the
 * routes is rehearsed. It has no credential and no user, and nobody writes it anywhere.
 *
 * <p>Only outcomes that do not depend on the moment count. A download that failed because a store was down does not
 * replace the outcome of the same request before.
 */
@Component
public final class RecentRequests implements FinishedDownload.Listener {

    /** Maximum length of a text. No object has a longer key, and a client may send 64 KiB. */
    private static final int LONGEST = 1024;

    /** Causes that the same request would meet again. A refusal by a step of an author has the last one. */
    private static final Set<Cause> LASTING = Set.of(Cause.NOT_FOUND, Cause.EMPTY, Cause.NOT_CLEAN,
            Cause.OTHER);

    private final Set<String> headers;
    private final int most;

    private final FairPlaces served;

    /** A tenth of all places, since anybody can request files that do not exist. The lock is that of the others. */
    private final FairPlaces refused;

    /**
     * All of a request that a route can read, except the user and the request ID.
     *
     * @param channel the customer's channel
     * @param headers those of {@code filestream.routes.request-headers}
     */
    public record Asked(String tenant, String channel, String app, DownloadRequest request,
            Map<String, String> headers) {
    }

    /**
     * A request and its last outcome.
     *
     * @param code the {@code resultCode}
     * @param branch {@code none} if the request reached none
     * @param key the object's complete key; {@code null} if no step made one
     * @param size of the opened file in bytes; -1 if none was opened
     * @param lookedUp the key that the catalogue has for the ID; {@code null} for none
     * @param notClean whether a tag of the object did not have the value that {@code s3.required-tags} accepts
     */
    public record Seen(Asked asked, String code, String branch, String key, long size, String lookedUp,
            boolean notClean) {
    }

    /**
     * The part of a service's state that a rehearsal reads.
     *
     * @param generation number of the active generation
     * @param files the texts of its files by their names
     * @param requests the last one last
     */
    public record Kept(int generation, Map<String, String> files, List<Seen> requests) {
    }

    RecentRequests(RoutesSettings settings) {
        this.most = settings.rehearsal();
        this.refused = new FairPlaces(most / FairPlaces.SHARES);
        this.served = new FairPlaces(most - most / FairPlaces.SHARES);
        this.headers = settings.requestHeaders();
    }

    /** Returns the headers of a request that routes may read, before any route has changed them. */
    Map<String, String> headers(Exchange exchange) {
        if (headers.isEmpty() || most == 0) {
            return Map.of();
        }
        Map<String, String> values = new TreeMap<>();
        headers.forEach(name -> values.computeIfAbsent(name, it -> exchange.getMessage().getHeader(it, String.class)));
        return values;
    }

    @Override
    public void ended(FinishedDownload download) {
        Exchange exchange = download.exchange();
        boolean lasts = download.ending() == Ending.SERVED
                || download.ending() == Ending.REFUSED && LASTING.contains(download.cause());
        ComparedSession session = download.session();
        // An edit is compared with the active routes, and not with a canary.
        DownloadRequest request = most > 0 && lasts && (session == null || session.canary() != download.generation())
                ? download.checked() : null;
        if (request == null || Stream.concat(download.headers().values().stream(),
                Stream.ofNullable(request.fileId())).anyMatch(text -> text.length() > LONGEST)) {
            return;
        }
        ObjectLocation location = ConfinedLocation.of(exchange);
        add(new Seen(new Asked(download.customer().tenantId(), download.customer().channelId(), download.appKey(),
                request, download.headers()), download.resultCode(), download.branch(),
                location == null ? null : location.key(), StoredObject.length(exchange),
                RememberKey.lookedUp(exchange), download.cause() == Cause.NOT_CLEAN),
                Objects.hash(download.customer(), download.appKey()),
                download.ending() == Ending.SERVED);
    }

    /** @param session a hash. An app that invents sessions with equal hashes only gets fewer places for its tenant */
    void add(Seen request, int session, boolean isServed) {
        synchronized (served) {
            (isServed ? refused : served).remove(request.asked());
            (isServed ? served : refused).put(request, session);
        }
    }

    /** Returns the refused requests and then those that were served, the last one of each last. */
    public List<Seen> list() {
        synchronized (served) {
            return Stream.of(refused, served).map(FairPlaces::list).flatMap(List::stream).toList();
        }
    }
}
