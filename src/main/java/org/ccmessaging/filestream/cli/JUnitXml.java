package org.ccmessaging.filestream.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.testing.Result;
import org.ccmessaging.filestream.toolkit.LogText;
import org.springframework.web.util.HtmlUtils;

/** Writes results in the XML format of JUnit, which CI servers read, with a suite for each test file. */
final class JUnitXml {

    private JUnitXml() {
    }

    /** @throws IOException if the file cannot be written */
    static void write(List<Result> results, Path file) throws IOException {
        Map<String, List<Result>> byFile = results.stream().collect(Collectors.groupingBy(
                result -> result.test().place().file().toString(), LinkedHashMap::new, Collectors.toList()));
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
        byFile.forEach((name, suite) -> xml.append(suite(escaped(name), suite)));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, xml.append("</testsuites>\n"));
    }

    private static String suite(String name, List<Result> results) {
        return String.format("<testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"%d\""
                        + " time=\"%s\">\n%s</testsuite>\n", name, results.size(),
                results.stream().filter(result -> !result.passed()).count(),
                results.stream().filter(Result::skipped).count(),
                seconds(results.stream().mapToLong(Result::nanos).sum()),
                results.stream().map(result -> String.format("<testcase classname=\"%s\" name=\"%s\" time=\"%s\">"
                        + "%s</testcase>\n", name, escaped(result.test().name()), seconds(result.nanos()),
                        outcome(result))).collect(Collectors.joining()));
    }

    private static String outcome(Result result) {
        if (result.skipped()) {
            return "<skipped message=\"" + escaped("it needs " + result.lacking()) + "\"/>";
        }
        return result.passed() ? "" : String.format("<failure message=\"%s\">%s</failure>",
                escaped(result.mismatches().get(0).place() + " " + result.mismatches().get(0).what()),
                result.lines().stream().map(JUnitXml::escaped).collect(Collectors.joining("\n")));
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e9);
    }

    /** Escapes a line. XML cannot hold control characters. */
    private static String escaped(String line) {
        return HtmlUtils.htmlEscapeDecimal(LogText.visible(line));
    }
}
