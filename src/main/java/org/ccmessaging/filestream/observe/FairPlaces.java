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
 * Keeps the last distinct requests in a number of places. A tenant has a share of a tenth, and a session a tenth of it.
 * What is above a share stays only in places that nobody else needs, so the largest tenant and session lose theirs first.
 */
final class FairPlaces {

    private static final int SHARES = 10;

    private final int most;

    /** In the order of the last use. Half as many again as there are places, so that few requests pay for a sort. */
    private final Map<Asked, Place> places = new LinkedHashMap<>(16, 0.75f, true);

    FairPlaces(int most) {
        this.most = most;
    }

    /** @param session has the place from then on, also if another session repeats the request */
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

    /** Moves what holders have above their share to the end, that of the largest holder last. */
    private static void putLast(List<Place> places, Function<Place, Object> holder, int share) {
        Map<Object, Integer> held = new HashMap<>();
        places.forEach(place -> place.rank = held.merge(holder.apply(place), 1, Integer::sum));
        places.sort(Comparator.comparingInt(place -> Math.max(place.rank, share)));
    }

    /** It is equal only to itself, which is faster than to compare requests. */
    private static final class Place {

        private final int session;
        private Seen seen;
        private int rank;

        private Place(int session) {
            this.session = session;
        }
    }
}
