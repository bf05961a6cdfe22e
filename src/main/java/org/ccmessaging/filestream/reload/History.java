package org.ccmessaging.filestream.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last generations, in memory and, if a folder is set, in its file {@code history.json}. If the folder fails, the
 * service only forgets them at the next restart.
 *
 * <p>The folder belongs to one process: two would give the same numbers to different generations.
 */
final class History {

    static final int LENGTH = 10;

    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path file;
    private List<Served> newestFirst = List.of();

    /** @param folder keeps them over restarts, and is made if it does not exist; {@code null} for memory only */
    History(Path folder) {
        file = folder == null ? null : folder.resolve("history.json");
        if (file != null && Files.exists(file)) {
            try {
                Served[] read = JSON.readValue(file.toFile(), Served[].class);
                if (Stream.of(read).anyMatch(each -> each.sha256() == null || each.since() == null
                        || each.files() == null || each.files().isEmpty() || each.files().containsValue(null))) {
                    throw new IOException("a generation is not complete");
                }
                newestFirst = List.of(read);
            } catch (IOException | RuntimeException failure) {
                LOG.warn("The history of routes in {} cannot be read ({}): the service begins a new one", file,
                        firstLine(failure));
            }
        }
    }

    List<Served> newestFirst() {
        return newestFirst;
    }

    /** Returns the highest number of a generation; 0 before the first. */
    int lastNumber() {
        return newestFirst.isEmpty() ? 0 : newestFirst.get(0).number();
    }

    /** Adds a generation, and forgets those before the last {@value #LENGTH}. One with the same number is replaced. */
    void add(Served generation) {
        newestFirst = Stream.concat(Stream.of(generation),
                newestFirst.stream().filter(each -> each.number() != generation.number())).limit(LENGTH).toList();
        if (file != null) {
            try {
                write();
            } catch (IOException | RuntimeException failure) {
                LOG.warn("Generation {} is not in {} ({}): the history in memory continues, and a restart forgets it",
                        generation.number(), file, firstLine(failure));
            }
        }
    }

    /** Writes a temporary file and moves it, so that a killed process leaves no half of the file. */
    private void write() throws IOException {
        Files.createDirectories(file.getParent());
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.write(temporary, JSON.writeValueAsBytes(newestFirst));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static String firstLine(Exception failure) {
        return failure.toString().lines().findFirst().orElse("");
    }
}
