package org.ccmessaging.filestream.routes.testing;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;

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
record Outcome(String code, String branch, String key, Map<String, String> headers, String clause, String step,
        boolean notFound) {

    static final Outcome NONE = new Outcome(null, "none", null, Map.of(), null, null, false);

    Outcome with(String ofResponse, Map<String, String> ofRoutes, String clauseOfFailure, String before) {
        return new Outcome(ofResponse, branch, key, ofRoutes, clauseOfFailure, before, notFound);
    }

    boolean isThatOf(Seen seen) {
        return code.equals(seen.code()) && branch.equals(seen.branch()) && Objects.equals(key, seen.key());
    }

    boolean isServed() {
        return code.equals("0");
    }

    /**
     * Returns the headers that another outcome does not have, or with another value.
     *
     * @param random those whose values do not count, and are empty in the result
     */
    Map<String, String> headersUnlike(Outcome other, Set<String> random) {
        Map<String, String> unlike = new TreeMap<>();
        Stream.of(headers, other.headers).flatMap(each -> each.keySet().stream()).filter(name -> random.contains(name)
                        ? headers.containsKey(name) != other.headers.containsKey(name)
                        : !Objects.equals(headers.get(name), other.headers.get(name)))
                .forEach(name -> unlike.put(name, random.contains(name) && headers.containsKey(name) ? ""
                        : headers.get(name)));
        return unlike;
    }

    /**
     * Returns the differences of another outcome, without anything of the customer; empty if there are none.
     *
     * @param unlike the headers that differ
     */
    String differences(Outcome other, Map<String, String> unlike) {
        boolean sameBranch = branch.equals(other.branch);
        String place = sameBranch ? Objects.equals(key, other.key) ? "" : "get another key in branch " + branch
                : (other.branch.equals(NONE.branch) ? "reach no branch" : "go to branch " + other.branch) + " (were "
                        + branch + ")";
        String outcome = code.equals(other.code) ? "" : "got " + code + " and get " + other.code
                + (other.clause == null ? "" : ": `" + other.clause + "`, step " + other.step);
        return Stream.concat(Stream.of(place, outcome).filter(part -> !part.isEmpty()),
                unlike.entrySet().stream().map(header -> (header.getValue() == null ? "get"
                        : other.headers.containsKey(header.getKey()) ? "get another value of" : "lose") + " header "
                        + header.getKey())).collect(Collectors.joining(", "));
    }
}
