package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.StreamSupport;
import org.assertj.core.groups.Tuple;
import org.ccmessaging.filestream.support.DescribedAnswers;
import org.junit.jupiter.api.Test;

/** The file {@code openapi/filestream.yaml} itself. {@code Api} compares every response of the service with it. */
class InterfaceDescriptionTest {

    private static final JsonNode DESCRIPTION = DescribedAnswers.readDescription();

    private static List<String> parserMessages(JsonNode description) {
        return new OpenAPIV3Parser().readContents(description.toString(), null, null).getMessages();
    }

    @Test
    void toolsReadItWithoutAWarning() {
        assertThat(DESCRIPTION.get("openapi").asText()).startsWith("3.1.");
        assertThat(parserMessages(DESCRIPTION)).isEmpty();
    }

    @Test
    void toolsWouldWarnOfAMemberThatDoesNotExistAndOfOneThatIsMissing() {
        ObjectNode wrong = DESCRIPTION.deepCopy();
        ((ObjectNode) wrong.at("/paths/~1openapi~1filestream.yaml/get")).put("operationid", "x");
        assertThat(parserMessages(wrong)).isNotEmpty();

        ObjectNode lacking = DESCRIPTION.deepCopy();
        ((ObjectNode) lacking.get("info")).remove("version");
        assertThat(parserMessages(lacking)).isNotEmpty();
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
        List<String> references = new ArrayList<>();
        forEach(JsonPointer.empty(), DESCRIPTION, (place, node) -> {
            if (node.path("$ref").isTextual()) {
                references.add(node.get("$ref").asText());
            }
        });
        assertThat(references).isNotEmpty().allSatisfy(reference -> {
            assertThat(reference).startsWith("#/");
            assertThat(DESCRIPTION.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
        });
    }

    @Test
    void everyOperationResponseAndFieldIsExplained() {
        List<String> silent = new ArrayList<>();
        forEach(JsonPointer.empty(), DESCRIPTION, (place, node) -> {
            boolean operation = node.has("operationId");
            boolean field = place.head() != null && place.head().toString().endsWith("/properties")
                    && place.toString().matches("/components/schemas/[^/]+/properties/[^/]+");
            boolean response = place.toString().matches(".*/responses/[^/]+");
            boolean explained = node.has("$ref") || node.has("description") || node.has("summary");
            if ((operation || field || response) && !explained) {
                silent.add(place.toString());
            }
        });
        assertThat(silent).isEmpty();
    }

    /** The home of codes and texts is {@code result-codes.camel.yaml}; the description must not lag behind it. */
    @Test
    void everyOutcomeOfTheRouteFilesHasAnExampleWithItsCodeAndText() throws IOException {
        JsonNode clauses = new YAMLMapper().readTree(Path.of("routes/result-codes.camel.yaml").toFile())
                .at("/0/routeConfiguration/onException");

        List<Tuple> outcomes = StreamSupport.stream(clauses.spliterator(), false)
                .map(clause -> clause.at("/onException/steps")).map(InterfaceDescriptionTest::outcome).toList();

        assertThat(outcomes).hasSizeGreaterThan(12);
        assertThat(examples()).containsAll(outcomes);
    }

    /** (status, code, text) as a clause sets them; of a text with a variable part the part before it. */
    private static Tuple outcome(JsonNode steps) {
        Map<String, String> values = new HashMap<>();
        steps.forEach(step -> step.at("/setHeaders/headers").forEach(header -> values.put(header.get("name").asText(),
                header.at("/constant/expression").asText(header.at("/simple/expression").asText()))));
        return tuple(values.get("CamelHttpResponseCode"), values.get("resultCode"), fixedPart(values.get("resultDesc")
                .replace("${exception.allowed}", "POST").replaceFirst("\\$\\{.*", "")));
    }

    private static String fixedPart(String text) {
        String malformed = "Incorrect request. Check the request path and parameters. ";
        return text.startsWith(malformed) ? malformed : text;
    }

    private static List<Tuple> examples() {
        List<Tuple> examples = new ArrayList<>();
        forEach(JsonPointer.empty(), DESCRIPTION, (place, node) -> {
            JsonNode value = node.path("value");
            if (value.has("errorCode")) {
                String status = value.get("errorCode").asText();
                examples.add(tuple(status, status, fixedPart(value.get("exceptionInfo").asText())));
            } else if (value.has("resultDesc")) {
                examples.add(tuple("200", value.get("resultCode").asText(), value.get("resultDesc").asText()));
            }
        });
        return examples;
    }

    @Test
    void fileTypesAreThoseThatAreAcceptedByDefault() throws IOException {
        JsonNode settings = new YAMLMapper().readTree(Path.of("src/main/resources/application.yaml").toFile());
        List<String> described = new ArrayList<>();
        DESCRIPTION.at("/components/schemas/DownloadRequest/properties/fileType/enum")
                .forEach(type -> described.add(type.asText()));

        assertThat(described).containsExactly(
                settings.at("/filestream/download/file-types").asText().split(", "));
    }
}
