package org.ccmessaging.filestream.routes.testing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;

/**
 * The steps of the routes that have run.
 *
 * @param routes the routes and configurations in the order of the files
 */
public record Coverage(List<Part> routes) {

    private static final int PERCENT = 100;

    /**
     * A route or a configuration.
     *
     * @param name its name in a report
     * @param steps how many steps it has
     * @param missed the steps that have not run
     */
    public record Part(String name, int steps, List<Step> missed) {

        private static Part of(String name, Stream<Step> steps, Set<String> ran) {
            List<Step> all = steps.filter(step -> !step.isDisabled()).toList();
            return new Part(name, all.size(), all.stream().filter(step -> !hasRun(step, ran)).toList());
        }

        /** A branch or a clause has run if a step of it has; Camel runs what is in it and not the branch. */
        private static boolean hasRun(Step step, Set<String> ran) {
            return ran.contains(Recorder.name(step)) || Stream.concat(step.children().stream(),
                    step.branches().stream()).anyMatch(below -> hasRun(below, ran));
        }

        private String line() {
            int ran = steps - missed.size();
            return String.format("%3d %%  %s: %d of %d steps", steps == 0 ? PERCENT : ran * PERCENT / steps, name, ran,
                    steps);
        }
    }

    /** @param leftOut the routes that the installation leaves out, which count for nothing */
    static Coverage of(RouteSet set, Collection<Route> leftOut, Set<String> ran) {
        return new Coverage(Stream.concat(
                set.routes().stream().filter(route -> !leftOut.contains(route))
                        .map(route -> Part.of(route.label(), route.allSteps(), ran)),
                set.configurations().stream()
                        .map(each -> Part.of("configuration " + each.id(), each.allSteps(), ran))).toList());
    }

    /** Returns the share of the steps that have run in percent, rounded down; 100 only if all have. */
    public int percent() {
        int steps = routes.stream().mapToInt(Part::steps).sum();
        int missed = routes.stream().mapToInt(part -> part.missed().size()).sum();
        return steps == 0 ? PERCENT : (steps - missed) * PERCENT / steps;
    }

    /** A line for each route, a line for each step that has not run, and one for all. */
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
