package org.ccmessaging.filestream.routes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.ccmessaging.filestream.auth.token.AuthSettings;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What routes of a running service cannot reach. */
class SandboxTest {

    private static Stage stage;
    private static CamelContext context;

    @BeforeAll
    static void start() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of(
                "filestream.routes.expose", "PATH, my.shown.secret",
                "my.setting", "mine",
                "my.shown.secret", "shown",
                "my.password", "hidden"));
        context = stage.service().bean(CamelContext.class);
    }

    @AfterAll
    static void stop() {
        stage.close();
    }

    private static String simple(String expression) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody("the body");
        exchange.getMessage().setHeader("x", "sys.java.home");
        return context.resolveLanguage("simple").createExpression(expression).evaluate(exchange, String.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{filestream.auth.signing-key}}", "{{filestream.auth.signingKey}}",
        "{{filestream.auth.signingkey}}", "{{FILESTREAM_AUTH_SIGNING_KEY}}", "{{?filestream.auth.signing-key}}",
        "{{filestream.auth.signing-key:none}}", "{{filestream.auth.apps.demo-app.secret}}", "{{my.password}}",
        "{{env:PATH}}", "{{env:HOME}}", "{{sys:java.home}}", "{{HOME}}", "{{java.home}}", "{{home}}"})
    void placeholderOfASecretOrOfTheEnvironmentHasNoValue(String placeholder) {
        String resolved;
        try {
            resolved = context.resolvePropertyPlaceholders(placeholder);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).doesNotContain(System.getenv("PATH"), "demo-secret", "hidden");
            return;
        }
        assertThat(resolved).isIn("", "none", placeholder, null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"${properties:filestream.auth.signing-key}", "${properties:my.password}",
        "${sys.java.home}", "${env.HOME}", "${env:HOME}", "${sysenv.HOME}", "$simple{env.HOME}", "${ env.HOME}",
        "x ${body} ${sys.java.home}", "${body.concat(${env.HOME})}", "${${header.x}}", "${${body}.x}",
        "${camelContext.name}", "${exchange.context}", "${exchange}", "${ref:environment}",
        "${type:java.io.File.separator}", "${bean:type:java.lang.System?method=getenv}", "${body.getClass}",
        "${body.class}", "${bean:environment?method=getProperty('java.home')}", "${bean:systemEnvironment}",
        "${bean:tokenIssuer}", "${bean:authSettings}"})
    void expressionThatLeavesTheExchangeIsRefused(String expression) {
        assertThatThrownBy(() -> assertThat(simple(expression)).isNull())
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain(System.getenv("PATH")));
    }

    @Test
    void expressionsWithinTheExchangeAndListedNamesAreOpen() {
        assertThat(simple("${body} ${header.x} ${properties:my.setting} ${env.PATH}"))
                .isEqualTo("the body sys.java.home mine " + System.getenv("PATH"));
        assertThat(context.resolvePropertyPlaceholders("{{my.setting}} {{my.shown.secret}} {{none:else}}"
                + " {{filestream.storage.standard.type}}")).isEqualTo("mine shown else filesystem");
    }

    @Test
    void beansThatHoldSettingsOrKeysHaveNoName() {
        assertThat(stage.service().bean(AuthSettings.class).signingKey()).isNotNull();
        for (String name : new String[] {"environment", "systemProperties", "tokenIssuer", "tokenVerifier",
            "filestream.auth-org.ccmessaging.filestream.auth.token.AuthSettings", "guessBrake"}) {
            assertThat(context.getRegistry().lookupByName(name)).as(name).isNull();
        }
        for (String name : new String[] {"authenticate", "respond", "requestFault", "retryAfter", "requestMapper"}) {
            assertThat(context.getRegistry().lookupByName(name)).as(name).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"controlbus:route?routeId=x&action=stop", "language:simple:x", "file:/tmp/x",
        "class:java.lang.System"})
    void componentThatIsNotListedIsRefusedByName(String uri) {
        assertThatThrownBy(() -> context.getEndpoint(uri))
                .hasStackTraceContaining("filestream.routes.components does not list it")
                .hasStackTraceContaining(uri.substring(0, uri.indexOf(':')));
    }

    @Test
    void languageThatIsNotListedIsRefusedByName() {
        assertThatThrownBy(() -> context.resolveLanguage("file"))
                .hasMessage("language file is not open to routes: filestream.routes.components does not list it");
    }

    @Test
    void routeThatPrintsASecretDoesNotLoad() throws Exception {
        String route = "- route: {id: debug, from: {uri: 'platform-http:/debug', steps: [{setBody: {constant:"
                + " '{{filestream.auth.signing-key}}'}}]}}";

        assertThatThrownBy(() -> PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.fromString("debug.camel.yaml", route)))
                .hasStackTraceContaining("{{filestream.auth.signing-key}}: routes cannot read a secret");
    }
}
