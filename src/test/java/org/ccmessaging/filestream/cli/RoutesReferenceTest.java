package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.check.Value;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.routes.language.RouteSchema;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.Variables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ReflectionUtils;
import org.yaml.snakeyaml.Yaml;

/**
 * docs/routes-reference.md says what the code and the shipped routes say. With {@code -Ddocs.write=true} the
 * test writes the document.
 */
class RoutesReferenceTest {

    private static final Path DOCUMENT = Path.of("docs/routes-reference.md");
    private static final Path SCHEMA = Path.of("schemas/routes.schema.json");
    private static final Path TESTS = Path.of("schemas/routes-test.schema.json");

    private static final String HEAD = """
            # What routes may contain

            What the language of routes lists, as `routes list` prints it; nothing else exists for routes. [Editing the
            routes](editing-routes.md) says what to do with it. `RoutesReferenceTest` writes this page.
            """;

    private static List<String> list(String what) {
        CommandRun run = CommandRun.of("routes", "list", what);
        assertThat(run.status()).as(run.err()).isZero();
        return run.out().lines().toList();
    }

    /** A table of what a command lists: a name, two spaces or more, and what it is. Names of one kind share a row. */
    private static String table(String title, String what, String of) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String line : list(what)) {
            String[] parts = line.strip().split(" {2,}", 2);
            names.merge(parts.length > 1 ? parts[1] : "", "`" + parts[0] + "`", (one, next) -> one + ", " + next);
        }
        return "\n## " + title + "\n\n| " + of + " | what it is |\n|---|---|\n" + names.entrySet().stream()
                .map(entry -> row(entry.getValue(), entry.getKey())).collect(Collectors.joining());
    }

    private static String row(String... cells) {
        return Stream.of(cells).map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n")).replace("|  |", "| |");
    }

    private static String failures(RouteSet set) {
        StringBuilder table = new StringBuilder("""

                ## Failures

                Package `org.ccmessaging.filestream.failure`, if no other is named. The clause is in
                `routes/result-codes.camel.yaml`, with the text.

                | exception | clause | status | code |
                |---|---|---|---|
                """);
        for (Step clause : set.configurations().get(0).children()) {
            Map<String, String> told = clause.withAllBelow().flatMap(step -> step.assignments().stream())
                    .collect(Collectors.toMap(one -> one.name().text(),
                            one -> one.expression().map(Value::text).orElse("")));
            clause.exceptions().forEach(type -> table.append(row(
                    "`" + type.text().replace("org.ccmessaging.filestream.failure.", "") + "`", "`" + clause.id() + "`",
                    told.get(Exchange.HTTP_RESPONSE_CODE), "`" + told.get(Headers.RESULT_CODE) + "`")));
        }
        return table.toString();
    }

    private static String document() {
        return HEAD + table("Steps", "steps", "step")
                + table("Fields and options", "fields", "field") + table("Step beans", "beans", "bean")
                + table("Functions of expressions", "functions", "function")
                + table("What may follow a dot in an expression", "members", "member")
                + table("Variables", "variables", "variable") + table("Headers", "headers", "header")
                + failures(OwnRoutes.shipped())
                + table("Components", "components", "component");
    }

    @Test
    void schemaForEditorsIsThatOfTheLanguage() throws IOException {
        String schema = new RouteSchema(RouteLanguage.ofProduct()).json().toPrettyString() + "\n";
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(SCHEMA, schema);
        }

        assertThat(SCHEMA).exists().content().as("-Ddocs.write=true writes the schema").isEqualTo(schema);
    }

    static Stream<Arguments> shippedFiles() throws IOException {
        List<Arguments> files = new ArrayList<>();
        for (Path folder : List.of(Path.of("routes"), Path.of("routes/tests"))) {
            try (DirectoryStream<Path> yaml = Files.newDirectoryStream(folder, "*.yaml")) {
                yaml.forEach(file -> files.add(Arguments.of(file, folder.endsWith("tests") ? TESTS : SCHEMA)));
            }
        }
        return files.stream();
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().valueToTree(new Yaml().load(Files.readString(file)));
    }

    /** The frame's too: an editor marks what is in the folder. */
    @ParameterizedTest
    @MethodSource("shippedFiles")
    void schemaForEditorsTakesAShippedFile(Path file, Path schema) throws IOException {
        assertThat(JsonSchemaFactory.getInstance(VersionFlag.V7).getSchema(Files.readString(schema))
                .validate(json(file))).isEmpty();
    }

    /** Editors run JavaScript, whose regular expressions with flag u take less than those of Java. */
    @Test
    void schemasForEditorsTakeEachShippedFileInJavascript(@TempDir Path work) throws Exception {
        Path ajv = work.resolve("ajv.js");
        try (InputStream bundle = new PathMatchingResourcePatternResolver().getResources(
                "classpath*:/META-INF/resources/webjars/ajv/*/dist/ajv.bundle.js")[0].getInputStream()) {
            Files.copy(bundle, ajv);
        }
        List<String> command = new ArrayList<>(List.of("node", "-e", """
                const [ajv, ...files] = process.argv.slice(1)
                const read = (file, each) => JSON.parse(require('fs').readFileSync(file), each)
                for (let i = 0; i < files.length; i += 2) {
                    const validator = new (require(ajv))()
                    const schema = read(files[i + 1], (name, value) => name === 'pattern' && value.length
                        ? new RegExp(value, 'u').source : value)
                    if (!validator.validate(schema, read(files[i]))) {
                        console.log(files[i], validator.errorsText())
                    }
                }
                """, ajv.toString()));
        for (Arguments pair : shippedFiles().toList()) {
            Path yaml = (Path) pair.get()[0];
            command.add(Files.writeString(work.resolve(yaml.getFileName()), json(yaml).toString()).toString());
            command.add(pair.get()[1].toString());
        }
        assumeTrue(System.getenv("CI") != null || nodeIsThere(), "node is not installed");
        Process node = new ProcessBuilder(command).redirectErrorStream(true).start();

        assertThat(new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
        assertThat(node.waitFor()).isZero();
    }

    private static boolean nodeIsThere() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    @Test
    void schemaForEditorsMarksValuesBeyondTheirTypes() {
        Object routes = new Yaml().load("""
                - route:
                    id: beyond
                    from:
                      uri: timer
                      parameters: {timerName: x, delay: -1}
                      steps:
                        - throttle: {constant: {expression: 100000000}}
                        - setBody: {jsonpath: {expression: $..*}}
                        - removeHeaders: {pattern: X-*}
                        - setVariable: {name: customer, constant: {expression: x}}
                        - process: {ref: resolvKey}
                """);

        assertThat(JsonSchemaFactory.getInstance(VersionFlag.V7)
                .getSchema(new RouteSchema(RouteLanguage.ofProduct()).json())
                .validate(new ObjectMapper().valueToTree(routes)))
                .extracting(message -> message.getInstanceLocation().toString().replaceFirst(".*steps|.*from", ""))
                .containsExactlyInAnyOrder(".parameters.delay", "[0].throttle.constant.expression",
                        "[1].setBody.jsonpath.expression", "[3].setVariable.name", "[4].process.ref");
    }

    @Test
    void documentSaysWhatTheCodeSays() throws IOException {
        String document = document();
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(DOCUMENT, document);
        }

        assertThat(DOCUMENT).exists().content().as("-Ddocs.write=true writes the document")
                .isEqualTo(document);
    }

    @ParameterizedTest
    @CsvSource({"beans, resolveKey", "steps, throttle", "functions, variable", "members, substring",
        "components, direct", "variables, objectKey", "headers, resultCode", "failures, EmptyFileException"})
    void listNamesWhatTheLanguageHas(String what, String name) {
        assertThat(list(what)).anyMatch(line -> (line + " ").matches("(.*\\.)?" + name + " .*"));
    }

    @Test
    void languageHasTheVariablesOfTheToolkit() {
        assertThat(RouteLanguage.ofProduct().variables()).containsOnlyKeys(Arrays.stream(Variables.class.getFields())
                .map(constant -> (String) ReflectionUtils.getField(constant, null)).toList());
    }
}
