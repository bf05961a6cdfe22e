package org.ccmessaging.filestream.routes.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.ccmessaging.filestream.auth.AuthSettings;
import org.ccmessaging.filestream.response.Respond;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvFileSource;
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
    @CsvFileSource(resources = "/language/closed-steps.txt", delimiter = '¦', quoteCharacter = '`')
    void stepThatIsNotInTheLanguageDoesNotLoad(String step) {
        assertThatThrownBy(() -> route(step)).hasStackTraceContaining("ClosedException")
                .hasStackTraceContaining("made.camel.yaml:6");
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/language/closed-elements.txt", delimiter = '¦', quoteCharacter = '`')
    void elementThatIsNotInTheLanguageDoesNotLoad(String yaml) {
        assertThatThrownBy(() -> load(yaml)).hasStackTraceContaining("ClosedException");
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/language/closed-placeholders.txt", delimiter = '¦', quoteCharacter = '`')
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
                arguments("a file", new BufferedInputStream(new ByteArrayInputStream(new byte[45_000_000])),
                        "convertBodyTo: {type: String}"));
    }

    /** Counted while it is made: some would need more memory than there is. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("stepsThatMakeTooMuch")
    void routeMakesAtMostTwoMegabytesForARequest(String what, Object body, String steps) throws Exception {
        assertThatThrownBy(() -> run(steps, body)).hasStackTraceContaining(
                "the routes make more than 2000000 bytes for a request, at step ");
    }

    /** More functions than a cache of Camel's keeps. */
    @Test
    void eachFunctionOfALongExpressionCountsBeforeTheNextReads() {
        AtomicInteger reads = new AtomicInteger();
        List<String> body = new AbstractList<>() {

            @Override
            public String get(int index) {
                return index > 0 ? "x" : "x".repeat(100_000 + reads.incrementAndGet());
            }

            @Override
            public int size() {
                return 1100;
            }
        };
        String functions = "${body[0]}".repeat(300)
                + IntStream.range(0, body.size()).mapToObj(number -> "${body[" + number + "]}")
                        .collect(Collectors.joining());

        assertThatThrownBy(() -> run("setBody: {simple: {expression: '" + functions + "'}}", body))
                .hasStackTraceContaining("the routes make more than 2000000 bytes");
        assertThat(reads).as("reads of the first 20 functions").hasValueLessThan(100);
    }

    /** Sends a body to a route with one step, and returns the body of the response. */
    private static String run(String step, Object body) throws Exception {
        String name = route(step);
        try (ProducerTemplate template = context.createProducerTemplate()) {
            return template.requestBody("direct:" + name, body, String.class);
        }
    }

    @Test
    void valuesThatAConditionReadsDoNotAddUp() throws Exception {
        String steps = variables(9, "filter: {simple: {expression: \"${body} contains 'y'\"}, steps: ["
                + "{stop: {id: 's#'}}]}") + "\n        - setBody: {simple: {expression: '${body.length}'}}";

        assertThat(run(steps, "x".repeat(500_000))).isEqualTo("500000");
    }

    @Test
    void beansThatAreNoStepsHaveNoName() {
        assertThat(stage.service().bean(AuthSettings.class).accessTokens()).isNotEmpty();
        for (String name : new String[] {"environment", "systemProperties", "tokenIssuer", "tokenVerifier",
            "guessBrake", "servletContext", "propertiesParser", "generations", "s3Client"}) {
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
        assertThat(run("setBody: {simple: {expression: '${body.toUpperCase()} {{routes.address}}'}}", "a text"))
                .isEqualTo("A TEXT http://events.example.com");
    }

    @Test
    void jsonOfAnotherServerIsReadByItsPath() throws Exception {
        assertThat(run("setBody: {jsonpath: {expression: '$.files[0].key'}}", "{\"files\": [{\"key\": \"a.txt\"}]}"))
                .isEqualTo("a.txt");
    }
}
