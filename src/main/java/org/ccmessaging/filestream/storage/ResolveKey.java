package org.ccmessaging.filestream.storage;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.ccmessaging.filestream.auth.Identity;
import org.ccmessaging.filestream.failure.IdentityMissingException;
import org.ccmessaging.filestream.failure.ObjectKeyMissingException;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.ccmessaging.filestream.toolkit.Variables;

/**
 * Step {@code resolve-key}: makes the {@link ConfinedLocation} of a file from the verified customer and the variables
 * {@code branch} and {@code objectKey}. The key stays below the customer's own tenant, whatever the {@code fileId} is
 * (contract section 3) and whatever a route writes to variables.
 *
 * <p>The step refuses a bad key and does not clean it up: a key that needs cleaning names no file that anybody stored.
 */
@RouteStep(description = "Places the key below the customer's tenant. Fails with 401 (no key) or 13 (a key that"
        + " leads elsewhere).",
        needs = {"customer", "branch", "objectKey"}, leaves = "location")
public class ResolveKey implements Processor {

    /** Longest S3 key (Amazon S3 User Guide, "Creating object key names"), in bytes of UTF-8. */
    private static final int LONGEST_KEY_BYTES = 1024;

    private static final Pattern ENCODED_SEPARATOR = Pattern.compile("%(2f|5c|2e|00)", Pattern.CASE_INSENSITIVE);

    private final Map<String, KeyLayout> layouts = new HashMap<>();

    ResolveKey(StorageSettings settings, CamelContext context) {
        settings.byName().forEach((name, branch) -> layouts.put(name,
                new KeyLayout(context, "filestream.storage." + name + ".key", branch.key())));
    }

    /**
     * @throws org.ccmessaging.filestream.failure.UnauthorizedException if the exchange has no verified customer
     * @throws IdentityMissingException if the customer's token names no tenant
     * @throws ObjectKeyMissingException if {@code objectKey} is absent or blank
     * @throws ObjectNotFoundException if the key cannot be one of this tenant's
     */
    @Override
    public void process(Exchange exchange) {
        Identity identity = Identity.require(exchange);
        String objectKey = exchange.getVariable(Variables.OBJECT_KEY, String.class);
        if (objectKey == null || objectKey.isBlank()) {
            throw new ObjectKeyMissingException("the request names no object");
        }
        String tenantId = identity.customer().tenantId();
        requireTenant(tenantId);
        requireConfined(objectKey);
        String branch = exchange.getVariable(Variables.BRANCH, String.class);
        KeyLayout layout = layouts.get(branch);
        if (layout == null) {
            throw new IllegalArgumentException("variable branch: no branch " + branch + ", there are "
                    + new TreeSet<>(layouts.keySet()));
        }
        // The layout reads variables, and a route may have written to them.
        identity.copyTo(exchange);
        String key = layout.key(exchange);
        // The complete key as well, because a layout may bring in other variables.
        requireConfined(key);
        String home = layout.home(tenantId);
        if (!home.isEmpty() && !key.startsWith(home + "/")) {
            throw new ObjectNotFoundException("object key refused: outside the tenant's folder");
        }
        ConfinedLocation.confine(exchange, new ObjectLocation(branch, home, key), identity);
    }

    private static void requireTenant(String tenantId) {
        if (tenantId == null || tenantId.isBlank()) {
            throw new IdentityMissingException("the session token names no tenant");
        }
        requireConfined(tenantId);
        if (tenantId.indexOf('/') >= 0) {
            throw new ObjectNotFoundException("object key refused: the tenant ID is not one folder name");
        }
    }

    private static void requireConfined(String key) {
        String refusal = refusal(key);
        if (refusal != null) {
            throw new ObjectNotFoundException("object key refused: " + refusal);
        }
    }

    private static String refusal(String key) {
        int bytes = 0;
        for (int i = 0; i < key.length(); i++) {
            char character = key.charAt(i);
            if (Character.isISOControl(character)) {
                return "it holds a control character";
            }
            if (character == '\\') {
                return "it holds a backslash";
            }
            if (Character.isSurrogate(character)) {
                if (!Character.isSurrogatePair(character, i + 1 < key.length() ? key.charAt(i + 1) : 0)) {
                    return "it holds half a character";
                }
                i++;
            }
            bytes += Character.isSurrogate(character) ? 4 : character < 0x80 ? 1 : character < 0x800 ? 2 : 3;
        }
        if (bytes > LONGEST_KEY_BYTES) {
            return "it is longer than " + LONGEST_KEY_BYTES + " bytes";
        }
        // The store, or a proxy before it, may decode the key once more.
        if (key.indexOf('%') >= 0 && ENCODED_SEPARATOR.matcher(key).find()) {
            return "it holds an encoded separator";
        }
        for (String folder : key.split("/", -1)) {
            if (folder.isEmpty() || folder.equals(".") || folder.equals("..")) {
                return "it has an empty, '.' or '..' part";
            }
        }
        return null;
    }
}
