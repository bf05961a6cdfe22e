package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.settings.NearestName;

/**
 * Reads the test files of a folder of routes, and finds their mistakes. Their JSON schema confines a test to its run:
 * the schema allows only the settings, files and hosts that are meant for tests.
 */
public final class TestFiles {

    /** Maximum size of a test file, in bytes. */
    private static final int LARGEST = 1024 * 1024;

    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(schema());

    private TestFiles() {
    }

    /** Returns the text of the schema, by which editors check test files too. */
    public static String schema() {
        try (InputStream schema = TestFiles.class.getResourceAsStream("/route-check/routes-test.schema.json")) {
            return new String(schema.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Compiles a regular expression of an author, which takes time in proportion to the text. */
    static Pattern pattern(String expression) {
        return Pattern.compile(expression, Pattern.DOTALL);
    }

    /**
     * Reads {@code tests/*.test.yaml} of a folder of routes, as the user named it, in the order of files and places.
     *
     * @throws UncheckedIOException if the folder or a file cannot be read, or a file is too large
     * @throws InvalidRoutesException if a file has a mistake
     */
    public static List<TestCase> read(Path routes) {
        Path folder = routes.resolve("tests");
        SortedMap<Path, byte[]> contents = new TreeMap<>();
        // Hidden files belong to editors.
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[!.]*.test.yaml")) {
            for (Path file : files) {
                contents.put(file, RouteFiles.bytes(routes, file, LARGEST));
                if (contents.get(file).length > LARGEST) {
                    throw new IOException(file + " is larger than " + LARGEST + " bytes");
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the tests in " + folder + " cannot be read", unreadable);
        }
        return parse(contents);
    }

    static List<TestCase> parse(Map<Path, byte[]> files) {
        Findings findings = new Findings();
        List<TestCase> tests = new ArrayList<>();
        files.forEach((file, bytes) -> parse(file, bytes, findings).ifPresent(yaml -> {
            SCHEMA.validate(yaml.json()).forEach(message -> report(message, yaml, findings));
            yaml.items().forEach(test -> {
                checkPatterns(test.get("expect"), findings);
                tests.add(TestCase.of(test));
            });
        }));
        if (findings.hasErrors()) {
            throw new InvalidRoutesException(new Report(files.size(), findings.sorted()));
        }
        return tests;
    }

    /** Returns a test that the service makes; empty if it has a character that YAML has not. */
    static Optional<TestCase> of(JsonNode test) {
        return parse(Path.of("(made)"), ("[" + test + "]").getBytes(StandardCharsets.UTF_8), new Findings())
                .map(tests -> TestCase.of(tests.items().get(0)));
    }

    private static Optional<Value> parse(Path file, byte[] bytes, Findings findings) {
        Findings ofText = new Findings();
        Optional<Value> tests = Value.parse(file, bytes, ofText);
        ofText.sorted().forEach(finding -> findings.error("", finding.place(), finding.code().equals("R008")
                ? "a test file holds a list of tests, each of which begins with \"- test: \"" : finding.message(),
                finding.hint()));
        return tests;
    }

    private static void report(ValidationMessage message, Value tests, Findings findings) {
        List<Value> path = new ArrayList<>();
        Value value = tests.at(message.getInstanceLocation(), path::add);
        String name = path.isEmpty() ? "the test" : path.get(path.size() - 1).name();
        String location = message.getSchemaLocation().getFragment().toString();
        JsonNode rule = SCHEMA.getSchemaNode().at(location.substring(0, location.lastIndexOf('/')));
        String property = message.getProperty();
        switch (message.getType()) {
            case "additionalProperties" -> {
                List<String> known = rule.path("properties").propertyStream().map(Map.Entry::getKey).toList();
                findings.error("", value.placeOf(property), "unknown member \"" + property + "\" of " + name,
                        NearestName.didYouMean(property, known, "its members are " + String.join(", ", known)));
            }
            case "propertyNames" -> findings.error("", value.placeOf(property), name + " cannot have " + property,
                    rule.path("propertyNames").path("description").asText());
            case "required", "type", "enum" -> findings.error("", value.place(), name + ": " + message.getError(),
                    null);
            default -> findings.error("", value.place(), name + " cannot be " + value.text(),
                    rule.path("description").asText());
        }
    }

    private static void checkPatterns(Value expected, Findings findings) {
        expected.members().forEach((name, value) -> {
            if (name.equals("matches") && value.isScalar()) {
                try {
                    pattern(value.text());
                } catch (PatternSyntaxException malformed) {
                    findings.error("", value.place(), "no regular expression: " + malformed.getMessage(),
                            "the syntax is that of RE2, which has no look-ahead and no back reference");
                }
            }
            checkPatterns(value, findings);
        });
    }
}
