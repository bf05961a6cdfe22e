package org.ccmessaging.filestream.routes.check;

import java.nio.file.Path;
import java.util.ArrayList;
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
        Step found = here.get(Math.min(first, here.size() - 1));
        boolean another = there.stream().map(Step::label).anyMatch(found.label()::equals);
        findings.error("R104", found.place(), found.label() + (another ? " is another in" : " is not in")
                + " the frame, which runs from the jar" + only("; not in it: ", here, there)
                + only("; missing here: ", there, here), language.instead().get(name) + "; then delete this file");
    }

    private static String only(String title, List<Step> these, List<Step> those) {
        List<String> labels = new ArrayList<>(these.stream().map(Step::label).toList());
        labels.removeAll(those.stream().map(Step::label).toList());
        return labels.isEmpty() ? "" : title + String.join(", ", labels);
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
