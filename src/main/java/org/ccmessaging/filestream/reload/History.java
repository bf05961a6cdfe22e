package org.ccmessaging.filestream.reload;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last generations, in memory and, if a folder is given, in its file {@code history.json}. A folder that fails
 * costs what it would keep over the next restart, and nothing else.
 *
 * <p>The folder belongs to one process: two would give the same numbers to different generations.
 */
final class History {

    /** Number of generations that it keeps. */
    static final int LENGTH = 10;

    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    private static final JsonMapper JSON = JsonMapper.builder().addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).enable(SerializationFeature.INDENT_OUTPUT)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS).build();

    private final Path file;
    private List<Served> newestFirst = List.of();

    /** @param folder keeps them over restarts, and is made if it does not exist; {@code null} for memory only */
    History(Path folder) {
        file = folder == null ? null : folder.resolve("history.json");
        if (file != null && Files.exists(file)) {
            try {
                newestFirst = read();
            } catch (IOException | RuntimeException failure) {
                LOG.warn("The history of routes in {} cannot be read ({}): the service begins a new one", file,
                        firstLine(failure));
            }
        }
    }

    /** Returns the generations, the newest first. */
    List<Served> newestFirst() {
        return newestFirst;
    }

    /** Returns the highest number of a generation; 0 if there was none. */
    int lastNumber() {
        return newestFirst.isEmpty() ? 0 : newestFirst.get(0).number();
    }

    /** Adds a generation, and forgets those before the last {@value #LENGTH}. */
    void add(Served generation) {
        newestFirst = Stream.concat(Stream.of(generation), newestFirst.stream()).limit(LENGTH).toList();
        if (file == null) {
            return;
        }
        try {
            write();
        } catch (IOException | RuntimeException failure) {
            LOG.warn("Generation {} is not in {} ({}): the history in memory goes on, and a restart forgets it",
                    generation.number(), file, firstLine(failure));
        }
    }

    private List<Served> read() throws IOException {
        List<Served> read = List.of(JSON.readValue(Files.readAllBytes(file), Served[].class));
        for (Served each : read) {
            if (each.sha256() == null || each.since() == null || each.files() == null || each.files().isEmpty()
                    || each.files().containsValue(null)) {
                throw new IOException("generation " + each.number() + " is not complete");
            }
        }
        return read;
    }

    /** Written beside and moved, so that a process that is killed leaves no half of a file. */
    private void write() throws IOException {
        Files.createDirectories(file.getParent());
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.write(beside, JSON.writeValueAsBytes(newestFirst));
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static String firstLine(Exception failure) {
        return failure.toString().lines().findFirst().orElse("");
    }
}
