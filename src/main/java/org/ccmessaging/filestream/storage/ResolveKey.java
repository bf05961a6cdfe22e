package org.ccmessaging.filestream.storage;

import java.nio.charset.CharacterCodingException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.failure.ObjectKeyMissingException;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.springframework.stereotype.Component;

/**
 * Step {@code resolve-key}: variables {@code branch}, {@code tenantId} and {@code objectKey} in, variable
 * {@code location} out: a key that stays below the customer's own tenant, whatever the {@code fileId} was (contract
 * section 3).
 *
 * <p>A key is not cleaned up but refused: what needs cleaning names no file that anybody stored.
 */
@Component("resolveKey")
public class ResolveKey implements Processor {

    /** Longest S3 key (Amazon S3 User Guide, "Creating object key names"), in bytes of UTF-8. */
    private static final int LONGEST_KEY_BYTES = 1024;

    private final Map<String, KeyLayout> layouts = new HashMap<>();

    ResolveKey(StorageSettings settings, CamelContext context) {
        settings.byName().forEach((name, branch) -> layouts.put(name,
                new KeyLayout(context, "filestream.storage." + name + ".key", branch.key())));
    }

    /**
     * @throws ObjectKeyMissingException where {@code objectKey} is absent or blank
     * @throws ObjectNotFoundException where the key cannot be one of this tenant's
     */
    @Override
    public void process(Exchange exchange) {
        String objectKey = exchange.getVariable("objectKey", String.class);
        if (objectKey == null || objectKey.isBlank()) {
            throw new ObjectKeyMissingException("the request names no object");
        }
        String tenantId = exchange.getVariable("tenantId", String.class);
        requireConfined(objectKey);
        requireConfined(tenantId);
        if (tenantId.indexOf('/') >= 0) {
            throw new ObjectNotFoundException("object key refused: the tenant ID is not one folder name");
        }
        String branch = exchange.getVariable("branch", String.class);
        KeyLayout layout = layouts.get(branch);
        String key = layout.key(exchange);
        // Once more as a whole, since a layout may bring in more than the two that were looked at.
        requireConfined(key);
        String home = layout.home(tenantId);
        if (!home.isEmpty() && !key.startsWith(home + "/")) {
            throw new ObjectNotFoundException("object key refused: outside the tenant's folder");
        }
        exchange.setVariable("location", new ObjectLocation(branch, home, key));
    }

    private static void requireConfined(String key) {
        String refusal = refusal(key);
        if (refusal != null) {
            throw new ObjectNotFoundException("object key refused: " + refusal);
        }
    }

    private static String refusal(String key) {
        if (key.chars().anyMatch(Character::isISOControl)) {
            return "it holds a control character";
        }
        if (key.indexOf('\\') >= 0) {
            return "it holds a backslash";
        }
        // A store, or a proxy before it, may decode what was encoded once more than we did.
        String lower = key.toLowerCase(Locale.ROOT);
        if (lower.contains("%2f") || lower.contains("%5c") || lower.contains("%2e") || lower.contains("%00")) {
            return "it holds an encoded separator";
        }
        for (String folder : key.split("/", -1)) {
            if (folder.isEmpty() || folder.equals(".") || folder.equals("..")) {
                return "it has an empty, '.' or '..' part";
            }
        }
        return lengthRefusal(key);
    }

    private static String lengthRefusal(String key) {
        try {
            int bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(key)).remaining();
            return bytes > LONGEST_KEY_BYTES ? "it is longer than " + LONGEST_KEY_BYTES + " bytes" : null;
        } catch (CharacterCodingException halfCharacter) {
            return "it holds half a character";
        }
    }
}
