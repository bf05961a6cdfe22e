package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.NearestName;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.ccmessaging.filestream.routes.check.Value;

/** Reads the tests of a folder of routes and the mocks of all of them, and finds their mistakes by a JSON schema. */
public final class TestFiles {

    /** The file of the mocks of all tests, in the folder of the routes. */
    static final String MOCKS = "tests/mocks.yaml";

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

    /**
     * Reads {@code tests/*.test.yaml} of a folder of routes, as the user named it, in the order of files and places.
     *
     * @throws UncheckedIOException if the folder or a file cannot be read
     * @throws InvalidRoutesException if a file has a mistake
     */
    public static List<TestCase> read(Path routes) {
        Path folder = routes.resolve("tests");
        SortedMap<Path, byte[]> contents = new TreeMap<>();
        // Hidden files belong to editors.
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

    /**
     * Reads the mocks of all tests of a folder by step. Without the file there are none.
     *
     * @throws InvalidRoutesException if the file has a mistake
     */
    static Map<String, Value> mocks(Path routes) {
        Path file = routes.resolve(MOCKS);
        if (!Files.exists(file)) {
            return Map.of();
        }
        Findings findings = new Findings();
        try {
            return parse(file, Files.readAllBytes(file), Kind.MAP,
                    "a map of steps to mocks, such as \"scan: {body: clean}\"", findings)
                    .filter(mocks -> !findings.hasErrors()).map(Value::members)
                    .orElseThrow(() -> new InvalidRoutesException(new Report(1, findings.sorted())));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(file + " cannot be read", unreadable);
        }
    }

    static List<TestCase> parse(Map<Path, byte[]> files) {
        Findings findings = new Findings();
        List<TestCase> tests = new ArrayList<>();
        files.forEach((file, bytes) -> parse(file, bytes, Kind.LIST,
                "a list of tests, each of which begins with \"- test: \"", findings)
                .ifPresent(list -> list.items().forEach(test -> tests.add(TestCase.of(test)))));
        if (findings.hasErrors()) {
            throw new InvalidRoutesException(new Report(files.size(), findings.sorted()));
        }
        return tests;
    }

    /** @param expected what the file should be, for a finding */
    private static Optional<Value> parse(Path file, byte[] bytes, Kind kind, String expected, Findings findings) {
        Optional<Value> yaml = Value.parse(file, bytes, findings);
        if (yaml.isPresent() && yaml.get().kind() != kind) {
            findings.error(yaml.get().place(), "the file does not hold " + expected, null);
            return Optional.empty();
        }
        yaml.ifPresent(value -> SCHEMA.validate(value.json()).forEach(message -> report(message, value, findings)));
        return yaml;
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
                findings.error(value.placeOf(property), "unknown member \"" + property + "\" of " + name,
                        NearestName.didYouMean(property, known, "its members are " + String.join(", ", known)));
            }
            case "propertyNames" -> findings.error(value.placeOf(property), name + " cannot have " + property,
                    rule.path("propertyNames").path("description").asText());
            case "required", "type", "enum" -> findings.error(value.place(), name + ": " + message.getError(),
                    null);
            default -> findings.error(value.place(), name + " cannot be " + value.text(),
                    rule.path("description").asText());
        }
    }
}
