package org.ccmessaging.filestream.routes.check;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.ccmessaging.filestream.routes.check.Finding.Level;

/** Collects findings, each once, and sorts them by place. */
public final class Findings {

    /** Maximum number of errors, and of findings with a warning among them, since nobody reads more. */
    private static final int MOST = 1_000;

    private final TreeSet<Finding> found = new TreeSet<>(Comparator.comparing(Finding::place)
            .thenComparing(Finding::code).thenComparing(Finding::message));

    private int errors;

    /** Adds an error. */
    public void error(String code, Place place, String message, String hint) {
        add(new Finding(place, Level.ERROR, code, message, hint));
    }

    void add(Finding finding) {
        boolean error = finding.level() == Level.ERROR;
        if ((error ? errors++ : found.size()) < MOST) {
            found.add(finding);
        }
    }

    /** Adds an error at the place of a route or step; the message begins with its name. */
    void error(String code, Step step, String what, String hint) {
        error(code, step, step.place(), what, hint);
    }

    /** Adds an error at a place within a route or step; the message begins with its name. */
    void error(String code, Step step, Place place, String what, String hint) {
        error(code, place, step.label() + " " + what, hint);
    }

    /** Adds a warning. */
    public void warning(String code, Place place, String message, String hint) {
        add(new Finding(place, Level.WARNING, code, message, hint));
    }

    /** All findings, sorted by place. */
    public List<Finding> sorted() {
        return List.copyOf(found);
    }

    /** Returns the errors, sorted by place. */
    List<Finding> errors() {
        return found.stream().filter(finding -> finding.level() == Level.ERROR).toList();
    }

    /** Returns whether there is an error among the findings. */
    public boolean hasErrors() {
        return errors > 0;
    }
}
