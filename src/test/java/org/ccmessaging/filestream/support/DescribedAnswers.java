package org.ccmessaging.filestream.support;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.io.ClassPathResource;

/**
 * Compares responses of the API port with the interface description, whichever test sent the request: status, headers
 * (all that the description requires, and none that it lacks) and body. A text may be any, since the description has
 * those of the contract as examples; it must be the same in header and body.
 *
 * <p>A description of operations has no words for some cases, which this class adds. A path that it lacks gets its
 * {@code NotFound}, a method that a path lacks its {@code MethodNotAllowed}, what is not HTTP its {@code BadRequest},
 * and a browser's preflight its {@code Preflight}. Any response may be one to a page of a listed origin.
 */
public final class DescribedAnswers {

    /** The method of a request that is not HTTP. */
    public static final String MALFORMED = "";

    /** The largest body that is compared, in bytes. With a larger one, status and headers are. */
    private static final int LARGEST_BODY = 16 * 1024 * 1024;

    /** A header has the first characters of a longer text, less an escape that the cut left incomplete. */
    private static final int LONGEST_HEADER = 200;

    private static final String ID = "https://interface.test/description.json";
    private static final Set<String> HEADERS_OF_HTTP =
            Set.of("content-type", "content-length", "transfer-encoding", "date", "connection", "keep-alive");
    private static final List<String> TO_A_LISTED_ORIGIN =
            List.of("Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Vary");
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    private static final DescribedAnswers OF_THE_SERVICE = new DescribedAnswers(readDescription());

    private final JsonNode document;
    private final JsonSchemaFactory schemas;
    private final Map<JsonPointer, JsonSchema> schemaByPlace = new ConcurrentHashMap<>();

    private DescribedAnswers(JsonNode document) {
        this.document = document;
        // OpenAPI has keywords that JSON Schema does not have. They are no reason for a warning.
        JsonMetaSchema dialect = JsonMetaSchema.builder(JsonMetaSchema.getV202012())
                .unknownKeywordFactory((name, context) -> new NonValidationKeyword(name)).build();
        this.schemas = JsonSchemaFactory.getInstance(VersionFlag.V202012, factory -> factory.metaSchema(dialect)
                .schemaLoaders(loaders -> loaders.schemas(Map.of(ID, document.toString()))));
    }

    public static DescribedAnswers ofTheService() {
        return OF_THE_SERVICE;
    }

