package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import org.ccmessaging.filestream.routes.check.Value.Kind;

/** The members of a test file, and what each is for. */
public final class TestFormat {

    static final Shape TESTS = Shape.listOf("The tests of a file; each runs alone, whatever the others did.", test());

    private TestFormat() {
    }

    /** The JSON schema of {@code *.test.yaml}, for editors. */
    public static String jsonSchema() {
        ObjectNode schema = TESTS.toJson();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#").put("title", "Tests of routes");
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Shape test() {
        return Shape.map("A request, and the response that it must get.")
                .required("test", Shape.scalar("A sentence: what is so if the test is good."))
                .with("files", Shape.mapOf("By branch, then by complete key: the files that are there.",
                        Shape.mapOf("The files of a branch by complete key, the tenant's folder first.", content(
                                "The file: a text, or a map."))))
                .with("request", request())
                .with("mock", Shape.mapOf("By id of a step: what happens in its place.", mock()))
                .with("fail", Shape.mapOf("By id of a step: how it fails. A step that asks the store (get-object) can"
                        + " fail as a store does.", fault()))
                .with("settings", Shape.mapOf("Settings by key: types of branches, filestream.download.*, limits of"
                        + " the store. Tests with the same settings share a service; each other one takes its start.",
                        Shape.scalar("")))
                .required("expect", expect())
                .build();
    }

    private static Shape content(String description) {
        return Shape.map(description)
                .with("size", Shape.scalar("So many bytes, the same each time: 64KB, 5MB."))
                .with("base64", Shape.scalar("Bytes as Base64."))
                .build().or(Kind.STRING, Kind.NUMBER, Kind.BOOLEAN);
    }

    private static Shape request() {
        return Shape.map("What the client sends. Every member has a default that makes a good request.")
                .with("fileId", text("Member fileId of the request."))
                .with("fileType", text("Member fileType; txt without it."))
                .with("channel", text("Member channel; WEB without it."))
                .with("multiMedia", text("Member multiMedia; absent without it."))
                .with("tenant", text("The customer's tenant; demo without it."))
                .with("channelId", text("The customer's channelId; web-1 without it."))
                .with("userId", text("The customer's userId; alice without it."))
                .with("app", Shape.scalar("The key of the app; demo-app without it."))
                .with("accessToken", token("The AccessToken."))
                .with("sessionToken", token("The session token."))
                .with("method", Shape.scalar("The HTTP method; POST without it."))
                .with("path", Shape.scalar("The path, with its first slash; downloadFileStream without it."))
                .with("headers", Shape.mapOf("More headers, or others than usual; null leaves a header out.",
                        text("The value of the header.")))
                .with("body", Shape.any("The complete body in place of the members: a text, or a map that is sent as"
                        + " JSON."))
                .with("times", Shape.of("How often the client sends it; the last response counts.", Kind.NUMBER))
                .build();
    }

    private static Shape text(String description) {
        return Shape.scalar(description + " null leaves it out.").or(Kind.EMPTY);
    }

    private static Shape token(String description) {
        return Shape.oneOf(description + " valid without it.", Credentials.KINDS.toArray(String[]::new));
    }

    private static Shape mock() {
        return Shape.map("What the step leaves; the step itself does not run.")
                .with("body", Shape.any("The body: a text, or a map or list that becomes JSON text."))
                .with("headers", Shape.mapOf("Headers that it sets.", Shape.scalar("")))
                .with("variables", Shape.mapOf("Variables that it sets.", Shape.scalar("")))
                .with("exception", Shape.scalar("The exception that it throws: a class by its short name."))
                .with("message", Shape.scalar("The message of that exception."))
                .build().or(Kind.EMPTY);
    }

    private static Shape fault() {
        return Shape.map("How the step fails: the short name of an exception, or a map.")
                .with("exception", Shape.scalar("The exception that it throws: a class by its short name."))
                .with("message", Shape.scalar("The message of that exception."))
                .with("reset", Shape.of("The store resets the connection.", Kind.BOOLEAN))
                .with("stall", Shape.of("The store sends nothing more.", Kind.BOOLEAN))
                .with("truncate", Shape.of("The store closes the connection in good order.", Kind.BOOLEAN))
                .with("change", Shape.of("The object has another ETag from then on.", Kind.BOOLEAN))
                .with("status", Shape.of("The store's response has this status.", Kind.NUMBER))
                .with("code", Shape.scalar("The S3 error code of that response, such as NoSuchBucket."))
                .with("after", Shape.scalar("So many bytes of the object arrive before: 64KB. Alone, it means reset."))
                .with("times", Shape.of("How often: a number, or always (without it).", Kind.NUMBER, Kind.STRING))
                .build().or(Kind.STRING);
    }

    private static Shape expect() {
        Shape match = matched("Expected: a text, or a map that says what the text is like.");
        return Shape.map("What must come of it. What is not mentioned is not compared.")
                .with("status", Shape.of("The HTTP status.", Kind.NUMBER))
                .with("resultCode", match.or(Kind.EMPTY))
                .with("resultDesc", match.or(Kind.EMPTY))
                .with("file", content("The file that the response carries; null if none.").or(Kind.EMPTY))
                .with("headers", Shape.mapOf("Response headers; null for one that must not be there.",
                        match.or(Kind.EMPTY)))
                .with("json", Shape.mapOf("Members of the JSON response; null for one that must not be there.",
                        match.or(Kind.EMPTY)))
                .with("steps", Shape.listOf("Steps that run, in this order; others may run between them.",
                        Shape.scalar("The id of a step.")))
                .with("skipped", Shape.listOf("Steps that must not run.", Shape.scalar("The id of a step.")))
                .with("errors", Shape.listOf("ERROR lines of the log: each must hold one of these texts, and one line"
                        + " must be there. Without this member there must be none; null allows any.",
                        Shape.scalar("A part of a line.")).or(Kind.EMPTY))
                .build();
    }

    private static Shape matched(String description) {
        return Shape.map(description)
                .with("contains", Shape.scalar("A part of the text."))
                .with("matches", Shape.scalar("A regular expression (RE2) for the complete text."))
                .build().or(Kind.STRING, Kind.NUMBER, Kind.BOOLEAN);
    }
}
