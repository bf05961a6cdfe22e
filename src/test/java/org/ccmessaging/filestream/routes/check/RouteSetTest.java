package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How route files become routes and steps, in whichever spelling. */
class RouteSetTest {

    @TempDir
    private Path folder;

    private RouteSet read(String text) {
        return new RouteTexts(folder).with("a.camel.yaml", text).read(new Findings());
    }

    @Test
    void shortAndLongSpellingsEndInTheSameModel() {
        RouteSet set = read("""
                - from:
                    uri: direct:one
                    steps:
                      - to: log:a?level=DEBUG
                      - setBody: {constant: x}
                      - log: "${body}"
                - route:
                    id: two
                    from:
                      uri: direct
                      parameters: {name: two}
                      steps:
                        - to: {uri: log, parameters: {loggerName: a, level: DEBUG}}
                        - set-body:
                            expression:
                              constant: {expression: x}
                        - log: {message: "${body}"}
                """);

        assertThat(set.routes()).hasSize(2).extracting(route -> route.uri().target())
                .containsExactly("direct:one", "direct:two");
        assertThat(set.routes()).allSatisfy(route -> {
            List<Step> steps = route.steps();
            assertThat(steps).extracting(Step::name).containsExactly("to", "setBody", "log");
            assertThat(steps.get(0).uri()).isEqualTo("log:a?level=DEBUG");
            assertThat(steps.get(1).expression()).hasValueSatisfying(expression -> {
                assertThat(expression.language()).isEqualTo("constant");
                assertThat(expression.text()).isEqualTo("x");
            });
            assertThat(steps.get(2).field("message").text()).isEqualTo("${body}");
        });
        assertThat(set.route("two").orElseThrow().steps().get(1).place())
                .isEqualTo(new Place(folder.resolve("a.camel.yaml"), 14, 11));
    }

    @Test
    void branchesAreStepsInTheOrderInWhichCamelTriesThem() {
        Route route = read("""
                - from:
                    uri: direct:one
                    steps:
                      - choice:
                          otherwise:
                            steps: [{to: log:b}]
                          when:
                            - simple: ${body}
                              steps: [{to: log:a}]
                      - doTry:
                          steps: [{to: log:c}]
                          doCatch:
                            - exception: [java.lang.Exception]
                              steps: [{stop: {}}]
                """).routes().get(0);

        assertThat(route.allSteps()).extracting(Step::name).containsExactly("choice", "when", "to", "otherwise", "to",
                "doTry", "to", "doCatch", "stop");
        Step caught = route.allSteps().filter(step -> step.name().equals("stop")).findFirst().orElseThrow();
        assertThat(caught.ancestors()).extracting(Step::name).containsExactly("doCatch", "doTry");
    }

    @Test
    void stepWithoutStepsOfItsOwnTakesThoseThatFollow() {
        Route route = read("""
                - from:
                    uri: direct:one
                    steps:
                      - to: log:a
                      - filter: {simple: "${body}"}
                      - to: log:b
                """).routes().get(0);

        assertThat(route.steps()).extracting(Step::name).containsExactly("to", "filter");
        assertThat(route.steps().get(1).children()).extracting(Step::uri).containsExactly("log:b");
    }

    @Test
    void assignmentsBeansAndPlaceholdersAreRead() {
        RouteSet set = read("""
                - from:
                    uri: direct:{{name}}-{{other:x}}-{{none}}
                    steps:
                      - setHeaders: {headers: [{name: a, constant: b}]}
                      - unmarshal: {json: {}, variableReceive: request}
                      - to: bean:respond?method=x
                """);
        RouteSet configured = new RouteSet(set.folder(), set.files(), 1, set.routes(), List.of(), List.of(),
                Map.of("name", "n")::get);

        assertThat(set.allSteps().flatMap(step -> step.assignments().stream()))
                .extracting(assignment -> assignment.what() + " " + assignment.name()).containsExactly("header a",
                        "variable request");
        assertThat(set.routes().get(0).steps().get(2).bean().text()).isEqualTo("respond");
        assertThat(configured.resolve("direct:{{name}}-{{other:x}}-{{none}}")).isEqualTo("direct:n-x-{{none}}");
    }
}
