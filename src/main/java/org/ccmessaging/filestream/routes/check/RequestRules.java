package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.toolkit.Steps;

/**
 * Each request runs the {@link RequiredSteps} (R101), and each step finds what it needs ({@link DataFlow}, R102). Files
 * are opened only where a verified customer and everything that a read needs are present.
 */
record RequestRules(RouteSet set, Findings findings) {

    private static final Set<String> OPENING = Set.of(Steps.OPEN_FILE, Steps.REQUEST_OBJECT);

    void check() {
        for (Route route : set.routes()) {
            String target = set.target(route.uri());
            if (route.isEntry() || target.equals(EntryRules.FAILURE_OUTCOME)) {
                Set<String> reported = new RequiredSteps(set, route, findings).check();
                if (route.isEntry()) {
                    DataFlow.ofEntry(set, route, reported, findings);
                }
            } else if (!target.startsWith("direct:") && set.stepsFrom(route).stream().anyMatch(StepEffect::opens)) {
                findings.error("R101", route, route.uri().place(), "opens a file for a customer whom nobody verified",
                        "only a request with credentials gets a file: begin at an entry path, with record-download and"
                        + " authenticate");
            }
            // The copy has no verified customer, and would close the file.
            route.allSteps().filter(step -> step.name().equals("circuitBreaker") && set.opens(step))
                    .forEach(step -> findings.error("R102", step, "runs its steps on a copy of the request, in which"
                            + " no file can be opened", "open the file outside; the client of the store has its own"
                            + " circuit breaker"));
            if (!target.startsWith("direct:read-")) {
                route.allSteps().filter(step -> OPENING.contains(step.bean().text())).forEach(step ->
                        findings.error("R102", step, "is not in a route read-…, which has all that a read needs",
                                "call direct:read-filesystem or direct:read-s3"));
            }
            Stream.concat(Stream.of(route.steps()), route.allSteps().map(Step::children))
                    .forEach(this::besideGet);
        }
        set.clauses().stream().filter(ClauseRules::responds)
                .forEach(clause -> DataFlow.ofClause(set, clause, findings));
    }

    /** Request-object, get-object and take-object are neighbours; only headers may be removed between them. */
    private void besideGet(List<Step> all) {
        List<Step> steps = all.stream().filter(step -> !step.isDisabled() && !step.name().startsWith("removeHeader"))
                .toList();
        List<String> beans = steps.stream().map(step -> step.bean().text()).toList();
        for (int get = 0; get < steps.size(); get++) {
            if (steps.get(get).endpoint().scheme().equals("aws2-s3")) {
                int request = beans.subList(0, get).lastIndexOf(Steps.REQUEST_OBJECT);
                int take = beans.subList(get, beans.size()).indexOf(Steps.TAKE_OBJECT);
                Stream.concat(request < 0 ? Stream.empty() : steps.subList(request + 1, get).stream(),
                        take < 0 ? Stream.empty() : steps.subList(get + 1, get + take).stream()).findFirst()
                        .ifPresent(step -> findings.error("R101", step, "stands between request-object and"
                                + " take-object, where it could change what is read",
                                "move it before request-object or after take-object"));
            }
        }
    }
}
