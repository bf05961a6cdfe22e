package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What the check says about steps and fields that are none of Camel's YAML DSL. */
class SchemaLevelTest {

    private static final Schema SCHEMA = Schema.load();

    @TempDir
    private Path folder;

    private List<String> findings(String step) {
        return new RouteTexts(folder).with("a.camel.yaml", """
                - from:
                    uri: direct:one
                    steps:
                      - %s
                """.formatted(step)).schemaFindings();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "process: {id: p, reff: x} | 4:26 error R010 step p: unknown field \"reff\". did you mean ref?",
        "process: {id: p} | 4:18 error R011 step p: field \"ref\" is missing",
        "proces: {ref: x} | 4:9 error R015 unknown step \"proces\". did you mean process?",
        "{to: log:a, log: b} | 4:21 error R014 \"to\" and \"log\" in one item of a list. begin each step with \"- \"",
        "filter: {steps: []} | ",
        "{to: , id: a} | 4:16 error R012 \"id\" stands beside \"to\" and not below it."
                + " indent it, and what follows, further",
        "setBody: {simple: a, constant: b} | 4:30 error R014 step setBody: both \"simple\" and \"constant\". "
                + "only one of them can be in force",
        "setBody: {smple: a} | 4:19 error R010 step setBody: unknown field \"smple\". did you mean simple?",
        "to: [a] | 4:13 error R012 step to: a list, expected a text or fields",
        "stop: | 4:14 error R012 step stop: nothing, expected fields. write {} if there is nothing to say",
        "delay: {constant: 400} | 4:27 warning R012 step delay: constant is a number, expected a text or fields."
                + " write it in quotation marks",
        "multicast: {timeout: soon, steps: []} | ",
        "threads: {poolSize: many} | 4:29 error R012 step threads: poolSize is a text, expected a number",
        "threads: {poolSize: \"2\"} | 4:29 warning R012 step threads: poolSize is a text, expected a number."
                + " write it without quotation marks",
        "log: {message: m, loggingLevel: LOUD} | 4:41 error R013 step log: loggingLevel cannot be \"LOUD\"."
                + " one of TRACE, DEBUG, INFO, WARN, ERROR, OFF",
        "setHeaders: {headers: [{name: a, constnt: b}]} | 4:42 error R010 step setHeaders: unknown field \"constnt\"."
                + " did you mean constant?",
    })
    void eachFaultIsOneFindingAtItsPlace(String step, String expected) {
        assertThat(findings(step)).isEqualTo(expected == null ? List.of() : List.of("a.camel.yaml:" + expected));
    }

    @Test
    void shippedRoutesHaveNoFault() throws IOException {
        Findings findings = new Findings();
        SchemaLevel schema = new SchemaLevel(Schema.load(), findings);
        RouteSet.read(Path.of("routes"), key -> null, findings).files().forEach(schema::check);

        assertThat(findings.sorted()).isEmpty();
    }

    /** Takes each line out of each shipped file, misspells it, and makes a number or a list of its value. */
    @Test
    void findsFaultsWhereAGeneralValidatorOfTheSchemaDoes() throws IOException {
        JsonSchema general = general();
        int faulty = 0;
        List<String> different = new ArrayList<>();
        for (String text : mutants()) {
            Findings findings = new Findings();
            Value yaml = new Text(folder.resolve("m.camel.yaml"), text.getBytes(), findings).parse()
                    .map(RouteFile::yaml).orElse(null);
            if (yaml == null || findings.hasErrors()) {
                continue;
            }
            new SchemaLevel(SCHEMA, findings).check(new RouteFile(folder.resolve("m.camel.yaml"), text, yaml));
            boolean fault = !general.validate(json(text)).isEmpty();
            faulty += fault ? 1 : 0;
            if (fault == findings.sorted().isEmpty()) {
                different.add(text + findings.sorted());
            }
        }

        assertThat(different).isEmpty();
        assertThat(faulty).isGreaterThan(50);
    }

    private static List<String> mutants() throws IOException {
        List<String> mutants = new ArrayList<>();
        for (String file : List.of("read-s3", "storage-multimedia-library")) {
            List<String> lines = Files.readAllLines(Path.of("routes", file + ".camel.yaml"));
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                for (String other : Stream.of("", line.replaceFirst("(\\w):", "$1x:"), line.replaceFirst(": .+", ": 7"),
                        line.replaceFirst(": .+", ": [a]"), line.replaceFirst(": .+", ": {}")).distinct().toList()) {
                    List<String> changed = new ArrayList<>(lines);
                    changed.set(i, other);
                    mutants.add(String.join("\n", changed) + "\n");
                }
            }
        }
        return mutants;
    }

    private static JsonSchema general() throws IOException {
        try (InputStream json = SchemaLevelTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(json);
        }
    }

    private static JsonNode json(String yaml) {
        return new ObjectMapper().valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }
}
