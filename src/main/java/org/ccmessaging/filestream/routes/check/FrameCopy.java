package org.ccmessaging.filestream.routes.check;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.ccmessaging.filestream.routes.language.RouteLanguage;

/**
 * A file of the frame in a folder of routes. It has no effect, because the frame runs from the jar, so it may only say
 * the same (R104). Layout and descriptions are free.
 *
 * @param copy the list in the file of the folder
 * @param frame the lists in the files of the frame
 */
record FrameCopy(Value copy, List<Value> frame, RouteLanguage language, Findings findings) {

    private static final Set<String> FREE = Set.of("description", "note");

    void check() {
        Path file = copy.place().file();
        String name = file.getFileName().toString();
        Value original = frame.stream().filter(list -> list.place().file().endsWith(name)).findFirst().orElseThrow();
        List<Step> here = steps(copy);
        List<Step> there = steps(original);
        int first = Arrays.mismatch(said(here), said(there));
        if (first < 0) {
            return;
        } else if (here.isEmpty()) {
            findings.error("R104", Place.of(file), "no route of the frame, which runs from the jar",
                    language.instead().get(name) + "; then delete this file");
            return;
        }
        findings.error("R104", here.get(Math.min(first, here.size() - 1)).place(), "here the file begins to differ from"
                + " the frame, which runs from the jar", language.instead().get(name) + "; then delete this file");
    }

    /** The routes of a file, each followed by its steps. */
    private List<Step> steps(Value list) {
        return Step.in(list, language).filter(Step::isElement).flatMap(Step::withAllBelow).toList();
    }

    /** Returns what routes and steps say, without the steps below them. */
    private static String[] said(List<Step> steps) {
        return steps.stream().map(one -> one.label() + said(one.value())).toArray(String[]::new);
    }

    private static String said(Value value) {
        return value.isScalar() ? "\"" + value.text() + "\""
                : value.items().stream().map(FrameCopy::said).toList().toString()
                + value.members().values().stream()
                        .filter(member -> !FREE.contains(member.name()) && !Step.BELOW.contains(member.name()))
                        .map(member -> member.name() + ":" + said(member)).sorted().toList();
    }
}
