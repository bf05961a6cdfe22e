package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ccmessaging.filestream.observe.RecentRequests.Asked;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;

/**
 * The rehearsal of an edit: which of the last requests of customers would have another outcome. A process without the
 * service's settings replays them, and returns numbers and names of the routes only ({@link Replayed}). The service
 * has the requests, so nothing of a customer is in a file.
 *
 * @param requests those that were replayed
 * @param groups the differences by what they have in common, the largest group first
 */
public record Rehearsal(List<Seen> requests, Replayed replayed, List<Group> groups) {

    /** No rehearsal yet, or none was wanted. */
    public static final Rehearsal NONE = new Rehearsal(List.of(), new Replayed(0, 0, List.of(), null));

    private static final String SERVED = "0";
    private static final int MOST_LINES = 10;
    private static final double MILLIS = 1e3;

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
    public record Outcome(String code, String branch, String key, String clause, String step, boolean notFound) {

        static final Outcome NONE = new Outcome(null, "none", null, null, null, false);

        Outcome with(String itsCode, String itsClause, String itsStep) {
            return new Outcome(itsCode, branch, key, itsClause, itsStep, notFound);
        }

        private Outcome withoutKey() {
            return new Outcome(code, branch, null, clause, step, notFound);
        }

        private boolean isAs(String itsCode, String itsBranch, String itsKey) {
            return code.equals(itsCode) && branch.equals(itsBranch) && Objects.equals(key, itsKey);
        }
    }

    /**
     * A request with another outcome.
     *
     * @param request its index
     * @param before with the active routes, without a key
     * @param after with the edit, without a key
     * @param otherKey whether the two have different keys
     * @param unknown whether it goes to a branch of which no request has read, so that nobody knows the files there
     */
    public record Difference(int request, Outcome before, Outcome after, boolean otherKey, boolean unknown) {

        /** Returns whether the request was served and would not be any more. */
        private boolean lost() {
            return before.code().equals(SERVED) && !after.code().equals(SERVED) && !unknown;
        }
    }

    /** Differences with the same text. */
    public record Group(String text, List<Difference> differences) {
    }

    /**
     * The result that the process returns.
     *
     * @param count number of replayed requests
     * @param problem why the rehearsal could not run; {@code null} if it could
     */
    public record Replayed(int count, long millis, List<Difference> differences, String problem) {
    }

    /** Joins what the process returned with the requests that it got. */
    public Rehearsal(List<Seen> requests, Replayed replayed) {
        this(requests, replayed, replayed.differences().stream()
                .collect(Collectors.groupingBy(Rehearsal::text, LinkedHashMap::new, Collectors.toList()))
                .entrySet().stream().map(group -> new Group(group.getKey(), group.getValue()))
                .sorted(Comparator.comparing(group -> -group.differences().size())).toList());
    }

    /**
     * Replays requests with an edit. Those whose outcome differs from that of the customer are replayed with the active
     * routes too: what a replay cannot repeat, such as the response of another system, is no difference.
     */
    public static Replayed run(Suite active, Suite edit, List<Seen> seen) throws InterruptedException {
        long start = System.nanoTime();
        Map<Integer, Outcome> after = edit.replay(seen, IntStream.range(0, seen.size()).boxed().toList());
        List<Integer> other = after.keySet().stream().sorted().filter(index -> !after.get(index)
                .isAs(seen.get(index).code(), seen.get(index).branch(), seen.get(index).key())).toList();
        Map<Integer, Outcome> before = other.isEmpty() ? Map.of() : active.replay(seen, other);
        Set<String> known = seen.stream().filter(each -> each.size() >= 0).map(Seen::branch)
                .collect(Collectors.toSet());
        List<Difference> differences = new ArrayList<>();
        other.stream().filter(before::containsKey).forEach(index -> {
            Outcome was = before.get(index);
            Outcome is = after.get(index);
            if (!is.isAs(was.code(), was.branch(), was.key())) {
                differences.add(new Difference(index, was.withoutKey(), is.withoutKey(),
                        !Objects.equals(was.key(), is.key()),
                        is.notFound() && is.key() != null && !known.contains(is.branch())));
            }
        });
        return new Replayed(after.size(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), differences, null);
    }

