package org.ccmessaging.filestream.routes;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.ccmessaging.filestream.observe.RouteMeters;
import org.ccmessaging.filestream.toolkit.ComparedSession;
import org.ccmessaging.filestream.toolkit.KeyedHash;
import org.ccmessaging.filestream.toolkit.PeriodicTasks;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.stereotype.Component;

/**
 * Leads each request to a generation, and closes those whose last request has ended. A change of the generations that
 * take requests is one write, so one generation serves a request completely (decision 0024). During a canary, two
 * generations take requests, and the session of a request decides (decision 0028).
 *
 * <p>Routes that an operator has stopped are the state of this class, and not of one generation: all that take requests
 * have it, and so has each one that comes. Routes that begin exchanges on their own run in the active generation only.
 */
@Component
public class Serving {

    private static final long TURN_MILLIS = 100;

    private static final int PERCENT = 100;

    /** Bits of a hash that a {@code double} holds exactly. */
    private static final int HASH_BITS = 53;

    private final ApplicationContext application;
    private final RandomGenerator random;
    private final List<Generation> draining = new CopyOnWriteArrayList<>();
    private final Set<String> stopped = ConcurrentHashMap.newKeySet();
    private final PeriodicTasks thread = new PeriodicTasks("drained-routes", 1);
    private volatile Active active = new Active(new Entered(null, null), null, 0, null);
    private boolean closed;

    /**
     * A request in a generation.
     *
     * @param session {@code null} if no canary served when the request entered, or the request names no session
     */
    public record Entered(Generation generation, ComparedSession session) {
    }

    /**
     * @param all the entry of requests without a comparison
     * @param canary {@code null} if one generation takes all requests
     * @param share of the sessions that the canary gets, as a part of 1
     * @param names hashes sessions; its key is random, so that no client knows the side of a session beforehand
     */
    private record Active(Entered all, Generation canary, double share, KeyedHash names) {

        Generation serving() {
            return all.generation;
        }

        Entered enter(Supplier<String> session) {
            String name = canary == null ? null : session.get();
            if (name == null) {
                return all;
            }
            long hash = names.of(name);
            boolean isFirst = Math.scalb((double) (hash >>> (Long.SIZE - HASH_BITS)), -HASH_BITS) < share;
            return new Entered(isFirst ? canary : serving(), new ComparedSession(canary.number(), hash));
        }

        /** First the canary, where sources stop before they start in the active generation. */
        List<Generation> generations() {
            return Stream.of(canary, serving()).filter(Objects::nonNull).toList();
        }
    }

    @Autowired
    Serving(ApplicationContext application) {
        this(application, new SecureRandom());
    }

    /** @param random chooses the key of each canary */
    public Serving(ApplicationContext application, RandomGenerator random) {
        this.application = application;
        this.random = random;
    }

    /** Takes a {@link #turn} regularly, until {@link #close}. */
    public void begin() {
        thread.scheduleWithFixedDelay(this::turn, TURN_MILLIS, TURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Returns the active generation; {@code null} until the first one has started. */
    public Generation current() {
        return active.serving();
    }

    /** Returns the numbers of the generations that end their last requests. */
    public List<Integer> draining() {
        return draining.stream().map(Generation::number).toList();
    }

    /**
     * Enters a request into a generation. The first one has started when Tomcat opens its port. The caller calls
     * {@link Generation#exit} when the last byte of the response has left.
     *
     * @param session returns what names the session of the request; {@code null} if it has none. Called during a canary
     */
    public Entered enter(Supplier<String> session) {
        while (true) {
            Active now = active;
            Entered entered = now.enter(session);
            entered.generation.enter();
            // A swap writes first and reads the count afterwards. So it sees this request, or this sees the swap.
            if (now == active) {
                return entered;
            }
            entered.generation.exit();
        }
    }

    /**
     * Starts a generation and activates it, or makes it the canary. It replaces the canary before it. Requests that
     * have entered another generation end there. A generation that cannot be started changes nothing.
     *
     * @param number counts up from 1
     * @param percent share of the sessions that a canary gets; 100 activates the generation
     * @throws RuntimeException if a route cannot be built or started, or the service stops
     */
    public synchronized void serve(int number, RouteFiles files, int percent) {
        if (closed) {
            throw new IllegalStateException("the service stops");
        }
        Generation next = start(number, files);
        try {
            follow();
            next.apply(stopped);
            if (percent == PERCENT) {
                replaceBy(next);
            } else {
                change(new Active(new Entered(current(), null), next, percent / (double) PERCENT,
                        new KeyedHash(random)));
            }
        } catch (RuntimeException failed) {
            next.close();
            throw failed;
        }
    }

    protected Generation start(int number, RouteFiles files) {
        return Generation.start(application, number, files);
    }

    protected void activated(Generation generation) {
        application.getBean(RouteMeters.class).show(generation.camel());
    }

    /**
     * Activates the canary.
     *
     * @throws RuntimeException if a route that begins exchanges on its own cannot be started; nothing changes then
     */
    public synchronized void promote() {
        follow();
        replaceBy(active.canary);
    }

    /** Ends the canary. The active generation takes all requests. */
    public synchronized void withdraw() {
        follow();
        change(new Active(new Entered(current(), null), null, 0, null));
    }

    /** Stops the sources of the active generation before those of the next one start, so that none runs twice. */
    private void replaceBy(Generation next) {
        Generation before = current();
        if (before != null) {
            before.pauseSources();
        }
        try {
            next.startSources(stopped);
        } catch (RuntimeException failed) {
            if (before != null) {
                before.startSources(stopped);
            }
            throw failed;
        }
        change(new Active(new Entered(next, null), null, 0, null));
    }

    private void change(Active next) {
        Active before = active;
        active = next;
        before.generations().stream().filter(each -> !next.generations().contains(each)).forEach(each -> {
            each.showAs("-draining-" + each.number());
            draining.add(each);
        });
        next.serving().showAs("");
        if (next.canary != null) {
            next.canary.showAs("-canary-" + next.canary.number());
        }
        activated(next.serving());
    }

    /** Returns the IDs of routes that somebody has stopped or suspended, and none while the service stops them all. */
    public List<String> stopped() {
        Generation serving = current();
        return serving == null ? List.of() : serving.routes().entrySet().stream().filter(route -> !route.getValue())
                .map(Map.Entry::getKey).sorted().toList();
    }

    /** Does what is due: what an operator did to a route of one generation, and the end of drained generations. */
    public void turn() {
        follow();
        for (Generation each : draining) {
            if (!each.isBusy()) {
                try {
                    each.close();
                } finally {
                    draining.remove(each);
                }
            }
        }
    }

    /** Gives all generations that take requests the state that an operator gave one. */
    protected synchronized void follow() {
        List<Generation> generations = closed ? List.of() : active.generations();
        // Without a short circuit, because each generation remembers what it has seen.
        if (generations.stream().filter(each -> each.follow(stopped)).count() > 0) {
            generations.forEach(each -> each.apply(stopped));
        }
    }

    /** Closes all generations. No other starts after that. */
    public synchronized void close() {
        closed = true;
        thread.shutdown();
        Stream.concat(draining.stream(), active.generations().stream()).forEach(Generation::close);
        draining.clear();
    }
}
