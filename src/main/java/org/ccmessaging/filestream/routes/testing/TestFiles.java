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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Finding;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteFile;
import org.ccmessaging.filestream.routes.check.Value.Member;
import org.ccmessaging.filestream.routes.check.Value;

/**
 * The test files of a folder of routes.
 *
 * @param tests the tests in the order of files and places
 * @param findings what is wrong with the files; with one finding, no test runs
 */
public record TestFiles(List<TestCase> tests, List<Finding> findings) {

    /** A setting that reaches code, credentials, logs or other hosts would make a test an edit that nobody checks. */
    private static final Pattern SETTING = Pattern.compile("filestream\\."
            + "(storage\\.[a-z0-9-]+\\.(type|bucket|key|shared)|download\\.[a-z.-]+|s3\\.(connect-timeout|read-timeout"
            + "|max-attempts|max-connections|adaptive-concurrency|verify-responses|circuit-open-time))");
    private static final String SETTINGS = "a test may set filestream.storage.<branch>.type, .bucket, .key and .shared,"
            + " filestream.download.*, and limits of the store: filestream.s3.connect-timeout, .read-timeout,"
            + " .max-attempts, .max-connections, .adaptive-concurrency, .verify-responses, .circuit-open-time";

    /** Layouts of keys are full of these; routes resolve them. Spring would resolve any other from the environment. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{variable\\.\\w+}");

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
                    confine(test, findings);
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

    /** Keeps a test in its run: no other setting, file, host or time than those that are meant for it. */
    private static void confine(Value test, Findings findings) {
        for (Member setting : test.get("settings").members().values()) {
            String rest = VARIABLE.matcher(setting.value().text()).replaceAll("");
            if (!SETTING.matcher(setting.name()).matches()) {
                findings.error("", setting.place(), "no test may set " + setting.name(), SETTINGS);
            } else if (rest.contains("${") || rest.contains("#{")) {
                findings.error("", setting.value().place(), "the value of " + setting.name() + " contains ${ or #{",
                        "write the value itself; ${variable.<name>} alone is allowed, for layouts of keys");
            }
        }
        test.get("files").members().values().stream().flatMap(branch -> branch.value().members().values().stream())
                .filter(file -> file.name().startsWith("/") || List.of(file.name().split("/")).contains(".."))
                .forEach(file -> findings.error("", file.place(), "the key " + file.name() + " leads out of the branch",
                        "write the complete key, the tenant's folder first: demo/a.txt"));
        Value path = test.get("request").get("path");
        if (path.isPresent() && !path.text().startsWith("/")) {
            findings.error("", path.place(), "the path " + path.text() + " does not begin with /",
                    "requests of tests go to the service under test only");
        }
        checkPatterns(test.get("expect"), findings);
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
            branch.value().members().values().forEach(file -> convert(file.value(), findings, () -> files.add(
                    new TestCase.StoredFile(branch, file.name(), TestCase.content(file.value())))));
        }
        Map<String, Fault> faults = new LinkedHashMap<>();
        test.get("fail").members().values().forEach(fault -> convert(fault.value(), findings,
                () -> faults.put(fault.name(), Fault.of(fault.value()))));
        Value file = test.get("expect").get("file");
        convert(file, findings, () -> TestCase.content(file));
        Value times = test.get("request").get("times");
        convert(times, findings, () -> Integer.parseInt(times.isMissing() ? "1" : times.text()));
        Map<String, Value> mocks = new LinkedHashMap<>();
        test.get("mock").members().values().forEach(mock -> mocks.put(mock.name(), mock.value()));
        Map<String, String> settings = new LinkedHashMap<>();
        test.get("settings").members().values().forEach(each -> settings.put(each.name(), each.value().text()));
        return new TestCase(test.get("test").text(), test.place(), List.copyOf(files), test.get("request"), mocks,
                faults, settings, test.get("expect"));
    }

    private static void convert(Value value, Findings findings, Runnable conversion) {
        try {
            conversion.run();
        } catch (IllegalArgumentException | ArithmeticException malformed) {
            findings.error("", value.place(), malformed.getMessage(), "a size is a number with B, KB or MB");
        }
    }
}
