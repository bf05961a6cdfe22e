package org.ccmessaging.filestream.routes.check;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.ccmessaging.filestream.routes.check.Finding.Level;
import org.ccmessaging.filestream.routes.check.Finding.Subject;

/** Collects findings, each once, and sorts them by place. */
public final class Findings {

    private final TreeSet<Finding> found = new TreeSet<>(Comparator.comparing(Finding::place)
            .thenComparing(Finding::code).thenComparing(Finding::message));

    /** Adds an error. */
    public void error(String code, Place place, String message, String hint) {
        found.add(new Finding(place, Level.ERROR, code, message, hint));
    }

    /** Adds an error at the place of a route or step; the message begins with its name. */
    void error(String code, Subject subject, String what, String hint) {
        error(code, subject, subject.place(), what, hint);
    }

    /** Adds an error at a place within a route or step; the message begins with its name. */
    void error(String code, Subject subject, Place place, String what, String hint) {
        error(code, place, subject.label() + " " + what, hint);
    }

    /** Adds a warning. */
    public void warning(String code, Place place, String message, String hint) {
        found.add(new Finding(place, Level.WARNING, code, message, hint));
    }

    /** All findings, sorted by place. */
    public List<Finding> sorted() {
        return List.copyOf(found);
    }

    /** Returns whether there is an error among the findings. */
    public boolean hasErrors() {
        return found.stream().anyMatch(finding -> finding.level() == Level.ERROR);
    }

    /** Returns whether there is an error in a line of a file. */
    boolean hasErrorAt(Place place) {
        return found.stream().anyMatch(finding -> finding.level() == Level.ERROR
                && finding.place().file().equals(place.file()) && finding.place().line() == place.line());
    }
}
