package org.ccmessaging.filestream.routes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.lang.annotation.RetentionPolicy;
import java.net.URI;
import java.nio.file.Path;
import java.security.Security;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.ccmessaging.filestream.auth.token.AuthSettings;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.Customer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.Environment;
import org.springframework.expression.spel.standard.SpelExpressionParser;

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

    /** The way of an expression to a program: a class, a parser of Spring's expressions, and what one of these runs. */
    @Test
    void expressionThatMeetsAClassRunsNoProgram(@TempDir Path folder) throws Exception {
        Path made = folder.resolve("made");
        String name = "program" + NUMBERS.incrementAndGet();
        load("""
                - route:
                    id: NAME
                    errorHandler: {noErrorHandler: {}}
                    from:
                      uri: direct:NAME
                      steps:
                        - doTry:
                            steps:
                              - setVariable: {name: n, simple: {expression: abc, resultType: java.lang.Integer}}
                            doCatch:
                              - exception: [java.lang.Exception]
                                steps:
                                  - setVariable:
                                      name: s
                                      constant: "new java.lang.ProcessBuilder({'touch','MADE'}).start()"
                                  - setVariable: {name: k, simple: "${exception.toType}"}
                                  - setVariable: {name: k, simple: "${variable.k.forName('PARSER').newInstance}"}
                                  - setVariable: {name: k, simple: "${variable.k.parseExpression(${variable.s})}"}
                                  - setBody: {simple: "${variable.k.getValue.waitFor}"}
                """.replace("NAME", name).replace("MADE", made.toString())
                .replace("PARSER", "org.springframework.expression.spel.standard.SpelExpressionParser"));

        try (ProducerTemplate template = context.createProducerTemplate()) {
            assertThatThrownBy(() -> template.requestBody("direct:" + name, "the body", String.class))
                    .hasStackTraceContaining("no route calls methods of class java.lang.Class: it is no value, and"
                            + " filestream.routes.classes does not list it");
        }
        assertThat(made).doesNotExist();
    }

    static Stream<Object> objectsThatLeadOut() throws Exception {
        return Stream.of(String.class, String.class.getMethod("length"), SandboxTest.class.getClassLoader(),
                SandboxTest.class.getModule(), Runtime.getRuntime(), new ProcessBuilder("id"), ProcessHandle.current(),
                Thread.currentThread(), new File("/etc/passwd"), Path.of("/etc/passwd"), URI.create("file:/etc/passwd"),
                URI.create("file:/etc/passwd").toURL(), System.getProperties(), new Scanner(new File("/etc/passwd")),
                Security.getProviders()[0], context, context.getRegistry(),
                new DefaultExchange(context), new DefaultExchange(context).getMessage(),
                stage.service().bean(Environment.class), stage.service().bean(AuthSettings.class),
                new SpelExpressionParser(), new ObjectMapper());
    }

    /** However an expression comes to an object, it calls no method of it. */
    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("objectsThatLeadOut")
    void methodOfAnObjectThatLeadsOutIsNotCalled(Object object) {
        for (String expression : new String[] {"${body.hash}", "${body.toString()}", "${body?.toString}",
            "${bodyAs(java.lang.Object).toString}", "${mandatoryBodyAs(java.lang.Object).toString}",
            "${in.body.toString}", "${header.object.toString}", "${headers.object.toString}",
            "${headers[object].toString}", "${variable.object.toString}", "${variable:object.toString}",
            "${variables.object.toString}",
            "${exchangeProperty.object.toString}", "${exchangeProperty[object].toString}",
            "${variable.list[0].toString}", "${variable.list.get(0).toString}", "${variable.map[object].toString}",
            "${variable.list.iterator.next.toString}", "${variable.optional.get.toString}",
            "${exception.object.toString}"}) {
            assertThatThrownBy(() -> evaluate(expression, object)).as(expression)
                    .hasStackTraceContaining("no route calls methods of class " + object.getClass().getName());
        }
    }

    /** Throws what a getter of an exception may give. */
    public static final class CarryingException extends RuntimeException {

        private static final long serialVersionUID = 1;
        private final transient Object object;

        CarryingException(Object object) {
            super("carries", new IllegalStateException("of the cause"));
            this.object = object;
        }

        public Object getObject() {
            return object;
        }
    }

    private static Object evaluate(String expression, Object object) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(object);
        exchange.getMessage().setHeader("object", object);
        exchange.setVariable("object", object);
        exchange.setVariable("list", new ArrayList<>(List.of(object)));
        exchange.setVariable("map", Map.of("object", object));
        exchange.setVariable("optional", Optional.of(object));
        exchange.setProperty("object", object);
        exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, new CarryingException(object));
        return context.resolveLanguage("simple").createExpression(expression).evaluate(exchange, Object.class);
    }

    @Test
    void methodsOfValuesAreOpen() {
        Map<String, Object> row = new TreeMap<>(Map.of("key", "a value", "rows", List.of("first", "second")));

        assertThat(evaluate("${body[key].toUpperCase()}", row)).isEqualTo("A VALUE");
        assertThat(evaluate("${body[rows][1].substring(3)}", row)).isEqualTo("ond");
        assertThat(evaluate("${body[rows].size} ${body[rows][last]}", row)).isEqualTo("2 second");
        assertThat(evaluate("${variable.map[object].get('key').length()}", row)).isEqualTo(7);
        assertThat(evaluate("${header.object.keySet.iterator.next}", row)).isEqualTo("key");
        assertThat(evaluate("${body.entrySet.iterator.next.value}", row)).isEqualTo("a value");
        assertThat(evaluate("${exception.message} ${exception.cause.message}", row)).isEqualTo("carries of the cause");
        assertThat(evaluate("${body.length}", new String[] {"a", "b"})).isEqualTo(2);
        assertThat(evaluate("${body[1]}", new String[] {"a", "b"})).isEqualTo("b");
        assertThat(evaluate("${body.year}", LocalDate.of(2026, 1, 31))).isEqualTo(2026);
        assertThat(evaluate("${body.time}", new Date(17))).isEqualTo(17L);
        assertThat(evaluate("${body.name}", RetentionPolicy.SOURCE)).isEqualTo("SOURCE");
        assertThat(evaluate("${body.get('id').asText()}", new ObjectMapper().createObjectNode().put("id", "four")))
                .isEqualTo("four");
        assertThat(evaluate("${body.tenantId}", new Customer("demo", "c1", "u1"))).isEqualTo("demo");
    }

    @Test
    void methodsOfListedClassesAndTheirResultsAreOpen() throws Exception {
        String name = "listed" + NUMBERS.incrementAndGet();
        load("- beans: [{name: " + name + ", type: '" + Listed.class.getName() + "'}]");

        assertThat(simple("${bean:" + name + ".greet('you').length}")).isEqualTo("10");
        assertThat(simple("${bean:" + name + "?method=greet('you')}")).isEqualTo("hello, you");
        assertThat(run("setBody: {method: {ref: " + name + ", method: \"greet('you')\"}}")).isEqualTo("hello, you");
        assertThat(run("bean: {ref: " + name + ", method: greet}")).isEqualTo("hello, the body");
        assertThat(run("to: 'bean:" + name + "?method=greet'")).isEqualTo("hello, the body");
        assertThat(evaluate("${body.greet('you')}", new Listed() { })).isEqualTo("hello, you");
        assertThatThrownBy(() -> simple("${bean:" + name + ".itsClass.name}"))
                .hasStackTraceContaining("no route calls methods of class java.lang.Class");
    }

    @ParameterizedTest
    @ValueSource(strings = {"log:x?camelContext.propertiesComponent.propertiesParser=#propertiesParser",
        "log:x?CamelContext.messageHistory=true", "log:x?camel-context.messageHistory=true",
        "log:x?component.camelContext.messageHistory=true", "log:x?camelContext.globalOptions[x]=y",
        "log:x?class.module.x=y"})
    void optionThatLeadsOutOfItsEndpointIsNotSet(String uri) {
        assertThatThrownBy(() -> context.getEndpoint(uri)).hasStackTraceContaining("Exception");

        assertThatThrownBy(() -> context.resolvePropertyPlaceholders("{{my.password}}"))
                .hasMessageContaining("routes cannot read a secret");
        assertThat(context.isMessageHistory()).isFalse();
        assertThat(context.getGlobalOptions()).doesNotContainKey("x");
    }

    @Test
    void propertyThatLeadsOutOfItsBeanIsNotSet() {
        assertThatThrownBy(() -> load("- beans: [{name: led" + NUMBERS.incrementAndGet() + ", type:"
                + " org.apache.camel.processor.aggregate.StringAggregationStrategy, properties:"
                + " {'class.classLoader.x': y}}]"))
                .hasStackTraceContaining("option class.… is not open to routes: it leads out of the endpoint or bean");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bean: {ref: NAME, method: 'class.name'}", "to: 'bean:NAME?method=getRegistry'",
        "setBody: {method: {ref: NAME, method: getRegistry}}", "setBody: {method: {ref: NAME, method: registry.name}}",
        "setBody: {simple: '${bean:NAME.registry}'}", "setBody: {simple: '${bean:NAME?method=getRegistry}'}"})
    void methodOfABeanThatIsNotMadeForRoutesIsNotCalled(String step) {
        String name = "context" + NUMBERS.incrementAndGet();
        context.getRegistry().bind(name, context);

        assertThatThrownBy(() -> run(step.replace("NAME", name)))
                .hasStackTraceContaining("no route calls methods of class " + context.getClass().getName());
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
            "filestream.auth-org.ccmessaging.filestream.auth.token.AuthSettings", "guessBrake", "contextAttributes",
            "servletContext", "propertiesParser", "generations"}) {
            assertThat(context.getRegistry().lookupByName(name)).as(name).isNull();
        }
        for (String name : new String[] {"authenticate", "respond", "requestFault", "retryAfter"}) {
            assertThat(context.getRegistry().lookupByName(name)).as(name).isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"springBootLoggingSystem, setLogLevel", "propertiesParser, parseProperty", "generations, swap",
        "camelBeanPostProcessor, postProcessBeforeInitialization", "s3Client, getObject"})
    void partOfTheServiceIsNoAggregationStrategy(String bean, String method) {
        assertThatThrownBy(() -> run("multicast: {aggregationStrategy: " + bean + ", aggregationStrategyMethodName: "
                + method + ", steps: [{setBody: {constant: org.ccmessaging}}, {setBody: {constant: ERROR}}]}"))
                .hasStackTraceContaining("Cannot find AggregationStrategy in Registry with name: " + bean);
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
    public static class Listed {

        public String greet(String whom) {
            return "hello, " + whom;
        }

        public Class<?> getItsClass() {
            return getClass();
        }
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
