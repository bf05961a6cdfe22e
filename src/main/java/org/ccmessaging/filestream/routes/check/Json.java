package org.ccmessaging.filestream.routes.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;

/** Makes JSON of what a file has as YAML. */
public final class Json {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {
    }

    /** The JSON of a value; null if the value is empty or missing. */
    public static JsonNode of(Value value) {
        return switch (value.kind()) {
            case MAP -> {
                ObjectNode map = NODES.objectNode();
                value.members().values().forEach(member -> map.set(member.name(), of(member.value())));
                yield map;
            }
            case LIST -> {
                ArrayNode list = NODES.arrayNode();
                value.items().forEach(item -> list.add(of(item)));
                yield list;
            }
            case NUMBER -> number(value.text());
            case BOOLEAN -> NODES.booleanNode(value.isTrue());
            case STRING -> NODES.textNode(value.text());
            default -> NODES.nullNode();
        };
    }

    private static JsonNode number(String text) {
        try {
            return NODES.numberNode(new BigDecimal(text));
        } catch (NumberFormatException hexadecimalOrInfinite) {
            return NODES.textNode(text);
        }
    }
}
