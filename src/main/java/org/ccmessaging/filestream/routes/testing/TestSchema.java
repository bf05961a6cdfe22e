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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.settings.NearestName;

/** The JSON schema of {@code *.test.yaml}, by which editors and {@code routes test} check the same. */
public final class TestSchema {

    private static final Map<String, String> TYPES = Map.of("object", "a map", "array", "a list", "string", "a text",
            "number", "a number", "integer", "a whole number", "boolean", "true or false", "null", "nothing");

    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(text());

    private TestSchema() {
    }

    /** Returns the text of the schema. */
    public static String text() {
        return resource("/route-check/routes-test.schema.json");
    }

    static String resource(String name) {
        try (InputStream resource = TestSchema.class.getResourceAsStream(name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static void check(Value tests, Findings findings) {
        SCHEMA.validate(tests.json()).forEach(message -> report(message, tests, findings));
    }

    /** Reports a violation with the place in the file, and with the name of the member that it is in. */
    private static void report(ValidationMessage message, Value tests, Findings findings) {
        Value value = tests;
        String name = "the test";
        JsonNodePath path = message.getInstanceLocation();
        for (int i = 0; i < path.getNameCount(); i++) {
            if (path.getElement(i) instanceof Integer index) {
                value = value.items().get(index);
            } else {
                name = path.getElement(i).toString();
                value = value.get(name);
            }
        }
        String property = message.getProperty();
        List<String> expected = texts(message.getSchemaNode());
        String location = message.getSchemaLocation().getFragment().toString();
        JsonNode rule = SCHEMA.getSchemaNode().at(location.substring(0, location.lastIndexOf('/')));
        switch (message.getType()) {
            case "additionalProperties" -> {
                List<String> known = new ArrayList<>();
                rule.path("properties").fieldNames().forEachRemaining(known::add);
                findings.error("", value.placeOf(property), "unknown member \"" + property + "\" of " + name,
                        NearestName.didYouMean(property, known, "its members are " + String.join(", ", known)));
            }
            case "required" -> findings.error("", value.place(), name + " has no member " + property);
            case "enum" -> {
                if (value.kind() == Kind.STRING) {
                    findings.error("", value.place(), name + " is \"" + value.text() + "\": expected is "
                            + String.join(", ", expected), NearestName.didYouMean(value.text(), expected, null));
                }
            }
            case "type" -> findings.error("", value.place(), name + " is "
                    + TYPES.get(message.getInstanceNode().getNodeType().name().toLowerCase(Locale.ROOT))
                    + ": expected is " + expected.stream().map(TYPES::get).collect(Collectors.joining(" or ")));
            case "propertyNames" -> findings.error("", value.placeOf(property), name + " cannot have " + property,
                    rule.path("propertyNames").path("description").asText());
            default -> findings.error("", value.place(), name + " cannot be " + value.text(),
                    rule.path("description").asText());
        }
    }

    private static List<String> texts(JsonNode node) {
        return node.isTextual() ? List.of(node.asText())
                : StreamSupport.stream(node.spliterator(), false).map(JsonNode::asText).toList();
    }
}
