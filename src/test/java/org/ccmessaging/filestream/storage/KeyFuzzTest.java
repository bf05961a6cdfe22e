package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.auth.Proved;
import org.ccmessaging.filestream.failure.IdentityMissingException;
import org.ccmessaging.filestream.failure.ObjectKeyMissingException;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.springframework.web.util.UriUtils;

/** Whatever a file's ID is, its key is below the customer's tenant and holds the ID as it is, or there is no key. */
class KeyFuzzTest {

    private static final CamelContext CAMEL = new DefaultCamelContext();
    private static final Path ROOT = Path.of("/data");
    private static final ResolveKey SHIPPED = resolver("${variable.tenantId}/${variable.objectKey}");

    /** Seeds name pieces and parts by their places, so a new one comes last. */
    private static final String[] PIECES = {"a", "b.txt", "/", "//", ".", "..", "../", "./", "\\", "%2e%2e", "%2F",
        "%5c", "%00", "%", "%25", "\0", "\n", "\u0085", "\u202e", "\u2028", "\ufeff", "\ud83d\ude00", "\ud83d",
        "\ude00", "\u00e4", "a\u0308", " ", "~", "+", "?", "#", "*", "|", ":", "C:", "${variable.tenantId}",
        "$simple{body}", "{{x}}", "other", "tenant", "-", "\u2024", "\uff0e", "\uff0f", "\u2215", "\u29f8"};

    private static final String[] PARTS = {"${variable.tenantId}", "${variable.objectKey}", "${variable.branch}", "/",
        "/", "/", "files", "other", ".", "..", " ", "%2f"};

    private static ResolveKey resolver(String layout) {
        KeyLayout.check("filestream.storage.local.key", layout, false);
        return new ResolveKey(StorageOf.all(StorageOf.folder(ROOT, layout, false)), CAMEL);
    }

    /** @return {@code null} if there is no key */
    private static ObjectLocation resolve(ResolveKey step, String tenantId, String objectKey) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.setVariable("branch", "local");
        Proved.tenant(exchange, tenantId);
        exchange.setVariable("objectKey", objectKey);
        try {
            step.process(exchange);
        } catch (ObjectNotFoundException | ObjectKeyMissingException | IdentityMissingException refused) {
            return null;
        }
        return exchange.getVariable("location", ObjectLocation.class);
    }

    private static void assertConfined(String tenantId, String objectKey) {
        ObjectLocation location = resolve(SHIPPED, tenantId, objectKey);
        if (location == null) {
            return;
        }
        assertThat(location.key()).isEqualTo(tenantId + "/" + objectKey);
        assertThat(location.home()).isEqualTo(tenantId).doesNotContain("/", "\\").isNotIn("", ".", "..");
        assertThat(location.key().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(1024);
        Path file = ROOT.resolve(location.key());
        assertThat(file.normalize()).isEqualTo(file);
        assertThat(file.startsWith(ROOT.resolve(tenantId))).isTrue();
        assertThat(file.getNameCount()).isEqualTo(2 + objectKey.split("/", -1).length);
        // The way to an S3 store and back.
        String encoded = UriUtils.encode(location.key(), StandardCharsets.UTF_8);
        assertThat(URLDecoder.decode(encoded, StandardCharsets.UTF_8)).isEqualTo(location.key());
    }

    private static String text(FuzzedDataProvider data) {
        if (data.consumeBoolean()) {
            return data.consumeString(200);
        }
        StringBuilder pieces = new StringBuilder();
        for (int count = data.consumeInt(1, 8); count > 0; count--) {
            pieces.append(data.pickValue(PIECES));
        }
        return pieces.toString();
    }

    /** The shipped layout with any tenant, or any layout with two tenants. */
    @FuzzTest
    void key(FuzzedDataProvider data) {
        if (data.consumeBoolean()) {
            assertConfined(data.consumeBoolean() ? "tenant" : text(data), text(data));
        } else {
            assertSeparated(text(data), data);
        }
    }

    private static void assertSeparated(String objectKey, FuzzedDataProvider data) {
        StringBuilder layout = new StringBuilder();
        while (data.remainingBytes() > 0) {
            layout.append(data.pickValue(PARTS));
        }
        ResolveKey step;
        try {
            step = resolver(layout.toString());
        } catch (InvalidSettingException refused) {
            return;
        }
        ObjectLocation ours = resolve(step, "tenant", objectKey);
        ObjectLocation theirs = resolve(step, "other", objectKey);
        for (ObjectLocation location : new ObjectLocation[] {ours, theirs}) {
            if (location != null) {
                // No part of a layout but its two functions is evaluated, and no text of a customer.
                assertThat(location.key()).startsWith(location.home() + "/").isEqualTo(layout.toString()
                        .replace("${variable.branch}", "local")
                        .replace("${variable.tenantId}", location == ours ? "tenant" : "other")
                        .replace("${variable.objectKey}", objectKey));
            }
        }
        if (ours != null && theirs != null) {
            assertThat(ours.home()).isNotEqualTo(theirs.home());
            assertThat(ROOT.resolve(ours.key()).startsWith(ROOT.resolve(theirs.home()))).isFalse();
            assertThat(ROOT.resolve(theirs.key()).startsWith(ROOT.resolve(ours.home()))).isFalse();
        }
    }
}
