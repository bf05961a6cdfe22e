package org.ccmessaging.filestream.routes.check.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.support.PatternHelper;
import org.ccmessaging.filestream.routes.check.Configuration;
import org.ccmessaging.filestream.routes.check.Expression;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;

/**
 * A clause of a route's own applies although result-codes has the same class.
 *
 * <p>Camel collects the clauses of a route in order: those at the top of its file, then those of each configuration
 * that the route names. Of those for one class without a condition it keeps the last, in the place of the first. At a
 * failure it takes, of the clauses for the nearest class, the first whose condition holds ({@code RoutesDefinition},
 * {@code ErrorHandlerReifier} and {@code DefaultExceptionPolicyStrategy} of Camel 4.17).
 */
final class OwnClauses implements Rule {

    /**
     * A clause as a route has it.
     *
     * @param step the clause
     * @param configuration the id of its configuration; empty for one at the top of the file
     */
    private record Clause(Step step, String configuration) {

        boolean is(String exception) {
            return step.exceptions().stream().anyMatch(value -> value.text().equals(exception));
        }

        Optional<String> condition() {
            return step.expression("onWhen").map(Expression::text);
        }

        boolean isConditional() {
            return step.field("onWhen").isPresent();
        }
    }

    @Override
    public void check(RouteSet set, Findings findings) {
        set.routes().stream().filter(route -> !ErrorHandlers.handlesNothing(route))
                .forEach(route -> check(route, clauses(set, route), findings));
    }

    private static List<Clause> clauses(RouteSet set, Route route) {
        List<Clause> clauses = new ArrayList<>();
        set.others().stream().filter(element -> element.file().equals(route.file())
                && element.name().equals("onException")).forEach(one -> clauses.add(new Clause(one.step(), "")));
        for (String id : set.configurationsOf(route)) {
            Stream<Configuration> matching = set.configurations().stream().filter(one -> !one.id().isEmpty()
                    && PatternHelper.matchPattern(one.id(), id));
            matching.forEach(one -> one.clauses("onException").forEach(step ->
                    clauses.add(new Clause(step, one.id()))));
        }
        clauses.removeIf(clause -> clause.step().isDisabled());
        return clauses;
    }

    private static void check(Route route, List<Clause> clauses, Findings findings) {
        for (Clause clause : clauses) {
            if (clause.configuration().equals(ErrorHandlers.RESULT_CODES)) {
                continue;
            }
            for (Value exception : clause.step().exceptions()) {
                List<Clause> rivals = clauses.stream().filter(one -> one.is(exception.text())).toList();
                winner(clause, rivals).filter(winner -> !winner.configuration().equals(clause.configuration()))
                        .ifPresent(winner -> findings.error("R315", exception.place(), clause.step().label()
                                + " never applies in " + route.label() + ": " + winner.step().label()
                                + " of routeConfiguration " + winner.configuration() + " has the same class",
                                hint(clause, winner, rivals)));
            }
        }
    }

    /** The clause because of which this one never applies. */
    private static Optional<Clause> winner(Clause clause, List<Clause> rivals) {
        List<Clause> before = rivals.subList(0, rivals.indexOf(clause));
        if (clause.isConditional()) {
            return before.stream().filter(one -> !one.isConditional()).findFirst();
        }
        Optional<Clause> later = rivals.subList(before.size() + 1, rivals.size()).stream()
                .filter(one -> !one.isConditional()).reduce((one, last) -> last);
        boolean first = before.stream().allMatch(Clause::isConditional);
        return later.isPresent() || !first ? later : leavesNothing(before);
    }

    /** Two conditions of which one holds always, as those of download-failed and business-failure. */
    private static Optional<Clause> leavesNothing(List<Clause> clauses) {
        return clauses.stream().filter(one -> one.condition().filter(text -> text.contains("!=")).isPresent())
                .filter(one -> clauses.stream().anyMatch(other -> other.condition().equals(
                        one.condition().map(text -> text.replace("!=", "=="))))).findFirst();
    }

    private static String hint(Clause clause, Clause winner, List<Clause> rivals) {
        boolean before = rivals.indexOf(winner) < rivals.indexOf(clause);
        String own = clause.configuration().isEmpty() ? "<its id>" : clause.configuration();
        return (clause.configuration().isEmpty() ? "move it into a routeConfiguration of its own, and write "
                : "write ") + "routeConfigurationId: "
                + (before ? own + "," + winner.configuration() : winner.configuration() + "," + own);
    }
}
