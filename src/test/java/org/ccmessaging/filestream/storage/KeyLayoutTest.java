package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyLayoutTest {

    private static final String SETTING = "filestream.storage.local.key";

    private final CamelContext context = new DefaultCamelContext();

    private KeyLayout layout(String layout) {
        return new KeyLayout(context, SETTING, layout);
    }

    private Exchange exchange(String tenantId, String objectKey) {
        Exchange exchange = new DefaultExchange(context);
        exchange.setVariable("tenantId", tenantId);
        exchange.setVariable("objectKey", objectKey);
        return exchange;
    }

    /**
     * Layouts, and what refuses them: for a branch of each tenant's own, and for one that all tenants share. An empty
     * cell means that the layout is accepted.
     */
    @ParameterizedTest
    @CsvFileSource(resources = "/settings/key-layouts.csv", delimiter = '|')
    void layoutThatCouldMixTenantsIsRefusedUnlessTheBranchIsShared(String layout, String refusal, String ifShared) {
        assertRefusal(layout, false, refusal);
        assertRefusal(layout, true, ifShared);
    }

    private static void assertRefusal(String layout, boolean shared, String refusal) {
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
        assertThatExceptionOfType(InvalidSettingException.class).isThrownBy(() -> layout(layout))
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
        assertThat(layout(layout).home("demo")).isEqualTo(home);
        assertThat(layout(layout).key(exchange("demo", "a/b.txt"))).isEqualTo(key);
    }

    @Test
    void textsOfACustomerAreNeverPartOfTheExpression() {
        assertThat(layout("${variable.tenantId}/${variable.objectKey}")
                .key(exchange("${sys.user.home}", "${variable.tenantId}$simple{body}{{server.port}}")))
                .isEqualTo("${sys.user.home}/${variable.tenantId}$simple{body}{{server.port}}");
    }
}
