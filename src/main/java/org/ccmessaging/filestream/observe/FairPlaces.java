package org.ccmessaging.filestream.observe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.ccmessaging.filestream.observe.RecentRequests.Asked;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;

/**
 * Keeps the last distinct requests in a number of places. The share of a tenant is a tenth of the places, and the share
 * of a session a tenth of that. Requests above a share stay only in places that no other request needs: the largest
 * tenant and the largest session lose requests first.
 */
final class FairPlaces {

    static final int SHARES = 10;

    private final int most;

    /** In the order of the last use. It grows to one and a half of the places, so that a sort serves many requests. */
    private final Map<Asked, Place> places = new LinkedHashMap<>(16, 0.75f, true);

    FairPlaces(int most) {
        this.most = most;
    }

    /** @param session the request counts for its share, also if another session repeats the request */
    void put(Seen seen, int session) {
        places.computeIfAbsent(seen.asked(), asked -> new Place(session)).seen = seen;
        if (places.size() > most + most / 2) {
            trim();
        }
    }

    void remove(Asked asked) {
        places.remove(asked);
    }

    /** Returns the requests, the last one last. */
    List<Seen> list() {
        trim();
        return places.values().stream().map(place -> place.seen).toList();
    }

    private void trim() {
        List<Place> kept = new ArrayList<>(places.values());
        Collections.reverse(kept);
        putLast(kept, place -> place.session, most / SHARES / SHARES);
        putLast(kept, place -> place.seen.asked().tenant(), most / SHARES);
        places.values().removeAll(new HashSet<>(kept.subList(Math.min(most, kept.size()), kept.size())));
    }

    /** Moves the requests above the shares of their holders to the end, those of the largest holder last. */
    private static void putLast(List<Place> places, Function<Place, Object> holder, int share) {
        Map<Object, Integer> held = new HashMap<>();
        places.forEach(place -> place.rank = held.merge(holder.apply(place), 1, Integer::sum));
        places.sort(Comparator.comparingInt(place -> Math.max(place.rank, share)));
    }

    /** A place equals only itself, because a comparison of requests would be slower. */
    private static final class Place {

        private final int session;
        private Seen seen;
        private int rank;

        private Place(int session) {
            this.session = session;
        }
    }
}
