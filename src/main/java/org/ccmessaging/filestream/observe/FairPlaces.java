package org.ccmessaging.filestream.observe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.ccmessaging.filestream.observe.RecentRequests.Asked;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;

/**
 * Keeps the last distinct requests in a number of places. A new request evicts the one that was used longest ago: of all
 * requests, or of the largest tenant if this has more than a tenth of the places, or of its largest session if this has
 * more than a tenth of the tenant's. So anybody fills places that nobody else needs, and keeps nobody else out.
 */
final class FairPlaces {

    private static final int SHARES = 10;

    private final int most;
    private final Map<Asked, Place> places = new HashMap<>();
    private final Holder all = new Holder(null, null);

    FairPlaces(int most) {
        this.most = most;
    }

    /** @param session holds the place until the request is evicted, also if another session repeats the request */
    void put(Seen seen, Object session) {
        Place place = places.computeIfAbsent(seen.asked(),
                asked -> new Place(all.part(asked.tenant()).part(session)));
        place.seen = seen;
        for (Holder each = place.session; each != null; each = each.above) {
            each.use(place);
        }
        if (places.size() > most) {
            remove(all.leastNeeded().seen.asked());
        }
    }

    void remove(Asked asked) {
        Place place = places.remove(asked);
        for (Holder each = place == null ? null : place.session; each != null; each = each.above) {
            each.giveUp(place);
        }
    }

    /** Returns the requests, the last one last. */
    List<Seen> list() {
        List<Seen> list = new ArrayList<>();
        all.held.keySet().forEach(place -> list.add(place.seen));
        return list;
    }

    /** It has the identity of an object, which is faster than that of its request. */
    private static final class Place {

        private final Holder session;
        private Seen seen;

        private Place(Holder session) {
            this.session = session;
        }
    }

    /** All customers, a tenant or a session, while it has a place. */
    private final class Holder {

        private final Holder above;
        private final Object name;

        /** In the order of the last use. */
        private final Map<Place, Place> held = new LinkedHashMap<>(4, 0.75f, true);
        private final Map<Object, Holder> parts = new HashMap<>(4);

        /** Parts that may have more than a tenth of a tenant with more than a tenth. The largest is the last one. */
        private final NavigableSet<Holder> bySize = new TreeSet<>(
                Comparator.<Holder>comparingInt(part -> part.held.size()).thenComparingInt(part -> part.number));
        private final int number;
        private int numbers;

        private Holder(Holder above, Object name) {
            this.above = above;
            this.name = name;
            // Of equal parts, the oldest comes last.
            this.number = above == null ? 0 : --above.numbers;
        }

        private Holder part(Object part) {
            return parts.computeIfAbsent(part, named -> new Holder(this, named));
        }

        private void use(Place place) {
            if (held.get(place) == null) {
                resize(() -> held.put(place, place));
            }
        }

        private void giveUp(Place place) {
            resize(() -> held.remove(place));
            if (held.isEmpty() && above != null) {
                above.parts.remove(name);
            }
        }

        private void resize(Runnable change) {
            if (isLarge()) {
                above.bySize.remove(this);
            }
            change.run();
            if (isLarge()) {
                above.bySize.add(this);
            }
        }

        private boolean isLarge() {
            return above != null && held.size() > most / SHARES / SHARES;
        }

        private Place leastNeeded() {
            Holder largest = bySize.isEmpty() ? null : bySize.last();
            return largest != null && largest.held.size() * SHARES > held.size() ? largest.leastNeeded()
                    : held.keySet().iterator().next();
        }
    }
}
