package org.ccmessaging.filestream.http.connection;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The connections whose clients keep the service waiting in one way. It has a bound, because each of them holds memory
 * or a thread. One more makes the one leave that has waited longest: a usual client waits for milliseconds, so the one
 * that leaves is one that uses up its time.
 */
final class Crowd {

    private final int most;
    private final Set<Connection> waiting = new LinkedHashSet<>();

    /** @param most connections that may wait, at least 1 */
    Crowd(int most) {
        this.most = most;
    }

    /** @return the connection that must leave; {@code null} if all may stay */
    synchronized Connection join(Connection connection) {
        waiting.add(connection);
        if (waiting.size() <= most) {
            return null;
        }
        Iterator<Connection> oldestFirst = waiting.iterator();
        Connection oldest = oldestFirst.next();
        oldestFirst.remove();
        return oldest;
    }

    synchronized void leave(Connection connection) {
        waiting.remove(connection);
    }
}
