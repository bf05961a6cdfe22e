package org.ccmessaging.filestream.routes.testing;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;

/**
 * The requests of customers that have another outcome with an edit: numbers and names of the routes only, so that
 * nothing of a customer is in a file.
 *
 * @param count number of replayed requests
 * @param problem why they could not be replayed; {@code null} if they could
 */
public record Replayed(int count, long millis, List<Difference> differences, String problem) {

    static final String SERVED = "0";

    /** Replays requests with the routes of one set. */
    public interface Replays {

        /**
         * @param which indexes of the requests to replay
         * @return the outcomes by index; fewer if there was no time for the others
         */
        Map<Integer, Outcome> replay(List<Seen> seen, Collection<Integer> which) throws InterruptedException;
    }

    /**
     * The outcome of a replay.
     *
     * @param code the {@code resultCode}
     * @param branch {@code none} if the request reached none
     * @param key the object's complete key; {@code null} if no step made one
     * @param clause the clause that made the response; {@code null} of a file
     * @param step the last step before the clause
     * @param notFound whether the request failed since there is no such object
     */
    record Outcome(String code, String branch, String key, String clause, String step, boolean notFound) {

        static final Outcome NONE = new Outcome(null, "none", null, null, null, false);

        Outcome with(String itsCode, String itsClause, String itsStep) {
            return new Outcome(itsCode, branch, key, itsClause, itsStep, notFound);
        }

        private boolean isAs(String itsCode, String itsBranch, String itsKey) {
            return code.equals(itsCode) && branch.equals(itsBranch) && Objects.equals(key, itsKey);
        }
    }

    /**
     * A request with another outcome.
     *
     * @param request its index
     * @param text the difference, without anything of the customer
     * @param code its {@code resultCode} with the active routes
     * @param lost whether it was served and would not be any more
     */
    public record Difference(int request, String text, String code, boolean lost) {

        private static Difference of(int request, Outcome was, Outcome is, Set<String> known) {
            String place = !was.branch().equals(is.branch()) ? (is.branch().equals("none") ? "reach no branch"
                    : "go to branch " + is.branch()) + " (were " + was.branch() + ")"
                    : Objects.equals(was.key(), is.key()) ? "" : "get another key in branch " + is.branch();
            // Nobody knows the files of a branch of which no request has read.
            boolean unknown = is.notFound() && is.key() != null && !known.contains(is.branch());
            String code = was.code().equals(is.code()) ? "" : unknown ? ", of which no request has read"
                    : (place.isEmpty() ? "" : ", ") + "got " + was.code() + " and get " + is.code()
                            + (is.clause() == null ? "" : ": `" + is.clause() + "`, step " + is.step());
            return new Difference(request, place + code, was.code(),
                    was.code().equals(SERVED) && !is.code().equals(SERVED) && !unknown);
        }
    }

    /** Returns the result of a replay that was not possible. */
    public static Replayed failed(String problem) {
        return new Replayed(0, 0, List.of(), problem);
    }

    /**
     * Replays requests with an edit. Those whose outcome differs from that of the customer are replayed with the active
     * routes too: what a replay cannot repeat, such as the response of another system, is no difference.
     */
    public static Replayed of(Replays active, Replays edit, List<Seen> seen) throws InterruptedException {
        long start = System.nanoTime();
        Map<Integer, Outcome> after = edit.replay(seen, IntStream.range(0, seen.size()).boxed().toList());
        List<Integer> other = after.keySet().stream().sorted().filter(index -> !after.get(index)
                .isAs(seen.get(index).code(), seen.get(index).branch(), seen.get(index).key())).toList();
        Map<Integer, Outcome> before = other.isEmpty() ? Map.of() : active.replay(seen, other);
        Set<String> known = seen.stream().filter(each -> each.size() >= 0).map(Seen::branch)
                .collect(Collectors.toSet());
        List<Difference> differences = other.stream().filter(before::containsKey).filter(index -> {
            Outcome was = before.get(index);
            return !after.get(index).isAs(was.code(), was.branch(), was.key());
        }).map(index -> Difference.of(index, before.get(index), after.get(index), known)).toList();
        return new Replayed(after.size(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), differences, null);
    }
}
