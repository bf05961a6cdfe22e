package org.ccmessaging.filestream.routes.testing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Configuration;
import org.ccmessaging.filestream.routes.check.Route;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;

/**
 * Which steps of the routes have run.
 *
 * @param routes the routes and configurations in the order of the files
 */
public record Coverage(List<Part> routes) {

    private static final int PERCENT = 100;

    /**
     * A route or a configuration.
     *
     * @param name how a report names it
     * @param steps how many steps it has
     * @param missed the steps that have not run
     */
    public record Part(String name, int steps, List<Step> missed) {

        /** How many steps have run. */
        public int ran() {
            return steps - missed.size();
        }
    }

    /** @param leftOut the routes that the installation leaves out, which count for nothing */
    static Coverage of(RouteSet set, Collection<Route> leftOut, Set<String> ran) {
        List<Part> parts = new ArrayList<>();
        for (Route route : set.routes()) {
            if (!leftOut.contains(route)) {
                parts.add(part(route.label(), route.allSteps(), ran));
            }
        }
        for (Configuration configuration : set.configurations()) {
            parts.add(part("configuration " + configuration.id(), configuration.allSteps(), ran));
        }
        return new Coverage(List.copyOf(parts));
    }

    private static Part part(String name, Stream<Step> steps, Set<String> ran) {
        List<Step> all = steps.filter(step -> !step.isDisabled()).toList();
        return new Part(name, all.size(), all.stream().filter(step -> !hasRun(step, ran)).toList());
    }

    /** A branch or a clause has run if a step of it has; Camel runs what is in it and not the branch. */
    private static boolean hasRun(Step step, Set<String> ran) {
        return ran.contains(step.id().isEmpty()
                ? Recorder.place(step.place().file().getFileName().toString(), step.place().line()) : step.id())
                || Stream.concat(step.children().stream(), step.branches().stream())
                        .anyMatch(below -> hasRun(below, ran));
    }

    /** How many of a hundred steps have run, rounded down; 100 only if all have. */
    public int percent() {
        int steps = routes.stream().mapToInt(Part::steps).sum();
        return steps == 0 ? PERCENT : routes.stream().mapToInt(Part::ran).sum() * PERCENT / steps;
    }

    /** A line for each route, a line for each step that has not run, and one for all. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Part part : routes) {
            lines.add(String.format("%3d %%  %s: %d of %d steps", part.steps() == 0 ? PERCENT
                    : part.ran() * PERCENT / part.steps(), part.name(), part.ran(), part.steps()));
            part.missed().forEach(step -> lines.add("    " + step.place() + "  " + step.label() + " did not run"));
        }
        lines.add(String.format("%3d %%  all", percent()));
        return lines;
    }
}