    public static JsonNode readDescription() {
        try {
            return new YAMLMapper().readTree(new ClassPathResource("/openapi/filestream.yaml").getContentAsByteArray());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** @param body {@code null} where the test did not read it, or the response has none */
    public void check(String method, String path, int status, Map<String, List<String>> headers, byte[] body) {
        List<String> faults = new ArrayList<>();
        JsonPointer response = response(method, path, status);
        if (response == null) {
            faults.add("the status is not described");
        } else {
            TreeMap<String, List<String>> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            byName.putAll(headers);
            checkHeaders(response, byName, faults);
            if (body != null && body.length <= LARGEST_BODY) {
                checkBody(response, status, byName, body, faults);
            }
        }
        if (!faults.isEmpty()) {
            throw new AssertionError(method + " " + path + " got status " + status
                    + ", not as openapi/filestream.yaml describes it:\n  " + String.join("\n  ", faults));
        }
    }

    private JsonPointer response(String method, String path, int status) {
        JsonPointer shared = JsonPointer.compile("/components/responses");
        JsonPointer operation = operation(method, path);
        if (!document.at(operation).isMissingNode()) {
            // It is for readers that an operation has 405. It has 404 where an operator can switch it off.
            boolean other = status == 405 || status == 404 && !canBeSwitchedOff(operation);
            return other ? null : existing(operation.appendProperty("responses")
                    .appendProperty(Integer.toString(status)));
        }
        if (status == 204) {
            boolean post = method.equals("OPTIONS") && !document.at(operation("post", path)).isMissingNode();
            return post ? existing(shared.appendProperty("Preflight")) : null;
        }
        if (status == 400) {
            return existing(shared.appendProperty("BadRequest"));
        }
        boolean otherMethod = document.path("paths").has(path)
                && !(status == 404 && canBeSwitchedOff(operation("post", path)));
        if (method.equals(MALFORMED) || status != (otherMethod ? 405 : 404)) {
            return null;
        }
        return existing(shared.appendProperty(otherMethod ? "MethodNotAllowed" : "NotFound"));
    }

    private boolean canBeSwitchedOff(JsonPointer operation) {
        return document.at(operation).at("/tags/0").asText().equals("Tokens");
    }

    private static JsonPointer operation(String method, String path) {
        String described = method.equals("HEAD") ? "get" : method.toLowerCase(Locale.ROOT);
        return JsonPointer.compile("/paths").appendProperty(path).appendProperty(described);
    }

    /** Follows references; {@code null} where there is nothing. */
    private JsonPointer existing(JsonPointer place) {
        JsonNode node = document.at(place);
        if (node.has("$ref")) {
            return existing(JsonPointer.compile(node.get("$ref").asText().substring(1)));
        }
        return node.isMissingNode() ? null : place;
    }

    private void checkHeaders(JsonPointer response, Map<String, List<String>> headers, List<String> faults) {
        Map<String, JsonPointer> described = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        JsonPointer own = response.appendProperty("headers");
        document.at(own).fieldNames()
                .forEachRemaining(name -> described.put(name, existing(own.appendProperty(name))));
        if (TO_A_LISTED_ORIGIN.stream().anyMatch(headers::containsKey)) {
            JsonPointer shared = JsonPointer.compile("/components/headers");
            TO_A_LISTED_ORIGIN.forEach(name -> described.put(name, shared.appendProperty(name)));
        }
        described.forEach((name, header) -> {
            boolean required = TO_A_LISTED_ORIGIN.contains(name) || document.at(header).path("required").asBoolean();
            if (required && !headers.containsKey(name)) {
                faults.add("header " + name + " is missing");
            }
            for (String value : headers.getOrDefault(name, List.of())) {
                faults(header.appendProperty("schema"), valueOf(value, document.at(header).at("/schema/type")))
                        .forEach(fault -> faults.add("header " + name + fault));
            }
        });
        headers.keySet().stream().filter(name -> !described.containsKey(name)
                        && !HEADERS_OF_HTTP.contains(name.toLowerCase(Locale.ROOT)))
                .forEach(name -> faults.add("header " + name + " is not described"));
    }

    private static JsonNode valueOf(String header, JsonNode type) {
        try {
            return type.asText().equals("integer") ? JSON.readTree(header) : TextNode.valueOf(header);
        } catch (IOException noNumber) {
            return TextNode.valueOf(header);
        }
    }

    private void checkBody(JsonPointer response, int status, Map<String, List<String>> headers, byte[] body,
            List<String> faults) {
        if (!document.at(response).has("content")) {
            if (body.length > 0) {
                faults.add("there is a body");
            }
            return;
        }
        String contentType = first(headers, "Content-Type");
        JsonPointer content = response.appendProperty("content").appendProperty(contentType);
        if (document.at(content).isMissingNode()) {
            faults.add("content type " + contentType + " is not described");
            return;
        }
        try {
            JsonNode value = contentType.equals("application/json") ? JSON.readTree(body)
                    : TextNode.valueOf(new String(body));
            faults(content.appendProperty("schema"), value).forEach(fault -> faults.add("body" + fault));
            checkThatHeadersTellTheSame(status, headers, value, faults);
        } catch (IOException notJson) {
            faults.add("body is not JSON: " + notJson.getMessage());
        }
    }

    /** A schema cannot say this: body and headers tell the same outcome. */
    private static void checkThatHeadersTellTheSame(int status, Map<String, List<String>> headers, JsonNode body,
            List<String> faults) {
        String errorCode = body.path("errorCode").asText(null);
        if (status != 200 && !Integer.toString(status).equals(errorCode)) {
            faults.add("errorCode is " + errorCode);
        }
        String code = body.path("resultCode").asText(errorCode);
        if (headers.containsKey("resultCode") && !first(headers, "resultCode").equals(code)) {
            faults.add("header resultCode is " + first(headers, "resultCode") + ", the body's is " + code);
        }
        String text = body.path("resultDesc").asText(body.path("exceptionInfo").asText("")).replaceAll("[^ -~]", "?");
        String inHeader = first(headers, "resultDesc");
        boolean cut = inHeader.length() >= LONGEST_HEADER - 6 && inHeader.length() <= LONGEST_HEADER
                && text.startsWith(inHeader);
        if (headers.containsKey("resultDesc") && !cut && !inHeader.equals(text)) {
            faults.add("header resultDesc is " + inHeader + ", the body's is " + text);
        }
    }

    private static String first(Map<String, List<String>> headers, String name) {
        return headers.getOrDefault(name, List.of("")).get(0);
    }

    /** The differences between a value and the schema at a place of the description. */
    public List<String> faults(JsonPointer schema, JsonNode value) {
        return schemaByPlace.computeIfAbsent(schema, place -> schemas.getSchema(SchemaLocation.of(ID + "#" + place)))
                .validate(value).stream().map(ValidationMessage::getMessage)
                .map(message -> message.length() > 300 ? message.substring(0, 300) + "…" : message).toList();
    }
}
