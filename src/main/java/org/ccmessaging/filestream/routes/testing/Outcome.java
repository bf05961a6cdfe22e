package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.http.HttpResponse;
import java.util.List;

/**
 * What came of a request.
 *
 * @param response the response; {@code null} if none came
 * @param json its body, missing if it is no JSON
 * @param steps the names of the steps that have run, in order
 * @param log warnings and errors
 */
record Outcome(HttpResponse<String> response, JsonNode json, List<String> steps, List<Running.LogLine> log) {

    static Outcome of(HttpResponse<String> response, Running running) {
        return new Outcome(response, json(response.body()), List.copyOf(running.steps()), List.copyOf(running.log()));
    }

    private static JsonNode json(String body) {
        try {
            JsonNode parsed = new ObjectMapper().readTree(body);
            return parsed == null ? MissingNode.getInstance() : parsed;
        } catch (JsonProcessingException other) {
            return MissingNode.getInstance();
        }
    }

    /** The first of some members that the body has; {@code null} if it has none. */
    String member(String... names) {
        for (String name : names) {
            if (json.hasNonNull(name)) {
                return json.get(name).isValueNode() ? json.get(name).asText() : json.get(name).toString();
            }
        }
        return null;
    }

    List<String> errors() {
        return log.stream().filter(Running.LogLine::error).map(Running.LogLine::text).toList();
    }
}
