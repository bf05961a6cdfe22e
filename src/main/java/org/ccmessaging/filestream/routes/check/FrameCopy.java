package org.ccmessaging.filestream.routes.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.language.RouteLanguage;

/**
 * A file of the frame in a folder of routes. It has no effect, because the frame runs from the jar, so it may only say
 * the same (R104). Layout and descriptions are free.
 *
 * @param copy the file in the folder
 * @param frame the files of the frame
 */
record FrameCopy(RouteFile copy, List<RouteFile> frame, RouteLanguage language, Findings findings) {

    private static final Set<String> FREE = Set.of("description", "note");

    /** Where a step of an author belongs, by the file of the frame that had it. */
    private static final Map<String, String> PLACES = Map.of(
            "download-file-stream.camel.yaml", "a step belongs in choose-storage.camel.yaml, a code or text in"
                    + " result-codes.camel.yaml, and a path in filestream.routes.entry-points",
            "tokens.camel.yaml", "the settings filestream.auth.* say what tokens hold",
            "failure-outcome.camel.yaml", "a code or text belongs in result-codes.camel.yaml",
            "read-s3.camel.yaml", "a step belongs in a route read-… of your own, which calls direct:read-s3",
            "read-filesystem.camel.yaml",
            "a step belongs in a route read-… of your own, which calls direct:read-filesystem");

    void check() {
        String name = copy.path().getFileName().toString();
        RouteFile original = frame.stream().filter(file -> file.path().endsWith(name)).findFirst().orElseThrow();
        List<Finding.Subject> here = subjects(copy);
        List<Finding.Subject> there = subjects(original);
        int first = Arrays.mismatch(said(here), said(there));
        if (first < 0) {
            return;
        }
        Finding.Subject found = here.get(Math.min(first, here.size() - 1));
        List<String> added = without(here, there);
        List<String> missing = without(there, here);
        findings.error("R104", found.place(), found.label() + (added.contains(found.label()) ? " is not in the frame"
                : " is another in the frame") + ", which runs from the jar" + list("; not in it: ", added)
                + list("; missing here: ", missing), PLACES.get(name) + "; then delete this file");
    }

    private static List<String> without(List<Finding.Subject> these, List<Finding.Subject> those) {
        List<String> labels = new ArrayList<>(these.stream().map(Finding.Subject::label).toList());
        labels.removeAll(those.stream().map(Finding.Subject::label).toList());
        return labels;
    }

    private static String list(String title, List<String> labels) {
        return labels.isEmpty() ? "" : title + String.join(", ", labels);
    }

    /** The routes of a file, each followed by its steps. */
    private List<Finding.Subject> subjects(RouteFile file) {
        return RouteSet.elements(List.of(file), "route", language).stream()
                .flatMap(route -> Stream.concat(Stream.<Finding.Subject>of(route), route.allSteps())).toList();
    }

    /** Returns what routes and steps say, without the steps below them. */
    private static String[] said(List<Finding.Subject> subjects) {
        return subjects.stream().map(one -> one.label() + said(one.value())).toArray(String[]::new);
    }

    private static String said(Value value) {
        return value.isScalar() ? "\"" + value.text() + "\""
                : value.items().stream().map(FrameCopy::said).toList().toString()
                + value.members().values().stream()
                        .filter(member -> !FREE.contains(member.name()) && !Step.BELOW.contains(member.name()))
                        .map(member -> member.name() + ":" + said(member)).sorted().toList();
    }
}
