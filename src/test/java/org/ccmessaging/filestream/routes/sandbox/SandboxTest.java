package org.ccmessaging.filestream.routes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
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

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static Stage stage;
    private static CamelContext context;

    @BeforeAll
    static void start() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of(
                "filestream.routes.expose", "PATH, my.shown.secret",
                "filestream.routes.classes", Listed.class.getName(),
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
        "{{filestream.auth.signing.k-ey}}", "{{filestream.auth.sign-ing-key}}", "{{filestream.auth.s-igning-key}}",
        "{{filestream.auth.apps.demo-app.sec-ret}}", "{{filestream.auth.apps[demo-app].secr-et}}",
        "{{filestream_auth_signing_key}}", "{{FILESTREAM_AUTH_S\u0131GNING_KEY}}", "{{my.pass-word}}",
        "{{my.pass.word}}", "{{env:PATH}}", "{{env:HOME}}", "{{sys:java.home}}", "{{HOME}}", "{{java.home}}",
        "{{home}}"})
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
        "${properties:filestream.auth.signing.k-ey}",
        "${sys.java.home}", "${env.HOME}", "${env:HOME}", "${sysenv.HOME}", "$simple{env.HOME}", "${ env.HOME}",
        "x ${body} ${sys.java.home}", "${body.concat(${env.HOME})}", "${${header.x}}", "${${body}.x}",
        "${camelContext.name}", "${exchange.context}", "${exchange}", "${ref:environment}", "${camelContextname}",
        "${camelContextapplicationContext.environment.getProperty('my.password')}", "${exchangegetContext().name}",
        "${exchangeContext.name}", "${exchange?.context}", "${exchangeFromEndpoint}", "${exchangeProperties}",
        "${type:java.io.File.separator}", "${bean:type:java.lang.System?method=getenv}", "${body.getClass}",
        "${body.class}",
        "${body.declaringClass}", "${bean:environment?method=getProperty('java.home')}", "${bean:systemEnvironment}",
        "${bean:tokenIssuer}", "${bean:authSettings}"})
    void expressionThatLeavesTheExchangeIsRefused(String expression) {
        assertThatThrownBy(() -> simple(expression))
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
        for (String name : new String[] {"authenticate", "respond", "requestFault", "retryAfter"}) {
            assertThat(context.getRegistry().lookupByName(name)).as(name).isNotNull();
        }
    }

    @Test
    void optionOfAComponentIsNotCalled() {
        assertThat(context.getRegistry().lookupByNameAndType("requestMapper", ObjectMapper.class)).isNotNull();
        assertThat(context.getRegistry().lookupByNameAndType("requestMapper", Object.class)).isNull();
        assertThatThrownBy(() -> simple("${bean:requestMapper?method=getFactory}"))
                .hasStackTraceContaining("NoSuchBeanException");
        assertThatThrownBy(() -> run("to: 'bean:requestMapper?method=getFactory'")).isNotNull();
        assertThatThrownBy(() -> run("bean: {ref: requestMapper, method: getFactory}")).isNotNull();
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

    @ParameterizedTest
    @ValueSource(strings = {"type: org.springframework.core.env.StandardEnvironment",
        "type: java.lang.ProcessBuilder, constructors: {'0': id}",
        "type: java.lang.Runtime, factoryMethod: getRuntime", "type: '#class:java.lang.Runtime#getRuntime'",
        "type: java.util.HashMap, factoryBean: java.lang.System, factoryMethod: getenv",
        "type: java.util.HashMap, builderClass: java.lang.ProcessBuilder, builderMethod: start",
        "type: java.io.File, constructors: {'0': /etc/passwd}", "type: org.apache.camel.impl.DefaultCamelContext",
        "type: java.util.Scanner, constructors: {'0': '#valueAs(java.io.File):/etc/passwd'}",
        "type: '{{nosuch:java.lang.Runtime}}', factoryMethod: getRuntime",
        "type: org.apache.camel.processor.aggregate.GroupedExchangeAggregationStrategy",
        "type: org.apache.camel.processor.aggregate.GroupedMessageAggregationStrategy",
        "type: org.apache.camel.processor.aggregate.AggregationStrategyBeanAdapter, constructors: {'0': x}"})
    void beanOfAClosedClassIsNotMade(String bean) {
        // Camel makes no second bean of the same name and class.
        String name = "made" + NUMBERS.incrementAndGet();

        assertThatThrownBy(() -> load("- beans: [{name: " + name + ", " + bean + "}]"))
                .hasStackTraceContaining("is not open to routes: filestream.routes.classes does not list it");
        assertThat(context.getRegistry().lookupByName(name)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bean: {beanType: java.lang.Runtime, method: getRuntime}",
        "bean: {ref: 'java.lang.System', method: getenv}", "to: 'bean:java.lang.System?method=getenv'",
        "setBody: {method: {beanType: java.lang.System, method: getenv}}",
        "setBody: {method: {ref: java.lang.System, method: getenv}}",
        "to: {uri: 'log:x', parameters: {exchangeFormatter: '#class:org.apache.camel.impl.DefaultCamelContext'}}",
        "to: {uri: 'log:x', parameters: {exchangeFormatter: '#type:org.springframework.core.env.Environment'}}",
        "convertBodyTo: {type: java.io.File}", "setBody: {simple: {expression: x, resultType: java.io.File}}"})
    void stepThatNamesAClosedClassDoesNotRun(String step) {
        assertThatThrownBy(() -> run(step)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"setBody: {constant: 'resource:file:/etc/passwd'}",
        "setBody: {constant: '{{nosuch:resource:file:/etc/passwd}}'}",
        "setBody: {constant: '{{a:re}}source:file:/etc/passwd'}", "setBody: {constant: 'resource:http://localhost/x'}",
        "setBody: {constant: 'resource:file:routes/%2e%2e/pom.xml'}",
        "setBody: {constant: 'resource:file:routes/../pom.xml'}", "setBody: {simple: 'resource:file:/etc/passwd'}",
        "setBody: {simple: '{{nosuch:resource:file:/etc/passwd}}'}",
        "setBody: {simple: 'resource:base64:JHtlbnYuSE9NRX0='}",
        "script: {constant: 'resource:file:/etc/passwd'}"})
    void stepThatReadsAFileOfTheHostDoesNotRun(String step) {
        assertThatThrownBy(() -> run(step)).hasStackTraceContaining("ClosedException");
    }

    @Test
    void scriptOfABeanReadsNoFileOfTheHost() {
        assertThatThrownBy(() -> load("- beans: [{name: script" + NUMBERS.incrementAndGet()
                + ", type: java.lang.String, scriptLanguage: constant, script: 'resource:file:/etc/passwd'}]"))
                .hasStackTraceContaining("resource file:/etc/passwd is not open to routes");
    }

    @Test
    void textBesideTheRoutesIsOpen() throws Exception {
        assertThat(run("setBody: {constant: 'resource:file:routes/tokens.camel.yaml'}")).contains("route");
    }

    @Test
    void harmlessClassesAndThoseOfTheInstallationAreOpen() throws Exception {
        load("- beans: [{name: rows, type: java.util.ArrayList}, {name: joined, type:"
                + " org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy}, {name: listed, type: "
                + Listed.class.getName() + "}]");

        assertThat(context.getRegistry().lookupByName("rows")).isInstanceOf(ArrayList.class);
        assertThat(context.getRegistry().lookupByName("listed")).isInstanceOf(Listed.class);
    }

    /** A class of an installation's own. */
    public static final class Listed {
    }

    private static void load(String yaml) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("made.camel.yaml", yaml));
    }

    /** What a route with this step makes of a body. */
    private static String run(String step) throws Exception {
        String name = "run" + NUMBERS.incrementAndGet();
        load("- route: {id: " + name + ", errorHandler: {noErrorHandler: {}}, from: {uri: 'direct:" + name
                + "', steps: [" + step.replaceFirst("^(.*)$", "{$1}") + "]}}");
        try (ProducerTemplate template = context.createProducerTemplate()) {
            return template.requestBody("direct:" + name, "the body", String.class);
        }
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
