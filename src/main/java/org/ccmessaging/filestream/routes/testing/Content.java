package org.ccmessaging.filestream.routes.testing;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.ccmessaging.filestream.routes.check.Value;
import org.springframework.util.unit.DataSize;

/** The bytes of a file, as a test writes them. */
final class Content {

    private static final int FACTOR = 31;
    private static final int SHIFT = 8;

    private Content() {
    }

    /** @throws IllegalArgumentException if a size or Base64 is malformed */
    static byte[] of(Value value) {
        if (value.get("size").isPresent()) {
            return ofSize(bytes(value.get("size").text()));
        }
        return value.get("base64").isPresent() ? Base64.getDecoder().decode(value.get("base64").text())
                : value.text().getBytes(StandardCharsets.UTF_8);
    }

    /** A number of bytes such as {@code 64KB}. */
    static int bytes(String size) {
        return Math.toIntExact(DataSize.parse(size.strip()).toBytes());
    }

    /** Bytes that differ from place to place, so that a part in the wrong place shows. */
    private static byte[] ofSize(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * FACTOR ^ i >>> SHIFT);
        }
        return bytes;
    }
}