    /** Returns whether a request that was served would not be any more. */
    public boolean losesRequests() {
        return replayed.differences().stream().anyMatch(Difference::lost);
    }

    private static String text(Difference difference) {
        Outcome was = difference.before();
        Outcome is = difference.after();
        String place = !was.branch().equals(is.branch()) ? (is.branch().equals("none") ? "reach no branch"
                : "go to branch " + is.branch()) + " (were " + was.branch() + ")"
                : difference.otherKey() ? "get another key in branch " + is.branch() : "";
        String code = was.code().equals(is.code()) ? ""
                : difference.unknown() ? ", of which no request has read"
                : (place.isEmpty() ? "" : ", ") + "got " + was.code() + " and get " + is.code()
                        + (is.clause() == null ? "" : ": `" + is.clause() + "`, step " + is.step());
        return place + code;
    }

    /**
     * Returns a test, as test files have it, that a request of a group has the outcome that it has without the edit.
     *
     * @param group its number in {@link #lines}, from 1
     * @throws IllegalArgumentException if there is no such group
     */
    public String asTest(int group) {
        if (group < 1 || group > groups.size()) {
            throw new IllegalArgumentException("there is no group " + group + " of differences; the last rehearsal has "
                    + groups.size());
        }
        Group chosen = groups.get(group - 1);
        Difference difference = chosen.differences().get(0);
        Seen seen = requests.get(difference.request());
        String content = seen.size() == 0 ? "" : "a file of branch " + seen.branch();
        ObjectNode test = test(seen).put("test", "a request of a customer ends as before (" + chosen.text() + ")");
        if (seen.size() >= 0) {
            test.putObject("files").putObject(seen.branch()).put(seen.key(), content);
        }
        if (seen.lookedUp() != null) {
            test.putObject("catalogue").putObject(seen.asked().tenant())
                    .put(seen.asked().request().fileId(), seen.lookedUp());
        }
        ObjectNode expect = test.putObject("expect").put("resultCode", difference.before().code());
        if (difference.before().code().equals(SERVED)) {
            expect.put("file", content);
        }
        // JSON is YAML, a member a line.
        return Stream.of("test", "files", "catalogue", "request", "expect").filter(test::has)
                .map(member -> member + ": " + test.get(member)).collect(Collectors.joining("\n  ", "- ", ""));
    }

    /** Returns a test that only has the request. */
    static ObjectNode test(Seen seen) {
        Asked asked = seen.asked();
        ObjectNode test = JsonNodeFactory.instance.objectNode();
        ObjectNode request = test.putObject("request").put("tenant", asked.tenant())
                .put("channelId", asked.channel()).put("app", asked.app()).put("fileId", asked.request().fileId())
                .put("fileType", asked.request().fileType()).put("multiMedia", asked.request().multiMedia());
        asked.headers().forEach(request.putObject("headers")::put);
        request.removeIf(value -> value.isNull() || value.isEmpty() && value.isObject());
        return test;
    }

    /** Returns a summary, and then the groups, in lines to read. Nothing in them names a customer. */
    public List<String> lines() {
        if (replayed.problem() != null) {
            return List.of("could not run: " + replayed.problem());
        }
        if (requests.isEmpty()) {
            return List.of();
        }
        String all = String.format(Locale.ROOT, "%,d", replayed.count());
        int silent = requests.size() - replayed.count();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%s requests in %.1f s: %s%s", all, replayed.millis() / MILLIS,
                groups.isEmpty() ? "no difference" : replayed.differences().size() + " differ",
                silent == 0 ? "" : "; " + silent + " others have no result"));
        groups.stream().limit(MOST_LINES).forEach(group -> lines.add(String.format(Locale.ROOT, "%,d of %s %s",
                group.differences().size(), all, group.text())));
        if (groups.size() > MOST_LINES) {
            lines.add("and " + (groups.size() - MOST_LINES) + " other groups");
        }
        return lines;
    }
}
