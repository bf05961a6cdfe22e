package org.ccmessaging.filestream.routes.check.rules;

import java.util.EnumSet;
import java.util.Set;
import org.ccmessaging.filestream.routes.check.Assignment;
import org.ccmessaging.filestream.routes.check.Step;

/**
 * One way that a request can have taken to a point.
 *
 * @param facts what is true there
 * @param branch the last branch of a {@code choice} that it took; the choice itself if it took none of its branches;
 *     {@code null} if it met none
 * @param last the last step of the outermost route; {@code null} before the first
 * @param code what set header {@code resultCode} last; {@code null} if nothing has
 */
record Path(Set<Fact> facts, Step branch, Step last, Assignment code) {

    static Path of(Fact... facts) {
        EnumSet<Fact> set = EnumSet.noneOf(Fact.class);
        set.addAll(Set.of(facts));
        return new Path(set, null, null, null);
    }

    boolean is(Fact fact) {
        return facts.contains(fact);
    }

    boolean lacks(Fact fact) {
        return !facts.contains(fact);
    }

    Path with(Fact... more) {
        EnumSet<Fact> all = copy();
        all.addAll(Set.of(more));
        return new Path(all, branch, last, code);
    }

    Path without(Fact... less) {
        EnumSet<Fact> rest = copy();
        rest.removeAll(Set.of(less));
        return new Path(rest, branch, last, code);
    }

    Path through(Step newBranch) {
        return new Path(facts, newBranch, last, code);
    }

    Path after(Step step) {
        return new Path(facts, branch, step, code);
    }

    Path coded(Assignment assignment, Fact kind) {
        Path other = without(Fact.SUCCESS_CODE, Fact.FAILURE_CODE, Fact.ANY_CODE).with(kind);
        return new Path(other.facts, branch, last, assignment);
    }

    private EnumSet<Fact> copy() {
        EnumSet<Fact> copy = EnumSet.noneOf(Fact.class);
        copy.addAll(facts);
        return copy;
    }
}
