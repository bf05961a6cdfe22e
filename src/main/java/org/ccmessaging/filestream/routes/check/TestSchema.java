package org.ccmessaging.filestream.routes.check;

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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ccmessaging.filestream.settings.NearestName;

/**
 * Finds the mistakes of test files. Their JSON schema confines a test to its run: it allows only the settings, files
 * and hosts that are meant for tests.
 */
public final class TestSchema {

    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(text());

    private TestSchema() {
    }

    /** Returns the text of the schema, by which editors check test files too. */
    public static String text() {
        return resource("routes-test.schema.json");
    }

    /** Returns the text of a file that is part of the product. */
    public static String resource(String name) {
        try (InputStream resource = TestSchema.class.getResourceAsStream("/route-check/" + name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Compiles a regular expression of an author, which takes time in proportion to the text. */
    public static Pattern pattern(String expression) {
        return Pattern.compile(expression, Pattern.DOTALL);
    }

    /** Parses a file, and returns its tests as far as it is YAML. */
    public static List<Value> parse(Path file, byte[] bytes, Findings findings) {
        Findings ofText = new Findings();
        Optional<Value> tests = Value.parse(file, bytes, ofText);
        ofText.sorted().forEach(finding -> findings.error("", finding.place(),
                finding.code().equals("R008") ? "a test file holds a list of tests" : finding.message(),
                finding.code().equals("R008") ? "begin each test with \"- test: \"" : finding.hint()));
        tests.ifPresent(yaml -> {
            SCHEMA.validate(yaml.json()).forEach(message -> report(message, yaml, findings));
            yaml.items().forEach(test -> checkPatterns(test.get("expect"), findings));
        });
        return tests.map(Value::items).orElse(List.of());
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
