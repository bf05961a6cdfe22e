package org.ccmessaging.filestream.routes.testing;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;

/**
 * The outcome of a replay.
 *
 * @param code the {@code resultCode}
 * @param branch {@code none} if the request reached none
 * @param key the object's complete key; {@code null} if no step made one
 * @param headers the names of the response headers that routes set
 * @param clause the clause that made the response; {@code null} of a file
 * @param step the last step before the clause
 * @param notFound whether the request failed since there is no such object
 */
record Outcome(String code, String branch, String key, Set<String> headers, String clause, String step,
        boolean notFound) {

    static final Outcome NONE = new Outcome(null, "none", null, Set.of(), null, null, false);

    Outcome with(String ofResponse, Set<String> ofRoutes, String clauseOfFailure, String before) {
        return new Outcome(ofResponse, branch, key, ofRoutes, clauseOfFailure, before, notFound);
    }

    boolean isThatOf(Seen seen) {
        return code.equals(seen.code()) && branch.equals(seen.branch()) && Objects.equals(key, seen.key());
    }

    boolean isServed() {
        return code.equals("0");
    }

    /** Returns the names of the headers that only one of two outcomes has. */
    Set<String> headersUnlike(Outcome other) {
        return Stream.of(headers, other.headers).flatMap(Set::stream)
                .filter(name -> headers.contains(name) != other.headers.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the differences of another outcome, without anything of the customer; empty if there are none. */
    String differences(Outcome other) {
        String place = !branch.equals(other.branch)
                ? (other.branch.equals(NONE.branch) ? "reach no branch" : "go to branch " + other.branch)
                        + " (were " + branch + ")"
                : Objects.equals(key, other.key) ? "" : "get another key in branch " + branch;
        if (!code.equals(other.code)) {
            String outcome = "got " + code + " and get " + other.code
                    + (other.clause == null ? "" : ": `" + other.clause + "`, step " + other.step);
            return place.isEmpty() ? outcome : place + ", " + outcome;
        }
        return Stream.concat(Stream.of(place).filter(part -> !part.isEmpty()), headersUnlike(other).stream()
                .map(name -> (headers.contains(name) ? "lose" : "get") + " header " + name))
                .collect(Collectors.joining(", "));
    }
}
