package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ccmessaging.filestream.auth.Proved;
import org.ccmessaging.filestream.failure.ObjectKeyMissingException;
import org.ccmessaging.filestream.failure.ObjectNotFoundException;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.ccmessaging.filestream.storage.StorageSettings.Branch;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Key layouts of branches, and the location that step {@code resolve-key} makes of one and a customer's texts. */
class ResolveKeyTest {

    private static final String SETTING = "filestream.storage.local.key";

    private final CamelContext context = new DefaultCamelContext();
    private final ResolveKey step = new ResolveKey(StorageOf.branches(
            branch("files/${variable.tenantId}/${variable.objectKey}", false),
            branch("all/${variable.objectKey}", true),
            branch("${variable.tenantId}/${variable.folder}${variable.objectKey}", false)), context);

    private static Branch branch(String key, boolean shared) {
        return StorageOf.folder(Path.of("data"), key, shared);
    }

    private ObjectLocation resolve(String branch, String tenantId, String objectKey, String folder) {
        return resolve(step, branch, new Customer(tenantId, "web", "alice"), objectKey, folder);
    }

    private ObjectLocation resolve(ResolveKey layout, String branch, Customer customer, String objectKey,
            String folder) {
        Exchange exchange = new DefaultExchange(context);
        exchange.setVariable("branch", branch);
        Proved.customer(exchange, customer);
        assertThat(exchange.getVariables()).containsAllEntriesOf(Map.of("appKey", "demo-app", "tenantId",
                customer.tenantId(), "channelId", "web", "customer", customer));
        assertThat(exchange.getVariable("userId")).isEqualTo(customer.userId());
        exchange.setVariable("tenantId", "whatever a route writes");
        exchange.setVariable("userId", "whatever a route writes");
        exchange.setVariable("objectKey", objectKey);
        exchange.setVariable("folder", folder);
        layout.process(exchange);
        return exchange.getVariable("location", ObjectLocation.class);
    }

    private void assertRefused(String tenantId, String objectKey, String reason) {
        assertThatExceptionOfType(ObjectNotFoundException.class)
                .isThrownBy(() -> resolve("local", tenantId, objectKey, ""))
                .withMessage("object key refused: " + reason);
    }

    /** Layouts, and why a branch with a folder for each tenant and a shared one refuse them; empty if they do not. */
    @ParameterizedTest
    @CsvFileSource(resources = "/settings/key-layouts.csv", delimiter = '|')
    void layoutThatCouldMixTenantsIsRefusedUnlessTheBranchIsShared(String layout, String refusal, String ifShared) {
        assertLayoutRefused(layout, false, refusal);
        assertLayoutRefused(layout, true, ifShared);
    }

