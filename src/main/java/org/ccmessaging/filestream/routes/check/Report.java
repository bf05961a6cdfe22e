package org.ccmessaging.filestream.routes.check;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The findings of a check, without duplicates, sorted by place. The service does not load routes with an error. */
public final class Report {

    private final TreeSet<RouteError> found =
            new TreeSet<>(Comparator.comparing(RouteError::place).thenComparing(RouteError::message));
    private final int files;

    /** @param files the number of files that are checked */
    public Report(int files) {
        this.files = files;
    }

    /** Adds an error. The hint may be {@code null}. */
    public void error(Place place, String message, String hint) {
        found.add(new RouteError(place, message, hint));
    }

    /** Adds an error at the place of a route or step. The message begins with {@link Step#label}. */
    void error(Step step, String what, String hint) {
        error(step, step.place(), what, hint);
    }

    /** Adds an error at a place within a route or step. The message begins with {@link Step#label}. */
    void error(Step step, Place place, String what, String hint) {
        error(place, step.label() + " " + what, hint);
    }

    /** All findings, sorted by place. */
    public List<RouteError> findings() {
        return List.copyOf(found);
    }

    /** Returns whether there is a finding. */
    public boolean hasErrors() {
        return !found.isEmpty();
    }

    /** One line for each finding, one line for each hint, and the summary. */
    public List<String> lines() {
        return Stream.concat(found.stream().flatMap(RouteError::lines), Stream.of(summary())).toList();
    }

    /** The numbers of files and errors. */
    public String summary() {
        return counted(files, "file") + ", " + counted(found.size(), "error");
    }

    private static String counted(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
