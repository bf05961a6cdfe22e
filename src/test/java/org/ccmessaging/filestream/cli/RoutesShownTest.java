package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.Variables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that show routes: list, diagram and diff. */
class RoutesShownTest {

    private static List<String> lines(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Commands.run(FileStreamApplication.class, new PrintWriter(out), new PrintWriter(err), arguments);
        assertThat(err.toString()).isEmpty();
        assertThat(status).isZero();
        return out.toString().lines().toList();
    }

    @Test
    void listOfBeansDescribesEachByTheStepThatRunsIt() {
        assertThat(lines("routes", "list", "beans")).hasSize(18)
                .anySatisfy(line -> assertThat(line).startsWith("resolveKey").contains("Places the key below"));
    }

    @Test
    void listOfComponentsSaysWhichRoutesMayNotUse() {
        assertThat(lines("routes", "list", "components"))
                .anySatisfy(line -> assertThat(line).matches("direct +in use"))
                .contains("mock")
                .allSatisfy(line -> assertThat(line).doesNotMatch("(controlbus|file|language|scheduler)( +in use)?"))
                .anySatisfy(line -> assertThat(line)
                        .matches("file +not for routes, unless filestream.routes.components lists it"));
    }

    @Test
    void wordsAreThoseOfTheToolkit() {
        assertThat(Listing.words("variables")).containsOnlyKeys(constants(Variables.class));
        assertThat(Listing.words("headers")).containsOnlyKeys(constants(Headers.class));
    }

    private static List<String> constants(Class<?> words) {
        return Arrays.stream(words.getFields()).map(RoutesShownTest::text).toList();
    }

    private static String text(Field constant) {
        try {
            return (String) constant.get(null);
        } catch (IllegalAccessException hidden) {
            throw new AssertionError(hidden);
        }
    }

    @Test
    void diagramShowsStepsInOrderAndBranchesBelowTheirChoice() {
        assertThat(lines("routes", "diagram", "storage-standard")).containsExactly(
                "route storage-standard  from direct:storage-standard",
                "  branch-standard (setVariable)  standard",
                "  object-key-standard (setVariable)  ${variable.request.fileId}",
                "  resolve-key-standard (process)  resolveKey",
                "  open-standard (to)  direct:read-{{filestream.storage.standard.type}}");
        assertThat(lines("routes", "diagram", "download-file-stream")).containsSubsequence(
                "  choose-storage (choice)",
                "    when-local (when)  ${variable.request.fileId} starts with 'local/'",
                "      to-storage-local (to)  direct:storage-local",
                "    otherwise-standard (otherwise)");
    }

    @Test
    void flowchartConnectsStepsAndRoutes() {
        assertThat(lines("routes", "diagram", "--mermaid")).startsWith("flowchart TD")
                .anyMatch(line -> line.matches(" +n\\d+\\{\"choose-storage\"}"))
                .anyMatch(line -> line.matches(" +n\\d+ -->\\|\"otherwise\"\\| n\\d+"))
                .anyMatch(line -> line.matches(" +n\\d+ -\\.-> storage-local"))
                .contains("    apply-token -.->|\"any failure\"| result-codes");
    }

    @Test
    void flowchartOfARouteHasTheRoutesThatItCallsAndIsThePictureOfTheReadme() throws IOException {
        List<String> flowchart = lines("routes", "diagram", "download-file-stream", "--mermaid");

        assertThat(flowchart).contains("    subgraph read-s3[\"read-s3\"]").noneMatch(line -> line.contains("token"));
        assertThat(Files.readString(Path.of("README.md")))
                .as("README.md has what `routes diagram download-file-stream --mermaid` prints")
                .contains("```mermaid\n" + String.join("\n", flowchart) + "\n```\n");
    }

    @Test
    void diffNamesStepsAndWhetherTheyTouchSafety(@TempDir Path folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(folder.resolve(file.getFileName()), Files.readString(file)
                        .replace("        - to:\n            id: open-standard",
                                "        - log:\n            id: log-standard\n            message: hello\n"
                                        + "        - to:\n            id: open-standard")
                        .replace("'local/'", "'lokal/'"));
            }
        }

        assertThat(lines("routes", "diff", "routes", folder.toString())).containsExactly(
                "download-file-stream: ~ when-local; touches safety: no",
                "storage-standard: + log-standard before open-standard; touches safety: no");
        assertThat(lines("routes", "diff", "routes", "routes")).isEmpty();
    }

    @Test
    void diffNamesBeansAndClausesBesideRoutes(@TempDir Path folder) throws IOException {
        Path before = Files.createDirectory(folder.resolve("before"));
        Path after = Files.createDirectory(folder.resolve("after"));
        Files.writeString(before.resolve("beans.camel.yaml"), """
                - beans:
                    - {name: kept, type: java.util.ArrayList}
                    - {name: changed, type: java.util.ArrayList}
                    - {name: gone, type: java.util.ArrayList}
                """);
        Files.writeString(after.resolve("beans.camel.yaml"), """
                - beans:
                    - {name: changed, type: java.util.HashMap}
                    - {name: kept, type: java.util.ArrayList}
                    - {name: pb, type: org.springframework.util.AntPathMatcher}
                - intercept: {id: see, steps: [{log: came}]}
                """);

        assertThat(lines("routes", "diff", before.toString(), after.toString())).containsExactly(
                "beans: ~ changed (java.util.HashMap); touches safety: yes",
                "beans: - gone (java.util.ArrayList); touches safety: yes",
                "beans: + pb (org.springframework.util.AntPathMatcher); touches safety: yes",
                "intercept: + see; touches safety: yes");
    }
}
