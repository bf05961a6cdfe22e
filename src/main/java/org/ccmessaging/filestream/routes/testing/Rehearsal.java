package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.observe.RecentRequests.Asked;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.routes.testing.Replayed.Difference;
import org.ccmessaging.filestream.toolkit.LogText;

/**
 * The rehearsal of an edit, as operators see it: the requests, which only the service has, and what a process without
 * its settings found with them.
 *
 * @param groups the differences by their text, the largest group first
 */
public record Rehearsal(List<Seen> requests, Replayed replayed, List<Map.Entry<String, List<Difference>>> groups) {

    /** No rehearsal yet, or none was wanted. */
    public static final Rehearsal NONE = new Rehearsal(List.of(), Replayed.failed(null));

    /** Why there is nothing to rehearse. */
    public static final String NO_REQUESTS = "the service has kept no request yet (filestream.routes.rehearsal)";

    private static final int MOST_LINES = 10;
    private static final double MILLIS = 1e3;

    /** Joins the result of a replay with the requests that were replayed. */
    public Rehearsal(List<Seen> requests, Replayed replayed) {
        this(requests, replayed, replayed.differences().stream()
                .collect(Collectors.groupingBy(Difference::text, LinkedHashMap::new, Collectors.toList()))
                .entrySet().stream().sorted(Comparator.comparing(
                        (Map.Entry<String, List<Difference>> group) -> -group.getValue().size())
                        .thenComparing(Map.Entry::getKey)).toList());
    }

    /** Returns whether a request that was served would not be any more. */
    public boolean losesRequests() {
        return replayed.differences().stream().anyMatch(Difference::lost);
    }

    /** Returns why the results prove nothing; nothing if they do. */
    public Optional<String> tooFew() {
        return requests.isEmpty() ? Optional.of(NO_REQUESTS)
                : replayed.repeated() * 2 >= requests.size() ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT, "too few results: with the active files, %,d of %,d requests"
                        + " have the outcome that they had in the service, and at least half must. Run the command with"
                        + " the settings of the service, and after new requests", replayed.repeated(), requests.size()));
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
        Map.Entry<String, List<Difference>> chosen = groups.get(group - 1);
        Difference difference = chosen.getValue().get(0);
        Seen seen = requests.get(difference.request());
        String content = seen.size() == 0 ? "" : "a file of branch " + seen.branch();
        ObjectNode test = test(seen).put("test", "a request of a customer ends as before (" + chosen.getKey() + ")");
        if (seen.size() >= 0) {
            test.putObject("files").putObject(seen.branch()).put(seen.key(), content);
        }
        if (seen.lookedUp() != null) {
            test.putObject("catalogue").putObject(seen.asked().tenant())
                    .put(seen.asked().request().fileId(), seen.lookedUp());
        }
        ObjectNode expect = test.putObject("expect").put("resultCode", difference.code());
        if (difference.code().equals(Replayed.SERVED)) {
            expect.put("file", content);
        }
        difference.headers().forEach((name, value) -> {
            ObjectNode headers = expect.withObject("/headers");
            if ("".equals(value)) {
                headers.putObject(name).put("contains", value);
            } else {
                headers.put(name, value);
            }
        });
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
                group.getValue().size(), all, group.getKey())));
        if (groups.size() > MOST_LINES) {
            lines.add("and " + (groups.size() - MOST_LINES) + " other groups");
        }
        return lines;
    }
}
