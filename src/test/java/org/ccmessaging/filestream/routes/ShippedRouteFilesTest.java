package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.file.Files;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Each file of {@code routes/} is what Camel, Kaoto and a reader expect of it. */
class ShippedRouteFilesTest {

    private static final RouteSet SHIPPED = OwnRoutes.shipped();

    private static JsonSchema canonical() throws IOException {
        ObjectNode schema = (ObjectNode) new ObjectMapper()
                .readTree(ShippedRouteFilesTest.class.getResourceAsStream("/schema/camelYamlDsl-canonical.json"));
        // Camel 4.22.0 requires every data format at once of an unmarshal.
        ((ObjectNode) schema.at("/items/definitions/org.apache.camel.model.UnmarshalDefinition")).remove("required");
        // Keywords that the draft does not have are for editors, and no reason for a warning.
        JsonMetaSchema dialect = JsonMetaSchema.builder(JsonMetaSchema.getV4())
                .unknownKeywordFactory((name, context) -> new NonValidationKeyword(name)).build();
        return JsonSchemaFactory.getInstance(VersionFlag.V4, factory -> factory.metaSchema(dialect)).getSchema(schema);
    }

    @Test
    void filesAreCanonicalSoThatKaotoKeepsTheirMeaning() throws IOException {
        JsonSchema canonical = canonical();
        // Camel uses this YAML parser.
        Load parser = new Load(LoadSettings.builder().build());

        assertThat(SHIPPED.files().contents().keySet()).isNotEmpty().allSatisfy(file ->
                assertThat(canonical.validate(new ObjectMapper().<JsonNode>valueToTree(
                        parser.loadFromString(Files.readString(file))))).as(file.toString()).isEmpty());
    }

    @Test
    void everyRouteNamesTheResultCodes() {
        assertThat(SHIPPED.configurations()).extracting(Step::id).containsExactly("result-codes");
        assertThat(SHIPPED.routes()).isNotEmpty().allSatisfy(route ->
                assertThat(route.field("routeConfigurationId").text()).as(route.id()).isEqualTo("result-codes"));
    }
}
