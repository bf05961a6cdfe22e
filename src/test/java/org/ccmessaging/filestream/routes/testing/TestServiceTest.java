package org.ccmessaging.filestream.routes.testing;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ClassPathResource;

/** The service that runs the tests of authors: its settings, its mocks, and the routes that it runs. */
@Tag("service")
@ExpectedErrors.Of(logger = "filestream", texts = "NotMockedException")
@ExpectedErrors.Of(logger = "org.apache.camel", texts = "NotMockedException")
class TestServiceTest {

    /** The service with routes and a bean of a jar in lib/. */
    @Import(FileStreamApplication.class)
    static class WithJava {

        @Bean
        RouteBuilder ownRoutes() {
            return new RouteBuilder() {

                @Override
                public void configure() {
                    from("direct:java").routeId("java").setBody(simple("{\"own\":\"${body}\"}")).id("in-java");
                }
            };
        }

        @Bean
        Caller caller() {
            return new Caller();
        }
    }

    /** A bean that calls another system itself. */
    public static final class Caller {

        public String call(Exchange exchange, String uri) {
            return exchange.getContext().createProducerTemplate().requestBody(uri, "", String.class);
        }
    }

    private static final String OWN = """
            - test: %s
              request: { path: /own/%s }
              expect: { status: 200 }
            """;

    private final List<Result> results = new ArrayList<>();
    @AutoClose
    private final FaultyServer server = new FaultyServer();

    @TempDir
    private Path folder;
    private OwnRoutes routes;

    @BeforeEach
    void copyShippedRoutes() throws IOException {
        routes = new OwnRoutes(folder);
        Files.createDirectory(folder.resolve("tests"));
    }

    private static String yaml(String stem) throws IOException {
        return new ClassPathResource("routes-test/" + stem + ".camel.yaml").getContentAsString(StandardCharsets.UTF_8);
    }

    private static List<TestCase> tests(String yaml) {
        return TestFiles.parse(Map.of(Path.of("own.test.yaml"), yaml.getBytes(StandardCharsets.UTF_8)));
    }

    private void run(Class<?> application, List<TestCase> tests) {
        new Suite(application, RouteFiles.read(folder), Map.of("server", server.endpoint().toString()), false)
                .run(tests, results::add);
    }

    /** A test that expects anything else fails too, and would not tell why. */
    @Test
    void stepThatCallsAnotherSystemWithoutAMockFailsBeforeTheCall() throws IOException {
        routes.add("own", yaml("calls"));
        List<String> kinds = List.of("to", "toD", "enrich", "pollEnrich", "poll", "wireTap", "recipientList", "bean",
                "swallow");

        run(WithJava.class, tests(kinds.stream().map(kind -> OWN.formatted(kind, kind)).collect(joining())));

        assertThat(results).extracting(result -> result.mismatches().stream().map(Result.Mismatch::what).toList())
                .containsExactlyElementsOf(kinds.stream().map(kind -> List.of("step call-" + kind + " is not mocked"))
                        .toList());
        assertThat(results.get(0).lines()).containsExactly("FAILED  to",
                "own.test.yaml:1:3  step call-to is not mocked",
                "    - mock: {call-to: …}, or for all tests in " + folder.resolve("tests/mocks.yaml")
                        + ": \"call-to: …\"",
                "    + " + server.endpoint() + "/to  " + folder.resolve("own.camel.yaml") + ":6:11");
        assertThat(server.received()).isEmpty();
    }

    @Test
    void oneFileMocksAStepOfShippedRoutesForAllTests() throws IOException {
        routes.replace("storage-standard", "        - process:", """
                \s       - to: {id: scan, uri: "{{server}}/scan", variableReceive: verdict}
                \s       - process:\
                """);
        Files.writeString(folder.resolve("tests/mocks.yaml"), "# Finds nothing\nscan: { body: clean }\n");

        run(FileStreamApplication.class,
                TestFiles.read(Path.of("routes")).stream().filter(test -> test.settings().isEmpty()).toList());
        run(FileStreamApplication.class, tests("""
                - test: the mock of the test wins
                  mock: { scan: { exception: ObjectKeyMissingException } }
                  request: { fileId: a.txt }
                  expect: { resultCode: "401", steps: [scan] }
                """));

        assertThat(results).hasSizeGreaterThan(80).filteredOn(result -> !result.passed())
                .flatExtracting(Result::lines).isEmpty();
        assertThat(server.received()).isEmpty();
    }

    @Test
    void mockOfAStepThatNoRouteHasIsAMistake() throws IOException {
        Files.writeString(folder.resolve("tests/mocks.yaml"), "encode-straem: {}\n");

        assertThatExceptionOfType(InvalidRoutesException.class).isThrownBy(() ->
                run(WithJava.class, tests(OWN.formatted("a", "a"))))
                .withMessageStartingWith(
                        folder.resolve("tests/mocks.yaml") + ":1:1  error  no such step: encode-straem\n")
                .withMessageContaining("did you mean encode-stream?");
    }

    @Test
    void whatCamelOffersRuns() throws IOException {
        routes.add("own", yaml("everything"));

        run(WithJava.class, tests("""
                - test: all steps
                  mock: { ask: { body: answer } }
                  request: { path: /own }
                  expect: { status: 200, json: { own: answer!!! }, steps: [each, both, first, second, tap, ask, thrice,
                    append, append, append, groups, to-java, in-java] }
                - test: a copy
                  mock: { ask: { body: answer } }
                  request: { path: /own }
                  expect: { steps: [tap, to-alice, greet] }
                - test: a rest service
                  request: { method: GET, path: /rest/hello, body: null }
                  expect: { status: 200, steps: [greet] }
                """));

        assertThat(results).flatExtracting(result -> result.passed() ? List.of() : result.lines()).isEmpty();
        assertThat(server.received()).isEmpty();
    }
}
