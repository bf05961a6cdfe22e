package org.ccmessaging.filestream.routes.check;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The errors and warnings of a check, sorted by place, without duplicates. Files with warnings are loaded. */
public final class Report {

    private final TreeSet<RouteError> found =
            new TreeSet<>(Comparator.comparing(RouteError::place).thenComparing(RouteError::message));
    private final TreeSet<String> warnings = new TreeSet<>();
    private final int files;

    public Report(int files) {
        this.files = files;
    }

    public void error(Place place, String message, String hint) {
        found.add(new RouteError(place, message, hint));
    }

    void error(Step step, String what, String hint) {
        error(step, step.place(), what, hint);
    }

    void error(Step step, Place place, String what, String hint) {
        error(place, step.label() + " " + what, hint);
    }

    void warning(Step step, String what, String hint) {
        warnings.add(step.place() + "  warning  " + step.label() + " " + what + "\n    " + hint);
    }

    public List<RouteError> findings() {
        return List.copyOf(found);
    }

    public boolean hasErrors() {
        return !found.isEmpty();
    }

    public List<String> lines() {
        return Stream.of(found.stream().flatMap(RouteError::lines), warnings.stream().flatMap(String::lines),
                Stream.of(summary())).flatMap(lines -> lines).toList();
    }

    public String summary() {
        return counted(files, "file") + ", " + counted(found.size(), "error")
                + (warnings.isEmpty() ? "" : ", " + counted(warnings.size(), "warning"));
    }

    private static String counted(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
