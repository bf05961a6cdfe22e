package org.ccmessaging.filestream.routes.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The outcome of trying a set of routes. The process that tries it writes it as JSON for the service that waits.
 *
 * @param stage the stage that the set failed at, {@code check} or {@code try}; {@code null} if it may serve
 * @param errors what is wrong, a line each, with file and line where known
 * @param warnings of the check, a line each
 */
public record Verdict(String stage, List<String> errors, List<String> warnings) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 300;
    private static final int MOST = 1_000;

    /** The set may serve. */
    public static Verdict good(List<String> warnings) {
        return new Verdict(null, List.of(), warnings);
    }

    /** The set must not serve. Long lines are shortened, and of many lines the first ones are kept. */
    public static Verdict bad(String stage, List<String> errors) {
        return new Verdict(stage, errors.stream().limit(MOST).map(line -> line.length() <= LONGEST ? line
                : line.substring(0, LONGEST) + "…").toList(), List.of());
    }

    /** Returns whether the set may serve. */
    public boolean passed() {
        return stage == null;
    }

    /** The same with other lines. */
    public Verdict with(UnaryOperator<String> change) {
        return new Verdict(stage, errors.stream().map(change).toList(), warnings.stream().map(change).toList());
    }

    /** @throws IOException if the file cannot be written */
    public void write(Path file) throws IOException {
        Files.write(file, JSON.writeValueAsBytes(this));
    }

    /** @throws IOException if there is no such file, or it holds something else */
    public static Verdict read(Path file) throws IOException {
        return JSON.readValue(Files.readAllBytes(file), Verdict.class);
    }
}
