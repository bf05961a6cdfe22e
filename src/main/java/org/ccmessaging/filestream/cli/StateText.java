package org.ccmessaging.filestream.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.reload.RoutesReport.Generation;
import org.ccmessaging.filestream.reload.RoutesReport;

/** The routes of a running service as text to read. */
final class StateText {

    /** Characters of a checksum that tell generations apart in a list. */
    private static final int SHORT = 12;

    private StateText() {
    }

    static List<String> status(RoutesReport report) {
        Generation serving = report.serving();
        List<String> lines = new ArrayList<>();
        lines.add("generation   " + serving.number() + ", since " + serving.since() + ", by " + serving.by());
        lines.add("sha256       " + serving.sha256());
        if (serving.label() != null) {
            lines.add("label        " + serving.label());
        }
        lines.add("files        " + String.join(", ", serving.files().keySet()));
        lines.add("live reload  " + (report.live() ? "on" : "off"));
        if (!report.draining().isEmpty()) {
            lines.add("draining     " + report.draining().stream().map(String::valueOf)
                    .collect(Collectors.joining(", ")));
        }
        if (report.note() != null) {
            lines.add("note         " + report.note());
        }
        if (report.rejected() != null) {
            lines.add("rejected     at stage " + report.rejected().stage() + ", "
                    + RoutesReport.seconds(report.rejected().at()) + ", by " + report.rejected().by());
            report.rejected().errors().forEach(error -> lines.add("             " + error));
        }
        return lines;
    }

    /**
     * The generation that served before, with other files. One step back leads to the next, and none leads to what an
     * operator or the watch has undone.
     *
     * @throws IllegalStateException if the history has none
     */
    static Generation before(RoutesReport report) {
        int below = origin(report.serving());
        for (Generation each : report.history()) {
            if (each.number() < below) {
                if (!each.sha256().equals(report.serving().sha256())) {
                    return each;
                }
                below = origin(each);
            }
        }
        throw new IllegalStateException("the history has no generation with other files that served before and was not"
                + " undone. `routes history` lists all, and `routes rollback N` goes back to any of them");
    }

    private static int origin(Generation generation) {
        return generation.backTo() == null ? generation.number() : generation.backTo();
    }

    static List<String> history(RoutesReport report) {
        return report.history().stream().map(generation -> String.format("%4d  %s  %s  %s%s%s", generation.number(),
                generation.since(), generation.sha256().substring(0, SHORT), generation.by(),
                generation.label() == null ? "" : ", label " + generation.label(),
                generation.number() == report.serving().number() ? "  (serves)" : "")).toList();
    }
}
