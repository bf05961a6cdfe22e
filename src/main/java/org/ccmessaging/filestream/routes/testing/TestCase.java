package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Place;
import org.ccmessaging.filestream.routes.check.Value;
import org.springframework.util.unit.DataSize;

/**
 * A test in a test file.
 *
 * @param files the files by storage branch, and then by complete object key
 * @param catalogue the object keys of the library's catalogue by tenant, and then by file ID
 * @param faults the failures to simulate, by step
 * @param types the type that each storage branch must have; if a branch has another type, the test is skipped
 * @param settings the service settings that override the settings of the installation
 */
public record TestCase(String name, Place place, Value files, Value catalogue, Value request, Map<String, Value> mocks,
        Map<String, Value> faults, Value types, Map<String, String> settings, Value expect) {

    static final String CATALOGUE = "filestream.library.catalogue";

    static TestCase of(Value test) {
        Map<String, String> settings = new TreeMap<>();
        test.get("settings").members().forEach((key, value) -> settings.put(key, value.text()));
        if (!test.get("catalogue").members().isEmpty()) {
            settings.put(CATALOGUE, "sql");
        }
        return new TestCase(test.get("test").text(), test.place(), test.get("files"), test.get("catalogue"),
                test.get("request"), test.get("mock").members(), test.get("fail").members(), test.get("types"),
                settings, test.get("expect"));
    }

    /** Returns the steps that the test mocks, makes fail or expects. */
    Stream<Value> steps() {
        return Stream.of(mocks.values(), faults.values(), expect.get("steps").items()).flatMap(Collection::stream);
    }

    /** @throws IllegalArgumentException if the Base64 or the size is malformed */
    static byte[] content(Value value) {
        if (!value.get("size").isPresent()) {
            return value.get("base64").isPresent() ? Base64.getDecoder().decode(value.get("base64").text())
                    : (value.isScalar() ? value : value.get("content")).text().getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[size(value.get("size"))];
        for (int i = 0; i < bytes.length; i++) {
            // Each byte depends on its position, so that a test detects bytes at a wrong position.
            bytes[i] = (byte) (i * 31 ^ i >>> 8);
        }
        return bytes;
    }

    /** Converts a size such as {@code 64KB} to a number of bytes. */
    static int size(Value value) {
        return Math.toIntExact(DataSize.parse(value.text().strip()).toBytes());
    }

    static JsonNode json(Value value) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (value.kind()) {
            case MAP -> {
                ObjectNode map = json.objectNode();
                value.members().forEach((name, member) -> map.set(name, json(member)));
                yield map;
            }
            case LIST -> json.arrayNode().addAll(value.items().stream().map(TestCase::json).toList());
            // YAML's numbers .inf and .nan become texts, because JSON does not have these numbers.
            case NUMBER -> value.text().matches(".*[fnFN].*") ? json.textNode(value.text())
                    : json.numberNode(new BigDecimal(value.text()));
            case BOOLEAN -> json.booleanNode(value.isTrue());
            case STRING -> json.textNode(value.text());
            default -> json.nullNode();
        };
    }
}
