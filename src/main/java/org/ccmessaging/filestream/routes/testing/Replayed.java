package org.ccmessaging.filestream.routes.testing;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;

/**
 * The requests of customers that have another outcome with an edit: numbers and names of the routes only, so that
 * nothing of a customer is in a file.
 *
 * @param count number of requests that were replayed with both sets
 * @param repeated how many of them have the outcome of the customer with the active routes
 * @param problem why they could not be replayed; {@code null} if they could
 */
public record Replayed(int count, int repeated, long millis, List<Difference> differences, String problem) {

    static final String SERVED = "0";

    /** How many requests are replayed twice with the active routes. */
    private static final int REPEATED = 50;

    /** Replays requests with the routes of one set. */
    public interface Replays {

        /** Returns the outcomes by index; fewer if there was no time for the others. */
        Map<Integer, Outcome> replay(List<Seen> seen) throws InterruptedException;
    }

    /**
     * The outcome of a replay.
     *
     * @param code the {@code resultCode}
     * @param branch {@code none} if the request reached none
     * @param key the object's complete key; {@code null} if no step made one
     * @param headers those of the response that routes set
     * @param clause the clause that made the response; {@code null} of a file
     * @param step the last step before the clause
     * @param notFound whether the request failed since there is no such object
     */
    public record Outcome(String code, String branch, String key, Map<String, String> headers, String clause, String step,
            boolean notFound) {

        static final Outcome NONE = new Outcome(null, "none", null, Map.of(), null, null, false);

        Outcome with(String itsCode, Map<String, String> itsHeaders, String itsClause, String itsStep) {
            return new Outcome(itsCode, branch, key, itsHeaders, itsClause, itsStep, notFound);
        }

        /**
         * Returns the headers that another outcome does not have, or with another value.
         *
         * @param random those whose values do not count, and are empty in the result
         */
        private Map<String, String> headersUnlike(Outcome other, Set<String> random) {
            Map<String, String> unlike = new TreeMap<>();
            Stream.of(headers, other.headers).flatMap(each -> each.keySet().stream()).filter(name ->
                    random.contains(name) ? headers.containsKey(name) != other.headers.containsKey(name)
                            : !Objects.equals(headers.get(name), other.headers.get(name)))
                    .forEach(name -> unlike.put(name, random.contains(name) && headers.containsKey(name) ? ""
                            : headers.get(name)));
            return unlike;
        }

        private boolean isThatOf(Seen seen) {
            return code.equals(seen.code()) && branch.equals(seen.branch()) && Objects.equals(key, seen.key());
        }
    }

    /**
     * A request with another outcome.
     *
     * @param request its index
     * @param text the difference, without anything of the customer
     * @param code its {@code resultCode} with the active routes
     * @param headers the response headers with the active routes that differ; {@code null} for one that is absent
     * @param lost whether it was served and would not be any more
     */
    public record Difference(int request, String text, String code, Map<String, String> headers, boolean lost) {

        /** Returns nothing if the outcomes are the same. */
        private static Optional<Difference> of(
                int request, Outcome was, Outcome is, Set<String> known, Set<String> random) {
            String place = !was.branch().equals(is.branch()) ? (is.branch().equals("none") ? "reach no branch"
                    : "go to branch " + is.branch()) + " (were " + was.branch() + ")"
                    : Objects.equals(was.key(), is.key()) ? "" : "get another key in branch " + is.branch();
            // Nobody knows the files of a branch of which no request has read.
            boolean unknown = is.notFound() && is.key() != null && !known.contains(is.branch());
            boolean sameCode = was.code().equals(is.code());
            Map<String, String> headers = sameCode ? was.headersUnlike(is, random) : Map.of();
            String text = sameCode || !unknown ? Stream.concat(Stream.of(place, sameCode ? ""
                    : "got " + was.code() + " and get " + is.code()
                            + (is.clause() == null ? "" : ": `" + is.clause() + "`, step " + is.step())),
                    headers.entrySet().stream().map(header -> (header.getValue() == null ? "get"
                            : is.headers().containsKey(header.getKey()) ? "get another value of" : "lose")
                            + " header " + header.getKey())).filter(part -> !part.isEmpty())
                    .collect(Collectors.joining(", ")) : place + ", of which no request has read";
            return text.isEmpty() ? Optional.empty() : Optional.of(new Difference(request, text, was.code(), headers,
                    was.code().equals(SERVED) && !is.code().equals(SERVED) && !unknown));
        }
    }

    /** Returns the result of a replay that was not possible. */
    public static Replayed failed(String problem) {
        return new Replayed(0, 0, 0, List.of(), problem);
    }

    /**
     * Replays requests with the active routes and with an edit: what a replay cannot repeat, such as the response of
     * another system, is no difference. Nor is a header whose value differs between two replays of the same request.
     */
    public static Replayed of(Replays active, Replays edit, List<Seen> seen) throws InterruptedException {
        long start = System.nanoTime();
        int count = seen.size();
        List<Seen> twice = Stream.concat(seen.stream(), seen.stream().limit(REPEATED)).toList();
        Map<Integer, Outcome> before = active.replay(twice);
        Map<Integer, Outcome> after = edit.replay(seen);
        Set<String> random = IntStream.range(count, twice.size()).boxed()
                .filter(index -> before.containsKey(index) && before.containsKey(index - count)).flatMap(index -> before
                        .get(index).headersUnlike(before.get(index - count), Set.of()).keySet().stream())
                .collect(Collectors.toSet());
        Set<String> known = seen.stream().filter(each -> each.size() >= 0).map(Seen::branch)
                .collect(Collectors.toSet());
        List<Integer> both = after.keySet().stream().filter(before::containsKey).sorted().toList();
        List<Difference> differences = both.stream().flatMap(index ->
                Difference.of(index, before.get(index), after.get(index), known, random).stream()).toList();
        int repeated = (int) both.stream().filter(index -> before.get(index).isThatOf(seen.get(index))).count();
        return new Replayed(both.size(), repeated, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), differences, null);
    }
}
