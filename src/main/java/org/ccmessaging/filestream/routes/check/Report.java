package org.ccmessaging.filestream.routes.check;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The result of a check.
 *
 * @param files how many route files there are
 * @param findings what is wrong, sorted by place
 */
public record Report(int files, List<Finding> findings) {

    /** Whether the service would not start. */
    public boolean hasErrors() {
        return count(Level.ERROR) > 0;
    }

    /** The findings of a level. */
    public List<Finding> findings(Level level) {
        return findings.stream().filter(finding -> finding.level() == level).toList();
    }

    /** One line for each finding, one more for its hint, and one that counts. */
    public List<String> lines() {
        return Stream.concat(findings.stream().flatMap(Report::lines), Stream.of(summary())).toList();
    }

    private static Stream<String> lines(Finding finding) {
        return Stream.of(finding.place() + "  " + finding.level().name().toLowerCase(Locale.ROOT) + " "
                + finding.code() + "  " + finding.message(), finding.hint()).filter(Objects::nonNull)
                .map(line -> line.equals(finding.hint()) ? "    " + line : line);
    }

    /** A finding and its hint in a single line. */
    public static String line(Finding finding) {
        return lines(finding).map(String::strip).collect(Collectors.joining(". "));
    }

    /** How many files, errors and warnings there are. */
    public String summary() {
        return counted(files, "file") + ", " + counted(count(Level.ERROR), "error") + ", "
                + counted(count(Level.WARNING), "warning");
    }

    private long count(Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }

    private static String counted(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
