package org.ccmessaging.filestream.routes.check;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Collects findings, each once, and sorts them by place. */
public final class Findings {

    private final TreeSet<Finding> found = new TreeSet<>();

    /** Adds an error. */
    public void error(String code, Place place, String message, String hint) {
        found.add(new Finding(place, Level.ERROR, code, message, hint));
    }

    /** Adds an error that needs no hint. */
    public void error(String code, Place place, String message) {
        error(code, place, message, null);
    }

    /** Adds a warning. */
    public void warning(String code, Place place, String message, String hint) {
        found.add(new Finding(place, Level.WARNING, code, message, hint));
    }

    /** Adds all findings of another collection. */
    public void addAll(Collection<Finding> others) {
        found.addAll(others);
    }

    /** All findings, sorted by place. */
    public List<Finding> sorted() {
        return List.copyOf(found);
    }

    /** Whether there is an error among the findings. */
    public boolean hasErrors() {
        return found.stream().anyMatch(finding -> finding.level() == Level.ERROR);
    }

    /** Whether there is an error in a line of a file. */
    boolean hasErrorAt(Place place) {
        return found.stream().anyMatch(finding -> finding.level() == Level.ERROR
                && finding.place().file().equals(place.file()) && finding.place().line() == place.line());
    }
}
