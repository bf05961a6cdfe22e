package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

    @ParameterizedTest
    @ValueSource(strings = {
        "${variable.tenantId}/${variable.objectKey}",
        "files/${variable.tenantId}/${variable.objectKey}",
        "a/b/${variable.tenantId}/c/${variable.objectKey}.bin",
        "${variable.tenantId}/${variable.branch}/${variable.objectKey}"})
    void layoutWithTheTenantAsAFolderOfItsOwnIsAccepted(String layout) {
        assertThatCode(() -> KeyLayout.check(SETTING, layout, false)).doesNotThrowAnyException();
        assertThatCode(() -> KeyLayout.check(SETTING, layout, true)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "${variable.objectKey}",
        "files/${variable.objectKey}",
        "${variable.tenantId}${variable.objectKey}",
        "${variable.tenantId}-${variable.objectKey}",
        "t-${variable.tenantId}/${variable.objectKey}",
        "${variable.tenantId}.d/${variable.objectKey}",
        "${variable.tenantId} /${variable.objectKey}",
        "tenantId/${variable.objectKey}"})
    void layoutThatCouldMixTenantsIsRefusedUnlessTheBranchIsShared(String layout) {
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> KeyLayout.check(SETTING, layout, false))
                .withMessage("%s = \"%s\": expected ${variable.tenantId} as a folder of its own, as in "
                        + "${variable.tenantId}/${variable.objectKey}, or .shared=true beside it if all tenants may "
                        + "read this branch", SETTING, layout);
        assertThatCode(() -> KeyLayout.check(SETTING, layout, true)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "${variable.objectKey}/${variable.tenantId}",
        "${variable.branch}/${variable.tenantId}/${variable.objectKey}",
        "${variable.objectKey}/${variable.tenantId}/${variable.objectKey}"})
    void layoutWithSomethingVariableBeforeTheTenantIsRefusedEvenWhereShared(String layout) {
        for (boolean shared : new boolean[] {false, true}) {
            assertThatExceptionOfType(InvalidSettingException.class)
                    .isThrownBy(() -> KeyLayout.check(SETTING, layout, shared))
                    .withMessageContaining("nothing but plain folder names before ${variable.tenantId}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"${variable.tenantId}", "${variable.tenantId}/file", "${variable.tenantId}/${body.fileId}"})
    void layoutWithoutTheObjectKeyIsRefused(String layout) {
        assertThatExceptionOfType(InvalidSettingException.class)
                .isThrownBy(() -> KeyLayout.check(SETTING, layout, true))
                .withMessageContaining("an expression that contains ${variable.objectKey}");
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
