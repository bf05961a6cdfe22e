package org.ccmessaging.filestream.routes.check;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An error in a route file or test file. The hint says what to do, or is {@code null}. */
public record RouteError(Place place, String message, String hint) {

    /** Returns one line for the error, and one line for the hint if it exists. */
    public Stream<String> lines() {
        return Stream.concat(Stream.of(place + "  error  " + message),
                Stream.ofNullable(hint).map(text -> "    " + text));
    }

    /** Returns the error as JSON, without an unknown line or column. */
    @JsonValue
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", place.file().toString());
        json.put("line", place.line());
        json.put("column", place.column());
        json.values().removeIf(Integer.valueOf(0)::equals);
        json.put("message", Stream.of(message, hint).filter(Objects::nonNull).collect(Collectors.joining(". ")));
        return json;
    }

    /** Returns the error and its hint in a single line. */
    public String line() {
        return lines().map(String::strip).collect(Collectors.joining(". "));
    }
}
