package org.ccmessaging.filestream.routes.testing;

import com.google.re2j.PatternSyntaxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Finding;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteFile;
import org.ccmessaging.filestream.routes.check.Value.Member;
import org.ccmessaging.filestream.routes.check.Value;

/**
 * The test files of a folder of routes. Their schema keeps a test in its run: it allows no other setting, file or host
 * than those that are meant for tests.
 *
 * @param tests the tests in the order of files and places
 * @param findings what is wrong with the files; with one finding, no test runs
 */
public record TestFiles(List<TestCase> tests, List<Finding> findings) {

    /**
     * Reads {@code tests/*.test.yaml} of a folder.
     *
     * @param routes the folder of the routes as the user named it
     * @throws UncheckedIOException if a file cannot be read
     */
    public static TestFiles read(Path routes) {
        Path folder = routes.resolve("tests");
        List<TestCase> tests = new ArrayList<>();
        Findings findings = new Findings();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".test.yaml")).sorted().toList()) {
                TestFiles read = parse(file, Files.readAllBytes(file));
                tests.addAll(read.tests());
                findings.addAll(read.findings());
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(folder + " cannot be read", unreadable);
        }
        return new TestFiles(List.copyOf(tests), findings.sorted());
    }

    static TestFiles parse(Path file, byte[] bytes) {
        Findings text = new Findings();
        Value yaml = RouteFile.parse(file, bytes, text).map(RouteFile::yaml).orElse(null);
        Findings findings = new Findings();
        text.sorted().forEach(finding -> findings.error("", finding.place(),
                finding.code().equals("R008") ? "a test file holds a list of tests" : finding.message(),
                finding.code().equals("R008") ? "begin each test with \"- test: \"" : finding.hint()));
        List<TestCase> tests = new ArrayList<>();
        if (yaml != null) {
            Findings violations = new Findings();
            TestSchema.check(yaml, violations);
            findings.addAll(violations.sorted());
            if (!violations.hasErrors()) {
                for (Value test : yaml.items()) {
                    checkPatterns(test.get("expect"), findings);
                    tests.add(test(test, findings));
                }
            }
        }
        return new TestFiles(tests, findings.sorted());
    }

    /** Returns a finding in one line, and in one more its hint. */
    public static List<String> lines(Finding finding) {
        String line = finding.place() + "  error  " + finding.message();
        return finding.hint() == null ? List.of(line) : List.of(line, "    " + finding.hint());
    }

    private static void checkPatterns(Value expected, Findings findings) {
        for (Member member : expected.members().values()) {
            if (member.name().equals("matches") && member.value().isScalar()) {
                try {
                    Expectations.pattern(member.value().text());
                } catch (PatternSyntaxException malformed) {
                    findings.error("", member.value().place(), "no regular expression: " + malformed.getMessage(),
                            "the syntax is that of RE2, which has no look-ahead and no back reference");
                }
            }
            checkPatterns(member.value(), findings);
        }
    }

    private static TestCase test(Value test, Findings findings) {
        List<TestCase.StoredFile> files = new ArrayList<>();
        for (Member branch : test.get("files").members().values()) {
            branch.value().members().values().forEach(file -> files.add(
                    new TestCase.StoredFile(branch, file.name(), content(file.value(), findings))));
        }
        content(test.get("expect").get("file"), findings);
        Map<String, String> settings = new LinkedHashMap<>();
        values(test.get("settings")).forEach((key, value) -> settings.put(key, value.text()));
        return new TestCase(test.get("test").text(), test.place(), List.copyOf(files), test.get("request"),
                values(test.get("mock")), values(test.get("fail")), settings, test.get("expect"));
    }

    private static byte[] content(Value file, Findings findings) {
        try {
            return TestCase.content(file);
        } catch (IllegalArgumentException malformed) {
            findings.error("", file.place(), malformed.getMessage(), "member base64 holds Base64");
            return new byte[0];
        }
    }

    private static Map<String, Value> values(Value map) {
        Map<String, Value> values = new LinkedHashMap<>();
        map.members().values().forEach(member -> values.put(member.name(), member.value()));
        return values;
    }
}
