package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
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
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.NearestName;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.TextLevel;
import org.ccmessaging.filestream.routes.check.Value.YamlKind;
import org.ccmessaging.filestream.routes.check.Value;

/** Reads the tests of a routes folder and the mocks that all tests share. Checks the files against a JSON schema. */
public final class TestFiles {

    /** The file with the mocks that all tests share, relative to the folder of the routes. */
    static final String MOCKS = "tests/mocks.yaml";

    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(schema());

    private TestFiles() {
    }

    /** Returns the JSON schema of test files. Editors use this schema too. */
    public static String schema() {
        try (InputStream schema = TestFiles.class.getResourceAsStream("/route-check/routes-test.schema.json")) {
            return new String(schema.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * Reads {@code tests/*.test.yaml}, sorted by path.
     *
     * @throws InvalidRoutesException if a test file or the file of the shared mocks has an error
     */
    public static List<TestCase> read(Path routes) {
        Path folder = routes.resolve("tests");
        SortedMap<Path, byte[]> contents = new TreeMap<>();
        // Skips hidden files, because editors create them.
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "[!.]*.test.yaml")) {
            for (Path file : files) {
                contents.put(file, Files.readAllBytes(file));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the tests in " + folder + " cannot be read", unreadable);
        }
        mocks(routes);
        return parse(contents);
    }

    /** @throws InvalidRoutesException if the file of the mocks has an error */
    static Map<String, Value> mocks(Path routes) {
        Path file = routes.resolve(MOCKS);
        if (!Files.exists(file)) {
            return Map.of();
        }
        Report report = new Report(1);
        try {
            return parse(file, Files.readAllBytes(file), YamlKind.MAP,
                    "a map of steps to mocks, such as \"scan: {body: clean}\"", report)
                    .filter(mocks -> !report.hasErrors()).map(Value::members)
                    .orElseThrow(() -> new InvalidRoutesException(report));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(file + " cannot be read", unreadable);
        }
    }

    static List<TestCase> parse(Map<Path, byte[]> files) {
        Report report = new Report(files.size());
        List<TestCase> tests = new ArrayList<>();
        files.forEach((file, bytes) -> parse(file, bytes, YamlKind.LIST,
                "a list of tests, each of which begins with \"- test: \"", report)
                .ifPresent(list -> list.items().forEach(test -> tests.add(TestCase.of(test)))));
        if (report.hasErrors()) {
            throw new InvalidRoutesException(report);
        }
        return tests;
    }

    private static Optional<Value> parse(Path file, byte[] bytes, YamlKind kind, String expected, Report report) {
        Optional<Value> yaml = new TextLevel(file, report).parse(bytes);
        if (yaml.isPresent() && yaml.get().kind() != kind) {
            report.error(yaml.get().place(), "the file does not hold " + expected, null);
            return Optional.empty();
        }
        yaml.ifPresent(value ->
                SCHEMA.validate(TestCase.json(value)).forEach(message -> report(message, value, report)));
        return yaml;
    }

    private static void report(ValidationMessage message, Value tests, Report report) {
        Value value = tests;
        String name = "the test";
        JsonNodePath path = message.getInstanceLocation();
        for (int i = 0; i < path.getNameCount(); i++) {
            if (path.getElement(i) instanceof Integer index) {
                value = value.items().get(index);
            } else {
                value = value.get(path.getElement(i).toString());
                name = value.name();
            }
        }
        String location = message.getSchemaLocation().getFragment().toString();
        JsonNode rule = SCHEMA.getSchemaNode().at(location.substring(0, location.lastIndexOf('/')));
        String property = message.getProperty();
        switch (message.getType()) {
            case "additionalProperties" -> {
                List<String> known = rule.path("properties").propertyStream().map(Map.Entry::getKey).toList();
                report.error(value.get(property).key(), "unknown member \"" + property + "\" of " + name,
                        NearestName.didYouMean(property, known, "its members are " + String.join(", ", known)));
            }
            case "propertyNames" -> report.error(value.get(property).key(), name + " cannot have " + property,
                    rule.path("propertyNames").path("description").asText());
            case "required", "type", "enum" -> report.error(value.place(), name + ": " + message.getError(),
                    null);
            default -> report.error(value.place(), name + " cannot be " + value.text(),
                    rule.path("description").asText());
        }
    }
}
