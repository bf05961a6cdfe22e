package org.ccmessaging.filestream.routes.check.rules;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Rule;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.toolkit.Steps;

/** Each request runs the steps of its {@link Frame}, and each step has what it needs ({@link Flow}). */
final class Requests implements Rule {

    /** Inside of these, steps work on a copy, which has no verified customer, and would close the file. */
    private static final Set<String> COPIES = Set.of("circuitBreaker");

    private static final Set<String> OPENING = Set.of(Steps.OPEN_FILE, Steps.REQUEST_OBJECT);

    @Override
    public void check(RouteSet set, Findings findings) {
        Calls calls = new Calls(set);
        for (Route route : set.routes()) {
            String target = calls.target(route.uri());
            boolean opens = !target.startsWith("direct:") && calls.steps(route).anyMatch(Effect::opens);
            if (Calls.isEntry(route)) {
                Frame frame = new Frame(set, calls, route, findings);
                Flow.ofEntry(set, calls, route, frame.compare(opens), findings);
            } else if (target.equals(EntryPoints.FAILURE_OUTCOME)) {
                new Frame(set, calls, route, findings).compare(false);
            } else if (opens) {
                findings.error("R101", route.uri().place(), route.label() + " opens a file for a customer whom nobody"
                        + " verified", "only a request with credentials gets a file: begin at an entry path, with"
                        + " record-download and authenticate");
            }
            route.allSteps().filter(step -> COPIES.contains(step.name()) && calls.reaches(step, Effect::opens))
                    .forEach(step -> findings.error("R102", step.place(), step.label() + " runs its steps on a copy of"
                            + " the request, in which no file can be opened", "open the file outside; the client of the"
                            + " store has a circuit breaker of its own"));
            if (!target.startsWith("direct:read-")) {
                route.allSteps().filter(step -> OPENING.contains(step.bean().text())).forEach(step ->
                        findings.error("R102", step.place(), step.label() + " stands outside of a route read-…, which"
                                + " has all that a read needs", "call direct:read-filesystem or direct:read-s3"));
            }
            Stream.concat(Stream.of(route.steps()), route.allSteps().map(Step::children))
                    .forEach(steps -> besideGet(steps, findings));
        }
        Calls.clauses(set).filter(Clauses::responds).forEach(clause -> Flow.ofClause(set, calls, clause, findings));
    }

    /** Request-object, get-object and take-object stand next to each other; headers may be removed between them. */
    private static void besideGet(List<Step> all, Findings findings) {
        List<Step> steps = all.stream().filter(step -> !step.isDisabled() && !step.name().startsWith("removeHeader"))
                .toList();
        List<String> beans = steps.stream().map(step -> step.bean().text()).toList();
        for (int get = 0; get < steps.size(); get++) {
            if (steps.get(get).endpoint().scheme().equals("aws2-s3")) {
                int request = beans.subList(0, get).lastIndexOf(Steps.REQUEST_OBJECT);
                int take = beans.subList(get, beans.size()).indexOf(Steps.TAKE_OBJECT);
                Stream.concat(request < 0 ? Stream.empty() : steps.subList(request + 1, get).stream(),
                        take < 0 ? Stream.empty() : steps.subList(get + 1, get + take).stream()).findFirst()
                        .ifPresent(step -> findings.error("R101", step.place(), step.label() + " stands between"
                                + " request-object and take-object, where it could change what is read", "move it"
                                + " before request-object or behind take-object"));
            }
        }
    }
}
