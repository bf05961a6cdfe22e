package org.ccmessaging.filestream.routes.testing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;

/**
 * The coverage of routes by tests: which steps have run.
 *
 * @param routes the routes and configurations in the order of the files
 */
public record Coverage(List<Part> routes) {

    private static final int PERCENT = 100;

    /** A route or a configuration: its name, the number of its steps, and the steps that have not run. */
    public record Part(String name, int steps, List<Step> missed) {

        private static Part of(Step route, Set<String> ran) {
            List<Step> all = route.allSteps().filter(step -> !step.isDisabled()).toList();
            // Of a branch or a clause, Camel runs only the steps in it.
            return new Part(route.label(), all.size(), all.stream()
                    .filter(step -> step.withAllBelow().map(Recorder::name).noneMatch(ran::contains)).toList());
        }

        private String line() {
            return String.format("%3d %%  %s: %d of %d steps", share(steps, missed.size()), name,
                    steps - missed.size(), steps);
        }
    }

    /** @param leftOut the routes that the installation leaves out; they do not count */
    static Coverage of(RouteSet set, Collection<Step> leftOut, Set<String> ran) {
        return new Coverage(Stream.of(set.routes(), set.configurations()).flatMap(List::stream)
                .filter(route -> !leftOut.contains(route)).map(route -> Part.of(route, ran)).toList());
    }

    /** Returns the share of the steps that have run in percent, rounded down; 100 only if all have. */
    public int percent() {
        return share(routes.stream().mapToInt(Part::steps).sum(),
                routes.stream().mapToInt(part -> part.missed().size()).sum());
    }

    private static int share(int steps, int missed) {
        return steps == 0 ? PERCENT : (steps - missed) * PERCENT / steps;
    }

    /** Returns a line for each route, a line for each step that has not run, and a line for the total. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Part part : routes) {
            lines.add(part.line());
            part.missed().forEach(step -> lines.add("    " + step.place() + "  " + step.label() + " did not run"));
        }
        lines.add(String.format("%3d %%  all", percent()));
        return lines;
    }
}
