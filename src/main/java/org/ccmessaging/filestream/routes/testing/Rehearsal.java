package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.observe.RecentRequests.Asked;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.toolkit.LogText;

/**
 * The last requests of customers, replayed with the active routes and with an edit.
 *
 * @param count number of requests that have a result with both
 * @param repeated how many of them have the outcome of the customer with the active routes
 * @param groups the differences by their text, the largest group first
 */
public record Rehearsal(List<Seen> requests, int count, int repeated, long millis,
        List<Map.Entry<String, List<Difference>>> groups) {

    private static final int MOST_LINES = 10;
    private static final double MILLIS = 1e3;

    /**
     * A request with another outcome.
     *
     * @param request its index
     * @param before its outcome with the active routes
     * @param after its outcome with the edit
     * @param lost whether it was served and would not be any more
     */
    record Difference(int request, Outcome before, Outcome after, String text, boolean lost) {

        /** @param known the branches of which requests have read, since nobody knows the files of another */
        static Difference of(int request, Outcome before, Outcome after, Set<String> known) {
            boolean unknown = !before.code().equals(after.code()) && after.notFound() && after.key() != null
                    && !known.contains(after.branch());
            return new Difference(request, before, after, unknown
                    ? before.differences(after.with(before.code(), before.headers(), null, null))
                            + ", of which no request has read" : before.differences(after),
                    before.isServed() && !after.isServed() && !unknown);
        }
    }

    /**
     * Replays requests with two sets, one service after the other. What a replay cannot repeat, such as the response of
     * another system, is the same with both. The values of response headers are not compared, because they may be other
     * ones in each response.
     *
     * @param stage gets what happens now, for people
     * @throws RuntimeException if a service does not start with its routes
     */
    public static Rehearsal of(Suite active, Suite edit, List<Seen> requests, Consumer<String> stage)
            throws InterruptedException {
        long start = System.nanoTime();
        stage.accept(requests.size() + " requests with the active files");
        Map<Integer, Outcome> before = active.replay(requests);
        stage.accept(requests.size() + " requests with the files in " + edit.routes().folder());
        Map<Integer, Outcome> after = edit.replay(requests);
        Set<String> known = requests.stream().filter(each -> each.size() >= 0).map(Seen::branch)
                .collect(Collectors.toSet());
        List<Integer> both = before.keySet().stream().sorted()
                .filter(after::containsKey).toList();
        Map<String, List<Difference>> groups = both.stream()
                .map(index -> Difference.of(index, before.get(index), after.get(index), known))
                .filter(difference -> !difference.text().isEmpty()).collect(Collectors.groupingBy(Difference::text));
        return new Rehearsal(requests, both.size(),
                (int) both.stream().filter(index -> before.get(index).isThatOf(requests.get(index))).count(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), groups.entrySet().stream().sorted(Comparator
                        .comparing((Map.Entry<String, List<Difference>> group) -> -group.getValue().size())
                        .thenComparing(Map.Entry::getKey)).toList());
    }

    /** Returns whether a request that was served would not be any more. */
    public boolean losesRequests() {
        return groups.stream().flatMap(group -> group.getValue().stream()).anyMatch(Difference::lost);
    }

    /** Returns why the results prove nothing; nothing if they do. */
    public Optional<String> tooFew() {
        return repeated > 0 && repeated * 2 >= requests.size() ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "too few results: with the active files, %,d of %,d requests"
                        + " have the outcome that they had in the service, and at least half must. Run the command with"
                        + " the settings of the service, and after new requests", repeated, requests.size()));
    }

    /**
     * Returns a test, as test files have it, that a request of a group has the outcome that it has without the edit.
     *
     * @param group its number in {@link #lines}, from 1
     * @throws IllegalArgumentException if there is no such group
     */
    public String asTest(int group) {
        if (group < 1 || group > groups.size()) {
            throw new IllegalArgumentException("there is no group " + group + " of differences, but " + groups.size());
        }
        Difference difference = groups.get(group - 1).getValue().get(0);
        Seen seen = requests.get(difference.request());
        String content = seen.size() == 0 ? "" : "a file of branch " + seen.branch();
        ObjectNode test = test(seen).put("test", "a request of a customer ends as before (" + difference.text() + ")");
        if (seen.size() >= 0) {
            ObjectNode files = test.putObject("files").putObject(seen.branch());
            if (seen.notClean()) {
                files.putObject(seen.key()).put("content", content).putObject("tags");
            } else {
                files.put(seen.key(), content);
            }
        }
        if (seen.lookedUp() != null) {
            test.putObject("catalogue").putObject(seen.asked().tenant())
                    .put(seen.asked().request().fileId(), seen.lookedUp());
        }
        ObjectNode expect = test.putObject("expect").put("resultCode", difference.before().code());
        if (difference.before().isServed()) {
            expect.put("file", content);
        }
        if (difference.before().code().equals(difference.after().code())) {
            difference.before().headersUnlike(difference.after()).forEach(name -> expect.withObject("/headers")
                    .set(name, difference.before().headers().contains(name)
                            ? JsonNodeFactory.instance.objectNode().put("contains", "") : NullNode.instance));
        }
        // JSON is YAML, a member a line. Only characters that a terminal shows as they are.
        return Stream.of("test", "files", "catalogue", "request", "expect").filter(test::has)
                .map(member -> member + ": " + LogText.ascii(test.get(member).toString()))
                .collect(Collectors.joining("\n  ", "- ", ""));
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
        int differ = groups.stream().mapToInt(group -> group.getValue().size()).sum();
        int silent = requests.size() - count;
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%,d requests in %.1f s: %s%s", count, millis / MILLIS,
                differ == 0 ? "no difference" : differ + " differ",
                silent == 0 ? "" : "; " + silent + " others have no result"));
        groups.stream().limit(MOST_LINES).forEach(group -> lines.add(String.format(Locale.ROOT, "%,d of %,d %s",
                group.getValue().size(), count, group.getKey())));
        if (groups.size() > MOST_LINES) {
            lines.add("and " + (groups.size() - MOST_LINES) + " other groups");
        }
        return lines;
    }
}
