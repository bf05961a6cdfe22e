package org.ccmessaging.filestream.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.testing.Result;
import org.ccmessaging.filestream.toolkit.LogText;
import org.springframework.web.util.HtmlUtils;

/** Writes test results as JUnit XML. Each test file is a class in the XML. */
final class JUnitXml {

    private JUnitXml() {
    }

    static void write(List<Result> results, Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, String.format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>%n<testsuite name=\"routes\""
                        + " tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"%d\">%n%s</testsuite>%n",
                results.size(), results.stream().filter(result -> !result.passed()).count(),
                results.stream().filter(Result::skipped).count(),
                results.stream().map(JUnitXml::test).collect(Collectors.joining())));
    }

    private static String test(Result result) {
        return String.format(Locale.ROOT, "<testcase classname=\"%s\" name=\"%s\" time=\"%.3f\">%s</testcase>%n",
                escaped(result.test().place().file().toString()), escaped(result.test().name()), result.nanos() / 1e9,
                outcome(result));
    }

    private static String outcome(Result result) {
        if (result.skipped()) {
            return "<skipped message=\"" + escaped("it needs " + result.lacking()) + "\"/>";
        }
        return result.passed() ? "" : String.format("<failure message=\"%s\">%s</failure>",
                escaped(result.mismatches().get(0).place() + " " + result.mismatches().get(0).what()),
                result.lines().stream().map(JUnitXml::escaped).collect(Collectors.joining("\n")));
    }

    /** Escapes a text for XML, and replaces control characters, which XML does not allow. */
    private static String escaped(String line) {
        return HtmlUtils.htmlEscapeDecimal(LogText.visible(line));
    }
}
