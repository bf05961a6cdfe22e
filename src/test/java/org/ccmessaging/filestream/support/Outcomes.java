package org.ccmessaging.filestream.support;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.check.Step;

/**
 * The responses that the contract documents, byte for byte. Each row of its section 4 has a constant with the name of
 * the row's clause in {@code result-codes.camel.yaml}.
 *
 * <p>Their form stands here, and their codes and texts come from the clauses, which {@code routes/tests} hold to the
 * contract. CONTRIBUTING.md names the documents that quote a text, and the tests that compare them.
 */
public final class Outcomes {

    /** The headers that a clause sets, by its id. */
    private static final Map<String, Map<String, String>> CLAUSES = clauses();

    // Section 4.1: status 200.
    public static final String IDENTITY_MISSING = failed("identity-missing");
    public static final String OBJECT_KEY_MISSING = failed("object-key-missing");
    public static final String FILE_TYPE_OUT_OF_RANGE = failed("file-type-out-of-range");
    public static final String EMPTY_FILE = failed("empty-file");
    public static final String FILE_SERVICE_REFUSED = failed("file-service-refused");
    public static final String NOT_CLEAN = failed("not-clean");
    public static final String READ_BROKEN = failed("read-broken");
    public static final String DOWNLOAD_FAILED = failed("download-failed");

    // Section 4.2: other statuses.
    public static final String UNAUTHORIZED = refused("unauthorized");
    public static final String UNKNOWN_PATH = refused("unknown-path");
    /** Of a path that takes POST. */
    public static final String METHOD_NOT_ALLOWED =
            refused("method-not-allowed").replace("${exception.allowed}", "POST");
    public static final String BUSINESS_FAILURE = refused("business-failure");
    public static final String TOO_MANY_REQUESTS = refused("too-many-requests");
    public static final String BUSY = refused("busy");
    /** What comes before the sentence about what is wrong. */
    public static final String BAD_REQUEST_HEAD = refused("bad-request").replaceFirst("\\$\\{.*", "");

    // Section 4.1 and 4.3: the start of a response with a file, and its end after a complete file and a broken read.
    public static final String FILE_HEAD = "{\"fileStream\":\"";
    public static final String FILE_TAIL = "\",\"resultCode\":\"0\"}";
    public static final String BROKEN_TAIL = "\"," + READ_BROKEN.substring(1);

    private Outcomes() {
    }

    private static Map<String, Map<String, String>> clauses() {
        return OwnRoutes.shipped().configurations().get(0).children().stream()
                .collect(Collectors.toMap(Step::id, Outcomes::headers));
    }

    private static Map<String, String> headers(Step clause) {
        return clause.children().stream().flatMap(step -> step.field("headers").items().stream())
                .collect(Collectors.toMap(header -> header.get("name").text(),
                        header -> header.expression().orElseThrow().text()));
    }

    private static String failed(String clause) {
        return "{\"resultCode\":\"%s\",\"resultDesc\":\"%s\"}".formatted(code(clause), text(clause));
    }

    private static String refused(String clause) {
        return "{\"errorCode\":\"%s\",\"exceptionInfo\":\"%s\"}".formatted(code(clause), text(clause));
    }

    private static String code(String clause) {
        return CLAUSES.get(clause).get("resultCode");
    }

    private static String text(String clause) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(CLAUSES.get(clause).get("resultDesc")));
    }

    public static String textOf(String outcome) {
        try {
            JsonNode members = new ObjectMapper().readTree(outcome);
            return members.path("resultDesc").asText(members.path("exceptionInfo").asText());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** @param what is wrong: the sentence after the documented one */
    public static String badRequest(String what) {
        return BAD_REQUEST_HEAD + what.replace("\"", "\\\"") + "\"}";
    }

    /** The response of applyToken, of section 5. */
    public static String wrongField(String what) {
        return "{\"resultCode\":\"1\",\"resultDesc\":\"%s\"}".formatted(what);
    }

    public static String success(byte[] file) {
        return FILE_HEAD + Base64.getEncoder().encodeToString(file) + FILE_TAIL;
    }
}
