package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How route files become routes and steps. */
class RouteSetTest {

    @TempDir
    private Path folder;

    private RouteSet read(String text) {
        return RouteSet.read(RouteFiles.of(folder, Map.of("a.camel.yaml", text)), RouteLanguage.ofProduct(),
                Map.of("name", "n")::get, new Findings());
    }

    @Test
    void assignmentsBeansAndPlaceholdersAreRead() {
        RouteSet set = read("""
                - route:
                    from:
                      uri: direct:{{name}}-{{other:x}}-{{none}}
                      steps:
                        - setHeaders: {headers: [{name: a, constant: {expression: b}}]}
                        - unmarshal: {json: {}, variableReceive: request}
                        - process: {ref: respond}
                """);

        assertThat(set.ofAuthors().flatMap(step -> step.assignments().stream()))
                .extracting(assignment -> (assignment.isHeader() ? "header " : "variable ") + assignment.name().text())
                .containsExactly("header a", "variable request");
        assertThat(set.authors().get(0).children().get(2).bean().text()).isEqualTo("respond");
        assertThat(set.resolve("direct:{{name}}-{{other:x}}-{{none}}")).isEqualTo("direct:n-x-{{none}}");
    }

    @Test
    void optionsOfAnAddressAreReadAsCamelReadsThem() {
        Place place = Place.of(folder);
        Endpoint endpoint = Endpoint.of("http:scanner/path?a=RAW(1&b=2)&c=%2F&d=x%20y&e&", place,
                Value.missing(place), RouteLanguage.ofProduct());

        assertThat(endpoint.parameters()).hasEntrySatisfying("a", a -> assertThat(a.text()).isEqualTo("RAW(1&b=2)"))
                .hasEntrySatisfying("d", d -> assertThat(d.text()).isEqualTo("x%20y"))
                .containsOnlyKeys("a", "c", "d", "e");
    }
}
