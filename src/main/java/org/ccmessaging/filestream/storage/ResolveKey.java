package org.ccmessaging.filestream.storage;

import java.nio.charset.StandardCharsets;
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
 * Step {@code resolve-key}: makes the {@link ConfinedLocation} from the verified customer and the variables
 * {@code branch} and {@code objectKey}. No value of a variable can move the key out of the tenant's folder (contract
 * section 3). Only a shared branch may have no tenant folder.
 */
@RouteStep(needs = "customer", leaves = "location")
public class ResolveKey implements Processor {

    /** Maximum length of an S3 key (Amazon S3 User Guide, "Creating object key names"), in bytes of UTF-8. */
    private static final int LONGEST_KEY_BYTES = 1024;

    private static final Pattern ENCODED_SEPARATOR = Pattern.compile("%(2f|5c|2e|00)", Pattern.CASE_INSENSITIVE);

    private final Map<String, KeyLayout> layouts = new HashMap<>();

    ResolveKey(StorageSettings settings, CamelContext context) {
        settings.forEach((name, branch) -> layouts.put(name,
                new KeyLayout(context, "filestream.storage." + name + ".key", branch.key())));
    }

    @Override
    public void process(Exchange exchange) {
        Identity identity = Identity.require(exchange);
        String objectKey = exchange.getVariable(Variables.OBJECT_KEY, String.class);
        if (objectKey == null || objectKey.isBlank()) {
            throw new ObjectKeyMissingException("the request names no object, or one that the library does not know");
        }
        String tenantId = identity.customer().tenantId();
        if (tenantId == null || tenantId.isBlank()) {
            throw new IdentityMissingException("the session token names no tenant");
        }
        requireConfined(tenantId);
        refuseIf(tenantId.indexOf('/') >= 0, "the tenant ID is not one folder name");
        requireConfined(objectKey);
        String branch = exchange.getVariable(Variables.BRANCH, String.class);
        KeyLayout layout = layouts.get(branch);
        if (layout == null) {
            throw new IllegalArgumentException("variable branch: no branch " + branch + ", there are "
                    + new TreeSet<>(layouts.keySet()));
        }
        // Restores the customer's variables, because a route may have changed them.
        identity.copyTo(exchange);
        String key = layout.key(exchange);
        String userId = identity.customer().userId();
        refuseIf(layout.isOfUser() && (userId == null || userId.indexOf('/') >= 0),
                "the user ID is not one folder name");
        // Checks the complete key, because the layout may add the values of unchecked variables.
        requireConfined(key);
        String home = layout.home(tenantId);
        refuseIf(!home.isEmpty() && !key.startsWith(home + "/"), "outside the tenant's folder");
        ConfinedLocation.confine(exchange, new ObjectLocation(branch, home, key), identity);
    }

    static void requireConfined(String key) {
        boolean ascii = true;
        for (int i = 0; i < key.length(); i++) {
            refuseIf(Character.isISOControl(key.charAt(i)), "it holds a control character");
            ascii &= key.charAt(i) < 0x80;
        }
        refuseIf(key.indexOf('\\') >= 0, "it holds a backslash");
        refuseIf(!ascii && !StandardCharsets.UTF_8.newEncoder().canEncode(key), "it holds half a character");
        refuseIf((ascii ? key.length() : key.getBytes(StandardCharsets.UTF_8).length) > LONGEST_KEY_BYTES,
                "it is longer than 1024 bytes");
        // A store or its proxy may decode an encoded separator.
        refuseIf(key.indexOf('%') >= 0 && ENCODED_SEPARATOR.matcher(key).find(), "it holds an encoded separator");
        String parts = "/" + key + "/";
        refuseIf(parts.contains("//") || parts.contains("/./") || parts.contains("/../"),
                "it has an empty, '.' or '..' part");
    }

    private static void refuseIf(boolean refused, String reason) {
        if (refused) {
            throw new ObjectNotFoundException("object key refused: " + reason);
        }
    }
}
