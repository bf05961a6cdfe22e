package org.ccmessaging.filestream.routes.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.ccmessaging.filestream.auth.AuthSettings;
import org.ccmessaging.filestream.response.Respond;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.toolkit.Customer;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A running service refuses routes that are not in the language, even if nobody has checked them. */
@Tag("service")
class LanguageGuardTest {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    @AutoClose
    private static Stage stage;
    private static CamelContext context;

    @BeforeAll
    static void start() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.routes.expose", "my.shown.secret",
                "my.shown.secret", "shown", "my.setting", "mine", "routes.address", "http://events.example.com",
                "routes.broken", "re"));
        context = stage.service().bean(CamelContext.class);
    }

    private static void load(String yaml) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("made.camel.yaml", yaml));
    }

    /** Loads a route with one step. */
    private static String route(String step) throws Exception {
        String name = "guarded-" + NUMBERS.incrementAndGet();
        load("""
                - route:
                    id: NAME
                    from:
                      uri: direct:NAME
                      steps:
                        - STEP
                """.replace("NAME", name).replace("STEP", step));
        return name;
    }

    @Test
    void marshalBase64EncodesWithTheEncoderOfTheService() {
        assertThat(context.createDataFormat("base64").getClass().getPackage()).isEqualTo(Respond.class.getPackage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bean: {ref: respond}", "to: {uri: 'bean:respond'}", "to: {uri: 'class:java.lang.System'}",
        "to: {uri: 'seda:x', parameters: {concurrentConsumers: 100000}}", "to: {uri: 'mock:x'}",
        "to: {uri: 'file:/tmp/x'}", "to: {uri: 'exec:id'}", "to: {uri: 'controlbus:route'}",
        "to: {uri: 'language:simple:x'}", "to: {uri: 'log:x', parameters: {showAll: true}}",
        "to: {uri: 'http://h/x', parameters: {transferException: true}}",
        "to: {uri: 'http://h/x', parameters: {component.allowJavaSerializedObject: true}}",
        "to: {uri: 'http://h/x?component.allowJavaSerializedObject=true'}",
        "to: {uri: 'http://h/x', parameters: {httpClientConfigurer: '#class:java.lang.Object'}}",
        "to: {uri: 'http://h/x', parameters: {camelContext.messageHistory: true}}",
        "to: {uri: 'aws2-s3:b', parameters: {operation: deleteObject, pojoRequest: true}}",
        "toD: {uri: 'http://${body}'}", "wireTap: {uri: 'direct:x'}",
        "recipientList: {simple: {expression: '${body}'}}", "routingSlip: {simple: {expression: '${body}'}}",
        "dynamicRouter: {simple: {expression: '${body}'}}", "enrich: {simple: {expression: '${body}'}}",
        "pollEnrich: {constant: {expression: 'direct:x'}}", "multicast: {steps: [{stop: {}}]}",
        "filter: {simple: {expression: 'true'}, steps: []}",
        "loop: {constant: {expression: 9}, steps: [{stop: {}}]}",
        "loop: {doWhile: true, simple: {expression: 'true'}, steps: [{stop: {}}]}",
        "aggregate: {constant: {expression: x}, steps: [{stop: {}}]}",
        "split: {tokenize: {token: x}, steps: [{stop: {}}]}",
        "script: {groovy: {expression: x}}", "threads: {poolSize: 9}", "sort: {simple: {expression: '${body}'}}",
        "setProperty: {name: x, constant: {expression: x}}", "removeProperties: {pattern: '*'}",
        "convertBodyTo: {type: java.io.File}", "setBody: {groovy: {expression: x}}",
        "setBody: {header: {expression: Authorization}}", "setBody: {method: {ref: respond}}",
        "setBody: {constant: {expression: 'resource:file:/etc/passwd'}}",
        "setBody: {simple: {expression: 'resource:file:/etc/passwd'}}",
        "setBody: {simple: {expression: x, resultType: java.io.File}}",
        "setBody: {jsonpath: {expression: '$[?(@.a =~ /(a+)+b/)]'}}", "setBody: {constant: x}",
        "setVariable: {name: 'global:x', constant: {expression: x}}",
        "setVariable: {name: tenantId, constant: {expression: other}}",
        "setVariable: {name: request, constant: {expression: x}}",
        "setVariable: {name: '${body}', constant: {expression: x}}",
        "setHeader: {name: CamelHttpUri, simple: {expression: '${body}'}}",
        "setHeader: {name: CamelAwsS3Key, constant: {expression: x}}",
        "setHeader: {name: resultDesc, simple: {expression: '${exception.message}'}}",
        "throwException: {exceptionType: java.lang.Exception, message: '${exception.message}'}",
        "throwException: {exceptionType: java.lang.Runtime, message: x}", "process: {ref: tokenIssuer}",
        "process: {ref: noSuchStep}", "unmarshal: {json: {unmarshalType: java.lang.ProcessBuilder}}",
        "unmarshal: {json: {objectMapper: other}}", "marshal: {custom: {ref: x}}",
        "set-body: {constant: {expression: x}}",
        "throttle: {constant: {expression: 100000000}}", "throttle: {simple: {expression: '${header.x}'}}",
        "removeHeaders: {pattern: '(x+)+y'}", "setBody: {jsonpath: {expression: '$..*..*..*'}}",
        "setBody: {jsonpath: {expression: '$[?(@.a =${variable.t} /(a+)+b/)]'}}",
        "to: {uri: 'platform-http:/x'}", "to: {uri: 'timer:x'}", "delay: {constant: {expression: 3600000}}",
        "unmarshal: {json: {unmarshalType: java.lang.Exception}}"})
    void stepThatIsNotInTheLanguageDoesNotLoad(String step) {
        assertThatThrownBy(() -> route(step)).hasStackTraceContaining("ClosedException")
                .hasStackTraceContaining("made.camel.yaml:6");
    }

    @ParameterizedTest
    @ValueSource(strings = {"- beans: [{name: x, type: java.util.HashMap}]",
        "- interceptFrom: {uri: '*', steps: [{log: {message: x}}]}",
        "- onException: {exception: [java.lang.Exception]}",
        "- routeTemplate: {id: x, from: {uri: 'direct:x', steps: [{stop: {}}]}}", "- rest: {path: /x}",
        "- errorHandler: {deadLetterChannel: {deadLetterUri: 'direct:x'}}",
        "- routeConfiguration: {id: x, intercept: [{intercept: {steps: []}}]}",
        "- route: {id: x, from: {uri: 'direct:x', steps: [{stop: {}}]}, autoStartup: false}",
        "- route: {id: x, from: {uri: 'direct:x', steps: [{stop: {}}]}, streamCache: true}",
        "- route: {id: x, from: {uri: 'direct:x', steps: [{stop: {}}]}, startupOrder: 1}",
        "- route: {id: x, from: {uri: 'timer:x?delay=-1', steps: [{stop: {}}]}}",
        "- route: {id: x, from: {uri: 'aws2-s3:x', steps: [{stop: {}}]}}",
        "- route: {id: x, from: {uri: 'platform-http:/x?matchOnUriPrefix=true', steps: [{stop: {}}]}}",
        "- route: {id: x, from: {uri: 'direct:x', steps: [{stop: {}}]}, precondition: \"'a' regex '(a+)+b'\"}",
        "- routeConfiguration: {id: x, errorHandler: {defaultErrorHandler: {redeliveryPolicy:"
                + " {maximumRedeliveries: -1}}}}"})
    void elementThatIsNotInTheLanguageDoesNotLoad(String yaml) {
        assertThatThrownBy(() -> load(yaml)).hasStackTraceContaining("ClosedException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{filestream.auth.signing-key}}", "{{filestream.auth.signing.k-ey}}",
        "{{FILESTREAM_AUTH_SIGNING_KEY}}", "{{?filestream.auth.signing-key}}", "{{filestream.auth.signing-key:none}}",
        "{{filestream.auth.apps.demo-app.secret}}", "{{my.setting}}", "{{nosuch:java.lang.Runtime}}", "{{env:PATH}}",
        "{{sys:java.home}}", "{{service:x}}", "{{bean:respond}}", "{{PATH}}", "{{java.home}}",
        "{{filestream.storage.a.b.type}}", "{{routes.{{my.setting}}}}"})
    void placeholderThatIsNotForRoutesHasNoValue(String placeholder) {
        assertThatThrownBy(() -> context.resolvePropertyPlaceholders(placeholder))
                .hasStackTraceContaining("ClosedException");
        assertThatThrownBy(() -> route("log: {message: 'x " + placeholder + "'}"))
                .hasStackTraceContaining("ClosedException");
    }

    @Test
    void placeholdersForRoutesAndExposedKeysHaveTheirValues() {
        assertThat(context.resolvePropertyPlaceholders("{{routes.address}} {{my.shown.secret}} {{routes.none:else}}"
                + " {{filestream.storage.standard.type}}"))
                .isEqualTo("http://events.example.com shown else filesystem");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${sys.java.home}", "${env.HOME}", "${env:HOME}", "${sysenv.HOME}", "$simple{env.HOME}",
        "${ env.HOME}", "${body} ${sys.java.home}", "${body.concat(${env.HOME})}", "${${header.x}}", "${${body}.x}",
        "${camelContext.name}", "${exchange.context}", "${exchange}", "${ref:environment}", "${camelContextname}",
        "${exchangegetContext().name}", "${exchangeProperty.x}", "${type:java.io.File.separator}",
        "${bean:type:java.lang.System?method=getenv}", "${bean:respond}", "${bean:requestFault?method=getClass}",
        "${bean:requestFault}", "${body.getClass}", "${body.class}", "${body.readNBytes(3)}", "${body.pow(9)}",
        "${body.repeat(9)}", "${body?.toString}", "${header.x.hash}", "${variable.x.toBuilder}", "${exception.cause}",
        "${exception[message]}", "${exception.toType}", "${properties:my.setting}", "${headers}", "${variables}",
        "${bodyAs(java.io.File)}", "${mandatoryBodyAs(String)}", "${variableAs(x,String)}", "${logExchange}",
        "${messageHistory}", "${random(9)}", "${body.substring(${header.x})}", "${body.substring(header.x)}",
        "${variable.global:x}", "${in.body}", "${lowercase(x)}", "${setHeader(x,y)}", "${throwException(x)}", "${}",
        "${body.replace('a','0123456789_')}", "${body.replace('','0123456789')}",
        "${body.replace('a','aaaa').trim.replace('ab','0123456')}"})
    void functionThatIsNotInTheLanguageIsRefused(String expression) {
        assertThatThrownBy(() -> evaluate(expression, "a text")).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> context.resolveLanguage("simple").createPredicate(expression + " == 'x'"))
                .hasStackTraceContaining("ClosedException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${body} regex '(a+)+b'", "${body} !regex 'x'", "${body} is 'java.lang.String'",
        "${body} range '1..9'", "'a' == 'a' && ${body} regex 'x'"})
    void operatorThatIsNotInTheLanguageIsRefused(String condition) {
        assertThatThrownBy(() -> context.resolveLanguage("simple").createPredicate(condition))
                .isInstanceOf(ClosedException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"${body.substring(2)} | text",
        "${body.substring(0,1)} | a", "${body.trim.toUpperCase()} | A TEXT", "${body.length} | 6",
        "${body.replace('a ','')} | text",
        "${body.replace('t','tt').replace(' ', '').toUpperCase()} | ATTEXTT",
        "${variable.row[key].replace('o','u')} | fuur", "${header.X-Region} | eu", "${header:X-Region} | eu",
        "${variable.location.key} | demo/a.txt", "${variable.location?.urlPath} | demo/a.txt",
        "${variable.customer.tenantId} | demo", "${variable.row[key]} | four", "${variable.rows[1]} | second",
        "${variable.rows[last].length} | 6", "${bodyAs(String)} | a text", "it costs $5 {a} | it costs $5 {a}"})
    void functionOfTheLanguageHasItsValue(String expression, String value) {
        assertThat(evaluate(expression, "a text")).isEqualTo(value);
    }

    private static String evaluate(String expression, Object body) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeader("X-Region", "eu");
        exchange.setVariable("location", new ObjectLocation("standard", "demo", "demo/a.txt"));
        exchange.setVariable("customer", new Customer("demo", "c1", "u1"));
        exchange.setVariable("row", Map.of("key", "four"));
        exchange.setVariable("rows", List.of("first", "second"));
        return context.resolveLanguage("simple").createExpression(expression).evaluate(exchange, String.class);
    }

    private static String variables(int most, String step) {
        return IntStream.rangeClosed(1, most).mapToObj(number -> step.replace("#", Integer.toString(number)))
                .collect(Collectors.joining("\n        - "));
    }

    static Stream<Arguments> stepsThatMakeTooMuch() {
        String large = "x".repeat(500_000);
        String json = "[" + "{},".repeat(20_000) + "0]";
        String copies = "${body}".repeat(400);
        return Stream.of(
                arguments("copies", large, "setVariable: {name: v, simple: {expression: '" + copies + "'}}"),
                arguments("many variables", large,
                        variables(300, "setVariable: {name: 'v#', simple: {expression: '${body.substring(1)}'}}")),
                arguments("doubling", "x", variables(60, "setBody: {simple: {expression: '${body}${body}'}}")),
                arguments("a condition", large, "filter: {simple: {expression: \"'" + copies
                        + "' == 'x'\"}, steps: [{stop: {id: s}}]}"),
                arguments("longer and longer text", large,
                        variables(9, "setBody: {simple: {expression: \"${body.replace('x','xxxxx')}\"}}")),
                arguments("lines of a log", "", "log: {message: &line " + "x".repeat(14_000) + "}\n        - "
                        + variables(149, "log: {message: *line}")),
                arguments("parsed JSON", json,
                        variables(40, "unmarshal: {variableReceive: 'v#', json: {library: Jackson}}")),
                arguments("read JSON", json,
                        variables(40, "setVariable: {name: 'v#', jsonpath: {expression: '$'}}")),
                arguments("written JSON", large,
                        variables(9, "marshal: {variableReceive: 'v#', json: {library: Jackson}}")),
                arguments("a file", new InputStream() {

                    private int left = 45_000_000;

                    @Override
                    public int read() {
                        return left-- > 0 ? 'x' : -1;
                    }
                }, "convertBodyTo: {type: String}"));
    }

    /** Counted while it is made: some would need more memory than there is. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("stepsThatMakeTooMuch")
    void routeMakesAtMostTwoMegabytesForARequest(String what, Object body, String steps) throws Exception {
        String name = route(steps);

        try (ProducerTemplate template = context.createProducerTemplate()) {
            assertThatThrownBy(() -> template.requestBody("direct:" + name, body)).hasStackTraceContaining(
                    "the routes make more than 2000000 bytes for a request, at step ");
        }
    }

    @Test
    void valuesThatAConditionReadsDoNotAddUp() throws Exception {
        String name = route(variables(9, "filter: {simple: {expression: \"${body} contains 'y'\"}, steps: ["
                + "{stop: {id: 's#'}}]}") + "\n        - setBody: {simple: {expression: '${body.length}'}}");

        try (ProducerTemplate template = context.createProducerTemplate()) {
            assertThat(template.requestBody("direct:" + name, "x".repeat(500_000), String.class)).isEqualTo("500000");
        }
    }

    @Test
    void beansThatAreNoStepsHaveNoName() {
        assertThat(stage.service().bean(AuthSettings.class).accessTokens()).isNotEmpty();
        for (String name : new String[] {"environment", "systemProperties", "tokenIssuer", "tokenVerifier",
            "guessBrake", "servletContext", "propertiesParser", "generations", "s3Client", "requestMapper"}) {
            assertThat(context.getRegistry().lookupByName(name)).as(name).isNull();
            assertThat(context.getRegistry().lookupByNameAndType(name, Object.class)).as(name).isNull();
        }
        for (String name : new String[] {"authenticate", "respond", "requestFault", "retryAfter"}) {
            assertThat(context.getRegistry().lookupByName(name)).as(name).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bean-x", "groovy", "header", "csimple", "ref"})
    void languageThatIsNotInTheLanguageOfRoutesIsRefused(String name) {
        assertThatThrownBy(() -> context.resolveLanguage(name)).isInstanceOf(ClosedException.class);
    }

    @Test
    void routeOfTheLanguageRuns() throws Exception {
        String name = route("setBody: {simple: {expression: '${body.toUpperCase()} {{routes.address}}'}}");

        try (ProducerTemplate template = context.createProducerTemplate()) {
            assertThat(template.requestBody("direct:" + name, "a text", String.class))
                    .isEqualTo("A TEXT http://events.example.com");
        }
    }

    @Test
    void jsonOfAnotherServerIsReadByItsPath() throws Exception {
        String name = route("setBody: {jsonpath: {expression: '$.files[0].key'}}");

        try (ProducerTemplate template = context.createProducerTemplate()) {
            assertThat(template.requestBody("direct:" + name, "{\"files\": [{\"key\": \"a.txt\"}]}", String.class))
                    .isEqualTo("a.txt");
        }
    }
}
