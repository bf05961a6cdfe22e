package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.assertj.core.groups.Tuple;
import org.ccmessaging.filestream.support.DescribedAnswers;
import org.junit.jupiter.api.Test;

/** The file {@code openapi/filestream.yaml} itself. {@code Api} compares every response of the service with it. */
class InterfaceDescriptionTest {

    private static final JsonNode DESCRIPTION = DescribedAnswers.readDescription();

    @Test
    void toolsReadItWithoutAWarning() {
        assertThat(DESCRIPTION.get("openapi").asText()).startsWith("3.1.");
        assertThat(new OpenAPIV3Parser().readContents(DESCRIPTION.toString(), null, null).getMessages()).isEmpty();
    }

    private static void forEach(JsonPointer place, JsonNode node, BiConsumer<JsonPointer, JsonNode> action) {
        action.accept(place, node);
        node.properties().forEach(member ->
                forEach(place.appendProperty(member.getKey()), member.getValue(), action));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            forEach(place.appendIndex(i), node.get(i), action);
        }
    }

    @Test
    void everyExampleIsAsItsSchemaSays() {
        List<JsonPointer> seen = new ArrayList<>();
        forEach(JsonPointer.empty(), DESCRIPTION, (place, node) -> node.path("examples").properties()
                .forEach(example -> {
                    seen.add(place);
                    assertThat(example.getValue().path("summary").asText()).as("summary at %s", place).isNotBlank();
                    assertThat(DescribedAnswers.ofTheService().faults(place.appendProperty("schema"),
                            example.getValue().get("value"))).as("%s of %s", example.getKey(), place).isEmpty();
                }));
        assertThat(seen).hasSizeGreaterThan(30);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertThat(DESCRIPTION.findValuesAsText("$ref")).isNotEmpty().allSatisfy(reference -> {
            assertThat(reference).startsWith("#/");
            assertThat(DESCRIPTION.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
        });
    }

    /**
     * The rows of contract section 4: a code and a text between backquotes, or a status and a sentence. A bracket that
     * follows and names a header is no part of the text.
     */
    @Test
    void everyOutcomeOfTheContractHasAnExampleWithItsCodeAndText() throws IOException {
        List<Tuple> outcomes = Pattern.compile(
                        "(?m)^\\| (`?)(\\d+)`? \\| `?([A-Za-z][^`|]*?)`?(?: \\(with [^|]*\\))? \\| ")
                .matcher(Files.readString(Path.of("docs", "contract.md"))).results()
                .map(row -> tuple(row.group(1).isEmpty() ? row.group(2) : "200", row.group(2),
                        fixedPart(row.group(3)))).toList();

        List<Tuple> examples = new ArrayList<>();
        for (JsonNode value : DESCRIPTION.findValues("value")) {
            if (value.has("errorCode")) {
                String status = value.get("errorCode").asText();
                examples.add(tuple(status, status, fixedPart(value.get("exceptionInfo").asText())));
            } else if (value.has("resultDesc")) {
                examples.add(tuple("200", value.get("resultCode").asText(), value.get("resultDesc").asText()));
            }
        }
        assertThat(outcomes).hasSize(13);
        assertThat(examples).containsAll(outcomes);
    }

    private static String fixedPart(String text) {
        return text.replaceFirst("(Incorrect request\\. Check the request path and parameters\\.).*", "$1");
    }

    @Test
    void fileTypesAreThoseThatAreAcceptedByDefault() throws IOException {
        JsonNode settings = new YAMLMapper().readTree(Path.of("src/main/resources/application.yaml").toFile());

        assertThat(DESCRIPTION.at("/components/schemas/DownloadRequest/properties/fileType/enum"))
                .extracting(JsonNode::asText)
                .containsExactly(settings.at("/filestream/download/file-types").asText().split(", "));
    }
}
