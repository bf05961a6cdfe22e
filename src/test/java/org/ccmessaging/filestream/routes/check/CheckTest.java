package org.ccmessaging.filestream.routes.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.processor.aggregate.UseLatestAggregationStrategy;
import org.ccmessaging.filestream.toolkit.RouteStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.StringUtils;
import org.yaml.snakeyaml.Yaml;

/** The findings of a whole check: one for a mistake, at its place, and none for what Camel offers. */
class CheckTest {

    private static final String FLOW = """
            - route:
                id: download
                routeConfigurationId: result-codes
                from:
                  uri: platform-http:/download
                  steps:
                    - process: {id: authenticate, ref: authenticate}
                    - process: {id: parse-request, ref: parseRequest}
                    - to: {id: to-choose, uri: direct:choose}
                    - process: {id: read-first-chunk, ref: readFirstChunk}
                    - setHeader: {id: set-success, name: resultCode, expression: {constant: {expression: "0"}}}
                    - marshal: {id: encode, base64: {lineLength: 0}}
                    - process: {id: respond, ref: respond}
            """;

    private static final String CHOOSE = """
            - route:
                id: choose
                routeConfigurationId: result-codes
                from:
                  uri: direct:choose
                  steps:
                    - choice:
                        id: choose-branch
                        when:
                          - id: when-local
                            simple: "${variable.request.fileId} startsWith 'local/'"
                            steps:
                              - setVariable:
                                  id: object-key-local
                                  name: objectKey
                                  simple: "${variable.request.fileId.substring(6)}"
                              - process: {id: resolve-key-local, ref: resolveKey}
                              - to: {id: open-local, uri: direct:read-filesystem}
                        otherwise:
                          steps:
                            - setVariable: {id: object-key, name: objectKey, simple: "{{key}}"}
                            - process: {id: resolve-key, ref: resolveKey}
                            - to: {id: open, uri: direct:read-filesystem}
            """;

    private static final String READ = """
            - route:
                id: read-filesystem
                routeConfigurationId: result-codes
                errorHandler: {noErrorHandler: {}}
                from:
                  uri: direct:read-filesystem
                  steps:
                    - process: {id: open-file, ref: openFile}
            """;

    private static final String CODES = """
            - routeConfiguration:
                id: result-codes
                onException:
                  - onException:
                      id: anything
                      exception: [java.lang.Exception%s]
                      handled: {constant: {expression: "true"}}
                      steps:
                        - setHeader: {id: code, name: resultCode, constant: {expression: "13"}}
                        - process: {id: respond-anything, ref: respond}
            """;

    private static final Map<String, String> SHIPPED = Map.of("a-flow", FLOW, "b-choose", CHOOSE, "c-read", READ,
            "d-codes", CODES.formatted(ClauseRules.documented().map(", "::concat).collect(Collectors.joining())));

    private static final Check CHECK = check(null);

    @TempDir
    private Path folder;

    private final Map<String, String> texts = new TreeMap<>(SHIPPED);

    @RouteStep(leaves = "customer")
    private static class Authenticate implements Step {
    }

    @RouteStep
    private static class ParseRequest implements Step {
    }

    @RouteStep(needs = "customer", leaves = "location")
    private static class ResolveKey implements Step {
    }

    @RouteStep(needs = "location", leaves = "file")
    private static class OpenFile implements Step {
    }

    @RouteStep(needs = "file")
    private static class ReadFirstChunk implements Step {
    }

    @RouteStep(leaves = "response")
    private static class Respond implements Step {
    }

    /** A step bean that needs what the check does not have. */
    private interface Step extends Processor {

        @Override
        default void process(Exchange exchange) {
            throw new IllegalStateException("no check runs a step");
        }
    }

    private static final class InJava extends RouteBuilder {
        @Override
        public void configure() {
            from("direct:in-java").to("log:java");
        }
    }

    private static Check check(Supplier<RoutesBuilder> java) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("settings",
                Map.of("key", "a.txt", "server", "http://scanner", "computed", "log:$simple{header.kind}",
                        "filestream.storage.video.key", "a")));
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        Stream.of(Authenticate.class, ParseRequest.class, ResolveKey.class, OpenFile.class, ReadFirstChunk.class,
                Respond.class).forEach(type -> beans.registerBeanDefinition(
                        StringUtils.uncapitalize(type.getSimpleName()), new RootBeanDefinition(type)));
        beans.registerBeanDefinition("latest", new RootBeanDefinition(UseLatestAggregationStrategy.class));
        beans.registerBeanDefinition("strategy", new RootBeanDefinition(AggregationStrategy.class));
        if (java != null) {
            beans.registerBeanDefinition("routesInJava", BeanDefinitionBuilder.genericBeanDefinition(
                    RoutesBuilder.class, java).setScope(BeanDefinition.SCOPE_PROTOTYPE).getBeanDefinition());
        }
        return new Check(environment, beans);
    }

    private List<String> findings(Check check) throws IOException {
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Files.writeString(folder.resolve(text.getKey() + ".camel.yaml"), text.getValue());
        }
        String lines = String.join("\n", check.run(RouteFiles.read(folder)).lines()).replaceAll("\n    ", ". ");
        return lines.lines().filter(line -> !line.matches("\\d+ files, .*"))
                .map(line -> line.replace(folder + "/", "").replace(".camel.yaml", "").replaceAll("  +", " ")).toList();
    }

    static Stream<Arguments> mistakes() throws IOException {
        return cases("mistakes", "mistake", "file", "from", "to", "finding");
    }

    static Stream<Arguments> uses() throws IOException {
        return cases("uses", "use", "routes");
    }

    private static Stream<Arguments> cases(String stem, String... fields) throws IOException {
        List<Map<String, Object>> cases =
                new Yaml().load(Files.readString(Path.of("src/test/resources/route-check", stem + ".yaml")));
        return cases.stream().map(one -> Arguments.of(Stream.of(fields).map(one::get).toArray()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void mistakeIsOneFindingAtItsPlace(String mistake, String stem, String from, String to, String finding)
            throws IOException {
        assertThat(texts.get(stem)).containsOnlyOnce(from);
        texts.put(stem, texts.get(stem).replace(from, to));

        assertThat(findings(CHECK)).singleElement().asString().startsWith(finding);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("uses")
    void whatCamelOffersPasses(String use, String yaml) throws IOException {
        texts.put("e-more", yaml);

        assertThat(findings(check(InJava::new))).isEmpty();
    }

    @Test
    void otherEncodingsAreRefused() throws IOException {
        for (Charset other : List.of(ISO_8859_1, UTF_16, UTF_16LE)) {
            Files.writeString(folder.resolve(other.name() + ".camel.yaml"), READ + "# \u00e4\n", other);
        }

        assertThat(findings(CHECK)).containsExactly("ISO-8859-1 error not UTF-8. save the file as UTF-8",
                "UTF-16 error not UTF-8. save the file as UTF-8", "UTF-16LE error not UTF-8. save the file as UTF-8");
    }

    @Test
    void filesThatAreNoListOfRoutesAreRefused() throws IOException {
        texts.putAll(Map.of("alias", "- route: &a\n    id: *a\n", "comment", "# nothing\n", "empty", "",
                "map", "route:\n  id: a\n", "null", "---\n", "two", READ + "---\n" + READ));

        assertThat(findings(CHECK)).extracting(line -> line.split(" ")[0])
                .containsExactly("alias:1:10", "comment", "empty", "map:1:1", "null:2:1", "two:9:1");
    }
}
