package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How route files become routes and steps. */
class RouteSetTest {

    @TempDir
    private Path folder;

    private RouteSet read(String text) throws IOException {
        Files.writeString(folder.resolve("a.camel.yaml"), text);
        return RouteSet.read(RouteFiles.read(folder), Map.of("name", "n")::get);
    }

    @Test
    void assignmentsBeansAndPlaceholdersAreRead() throws IOException {
        RouteSet set = read("""
                - route:
                    from:
                      uri: direct:{{name}}-{{other:x}}-{{none}}
                      steps:
                        - setHeaders: {headers: [{name: a, constant: {expression: b}}]}
                        - unmarshal: {json: {}, variableReceive: request}
                        - process: {ref: respond}
                """);

        assertThat(set.allSteps().flatMap(step -> step.assignments().stream()))
                .extracting(assignment -> (assignment.isHeader() ? "header " : "variable ") + assignment.name().text())
                .containsExactly("header a", "variable request");
        assertThat(set.routes().get(0).children().get(2).bean()).isEqualTo("respond");
        assertThat(set.resolve("direct:{{name}}-{{other:x}}-{{none}}")).isEqualTo("direct:n-x-{{none}}");
    }
}
