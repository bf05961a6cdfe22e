package org.ccmessaging.filestream.routes.check;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.ccmessaging.filestream.routes.check.Finding.Level;

/** Collects findings, each once, and sorts them by place. */
public final class Findings {

    private final TreeSet<Finding> found =
            new TreeSet<>(Comparator.comparing(Finding::place).thenComparing(Finding::message));

    /** Adds an error. */
    public void error(Place place, String message, String hint) {
        found.add(new Finding(place, Level.ERROR, message, hint));
    }

    /** Adds an error at the place of a route or step; the message begins with its name. */
    void error(Step step, String what, String hint) {
        error(step, step.place(), what, hint);
    }

    /** Adds an error at a place within a route or step; the message begins with its name. */
    void error(Step step, Place place, String what, String hint) {
        error(place, step.label() + " " + what, hint);
    }

    /** Adds a warning. */
    public void warning(Place place, String message, String hint) {
        found.add(new Finding(place, Level.WARNING, message, hint));
    }

    /** All findings, sorted by place. */
    public List<Finding> sorted() {
        return List.copyOf(found);
    }

    /** Returns whether there is an error among the findings. */
    public boolean hasErrors() {
        return found.stream().anyMatch(finding -> finding.level() == Level.ERROR);
    }
}
