package org.ccmessaging.filestream.routes.check;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Finding.Level;
import org.ccmessaging.filestream.toolkit.LogText;

/** The result of a check: the number of route files, and the findings sorted by place. */
public record Report(int files, List<Finding> findings) {

    /** The beginning of a list of routes, after comments; any other file may be one of the host. */
    private static final Pattern OF_ROUTES =
            Pattern.compile("(?:\\s*+(?:#.*+|---)\\R)*+\\s*+-\\s++route(?:Configuration)?\\s*+:");

    /** Returns whether an error stops startup. */
    public boolean hasErrors() {
        return !findings(Level.ERROR).isEmpty();
    }

    /** Returns the findings of a level. */
    public List<Finding> findings(Level level) {
        return findings.stream().filter(finding -> finding.level() == level).toList();
    }

    /** One line for each finding, another for its hint, and the summary. */
    public List<String> lines() {
        return Stream.concat(findings.stream().flatMap(Report::lines), Stream.of(summary())).toList();
    }

    /** Returns a finding in one line, and its hint in another. Findings in test files have no code. */
    public static Stream<String> lines(Finding finding) {
        String level = (finding.level().name().toLowerCase(Locale.ROOT) + " " + finding.code()).strip();
        String place = LogText.visible(finding.place().toString());
        return Stream.concat(Stream.of(place + "  " + level + "  " + finding.message()),
                Stream.ofNullable(finding.hint()).map(hint -> "    " + hint));
    }

    /** Returns a finding and its hint in a single line. */
    public static String line(Finding finding) {
        return lines(finding).map(String::strip).collect(Collectors.joining(". "));
    }

    /** Returns the text of the line that each finding names; empty in a file that is not a list of routes. */
    public static List<String> sources(List<Finding> findings, RouteFiles files) {
        Map<Path, List<String>> lines = new HashMap<>();
        files.contents().forEach((file, bytes) -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (OF_ROUTES.matcher(text).lookingAt()) {
                lines.put(file, text.lines().map(String::strip).toList());
            }
        });
        return findings.stream().map(Finding::place).map(place -> place.line() == 0 ? "" : lines
                .getOrDefault(place.file(), List.of()).stream().skip(place.line() - 1).findFirst().orElse("")).toList();
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