    private static void assertLayoutRefused(String layout, boolean shared, String refusal) {
        ThrowingCallable check = () -> KeyLayout.check(SETTING, layout, shared);
        if (refusal == null) {
            assertThatCode(check).doesNotThrowAnyException();
        } else {
            assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(check)
                    .withMessageStartingWith("%s = \"%s\": expected ", SETTING, layout).withMessageContaining(refusal);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"${variable.tenantId}/${variable.objectKey", "${variable.tenantId}/${nope.objectKey}"})
    void layoutThatIsNoSimpleExpressionIsRefusedInOneLine(String layout) {
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> new KeyLayout(context, SETTING, layout))
                .withMessageStartingWith("%s = \"%s\": expected a Camel simple expression: ", SETTING, layout)
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasLineCount(1));
    }

    @ParameterizedTest
    @CsvSource({
        "${variable.tenantId}/${variable.objectKey},         demo,         demo/a/b.txt",
        "files/x/${variable.tenantId}/${variable.objectKey}, files/x/demo, files/x/demo/a/b.txt",
        "${variable.tenantId}/${variable.objectKey}.bin,     demo,         demo/a/b.txt.bin",
        "${variable.objectKey},                              '',           a/b.txt",
        "files/${variable.objectKey},                        files,        files/a/b.txt",
        "files/all-${variable.objectKey},                    files,        files/all-a/b.txt"})
    void layoutSaysWhereAnObjectIsAndWhichFolderItsKeyNeverLeaves(String layout, String home, String key) {
        ResolveKey shared = new ResolveKey(StorageOf.all(branch(layout, true)), context);
        assertThat(resolve(shared, "local", new Customer("demo", "web", "alice"), "a/b.txt", ""))
                .isEqualTo(new ObjectLocation("local", home, key));
    }

    @Test
    void eachBranchHasItsOwnLayout() {
        assertThat(resolve("local", "demo", "a.txt", ""))
                .isEqualTo(new ObjectLocation("local", "files/demo", "files/demo/a.txt"));
        assertThat(resolve("multimedia-library", "demo", "117", ""))
                .isEqualTo(new ObjectLocation("multimedia-library", "all", "all/117"));
        assertThat(resolve("standard", "demo", "a.txt", "x/"))
                .isEqualTo(new ObjectLocation("standard", "demo", "demo/x/a.txt"));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t", "\u2003"})
    void blankObjectKeyIsMissing(String objectKey) {
        assertThatExceptionOfType(ObjectKeyMissingException.class)
                .isThrownBy(() -> resolve("standard", "demo", objectKey, ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "it has an empty, '.' or '..' part | .. ../x a/../b a/.. ./a a/./b /a a/ a//b .",
        "it holds an encoded separator | a%2Fb %2e%2e/x %5Cx x%00 a%2fb", "it holds a backslash | a\\b \\a",
        "it holds a control character | a\0b a\u0085b", "it holds half a character | a\uD83Db"})
    void keyThatNamesNoFileIsRefusedAndNotCleanedUp(String reason, String keys) {
        for (String key : keys.split(" ")) {
            assertRefused("demo", key, reason);
        }
    }

    /** The layout of the branch puts 11 bytes before the object key. */
    @ParameterizedTest
    @CsvSource({"a, 1013, true", "a, 1014, false", "ä, 506, true", "ä, 507, false", "€, 337, true", "€, 338, false"})
    void completeKeyMayHave1024BytesOfUtf8(String character, int times, boolean allowed) {
        String objectKey = character.repeat(times);
        if (allowed) {
            assertThat(resolve("local", "demo", objectKey, "").key()).endsWith("/" + objectKey);
        } else {
            assertRefused("demo", objectKey, "it is longer than 1024 bytes");
        }
    }

    @ParameterizedTest
    @CsvSource({"a/b, the tenant ID is not one folder name", ".., 'it has an empty, ''.'' or ''..'' part'",
        "., 'it has an empty, ''.'' or ''..'' part'", "a\0b, it holds a control character",
        "\uD83D, it holds half a character", "a\\b, it holds a backslash", "a%2fb, it holds an encoded separator"})
    void tenantIdThatIsNotOneFolderNameIsRefused(String tenantId, String reason) {
        assertRefused(tenantId, "a.txt", reason);
    }

    @ParameterizedTest
    @CsvSource({"bob, true", "bob/sub, false", ".., false", "'', false", ", false"})
    void userIdThatIsNotOneFolderNameIsRefusedIfEachUserHasAFolder(String userId, boolean allowed) {
        ResolveKey layout = new ResolveKey(StorageOf.all(
                branch("${variable.tenantId}/${variable.userId}/${variable.objectKey}", false)), context);
        Customer customer = new Customer("demo", "web", userId);

        if (allowed) {
            assertThat(resolve(layout, "local", customer, "sub/a.txt", "")).hasToString("local/demo/bob/sub/a.txt");
        } else {
            assertThatExceptionOfType(ObjectNotFoundException.class)
                    .isThrownBy(() -> resolve(layout, "local", customer, "sub/a.txt", ""));
        }
    }

    @ParameterizedTest
    @CsvSource({"standard, demo, secret.txt, ../other/", "standard, demo, secret.txt, /",
        "standard, demo, secret.txt, x%2f..%2f", "standard, demo, secret.txt, '\n'", "standard, demo, /b, pre",
        "multimedia-library, .., b, pre", "multimedia-library, a/b, b, pre"})
    void tenantObjectKeyAndWhatALayoutBringsInAreConfined(String branch, String tenantId, String objectKey,
            String folder) {
        assertThatExceptionOfType(ObjectNotFoundException.class)
                .isThrownBy(() -> resolve(branch, tenantId, objectKey, folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..a", "a..", "...", "a b", "ünïcode-文件.txt", "a+b", "100%", "~", "-rf", "${body}", ":a",
        "${variable.tenantId}$simple{body}{{server.port}}"})
    void unusualNamesAreNamesLikeAnyOther(String objectKey) {
        for (String tenantId : new String[] {"demo", "${sys.user.home}"}) {
            assertThat(resolve("local", tenantId, objectKey, "").key())
                    .isEqualTo("files/" + tenantId + "/" + objectKey);
        }
    }
}
