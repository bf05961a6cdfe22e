package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Finding.Level;

/** The result of a check: the number of route files, and the findings sorted by place. */
public record Report(int files, List<Finding> findings) {

    /** Returns whether an error keeps the routes from being loaded. */
    public boolean hasErrors() {
        return !findings(Level.ERROR).isEmpty();
    }

    /** Returns the findings of a level. */
    public List<Finding> findings(Level level) {
        return findings.stream().filter(finding -> finding.level() == level).toList();
    }

    /** One line for each finding, another for its hint, and the summary. */
    public List<String> lines() {
        return Stream.concat(findings.stream().flatMap(Finding::lines), Stream.of(summary())).toList();
    }

    /** The numbers of files, errors and warnings. */
    public String summary() {
        return counted(files, "file") + ", " + counted(findings(Level.ERROR).size(), "error") + ", "
                + counted(findings(Level.WARNING).size(), "warning");
    }

    private static String counted(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
