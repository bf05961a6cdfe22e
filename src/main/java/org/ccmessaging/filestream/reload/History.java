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
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last generations, in memory and, if a folder is given, in a file each. A folder that fails costs what it would
 * keep over the next restart, and nothing else.
 *
 * <p>The folder belongs to one process: two would give the same numbers to different generations.
 */
final class History {

    /** Number of generations that it keeps. */
    static final int LENGTH = 10;

    private static final Logger LOG = LoggerFactory.getLogger(History.class);
    private static final Pattern FILE = Pattern.compile("generation-([0-9]{1,9})\\.json");

    private static final JsonMapper JSON = JsonMapper.builder().addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS).build();

    private final Path folder;
    private final NavigableMap<Integer, Served> generations = new TreeMap<>();
    private int last;

    /** @param folder keeps them over restarts, and is made if it does not exist; {@code null} for memory only */
    History(Path folder) {
        this.folder = folder;
        if (folder != null && Files.isDirectory(folder)) {
            try {
                files().descendingMap().forEach(this::read);
            } catch (IOException | RuntimeException failure) {
                LOG.warn("The history of routes in {} cannot be read ({}): the service begins a new one", folder,
                        firstLine(failure));
            }
        }
    }

    /** Returns the generations, the newest first. */
    List<Served> newestFirst() {
        return List.copyOf(generations.descendingMap().values());
    }

    /**
     * Returns the highest number of a generation; 0 if there was none. The number of a file that cannot be read counts,
     * so that no number is given twice.
     */
    int lastNumber() {
        return last;
    }

    /** Adds a generation, and forgets those before the last {@value #LENGTH}. */
    void add(Served generation) {
        generations.put(generation.number(), generation);
        last = Math.max(last, generation.number());
        while (generations.size() > LENGTH) {
            generations.pollFirstEntry();
        }
        if (folder == null) {
            return;
        }
        try {
            write(generation);
        } catch (IOException | RuntimeException failure) {
            LOG.warn("Generation {} is not in {} ({}): the history in memory goes on, and a restart forgets it",
                    generation.number(), folder, firstLine(failure));
        }
    }

    private void read(int number, Path file) {
        last = Math.max(last, number);
        if (generations.size() == LENGTH) {
            return;
        }
        try {
            Served served = JSON.readValue(Files.readAllBytes(file), Served.class);
            if (served == null || served.number() != number || served.sha256() == null || served.since() == null
                    || served.texts() == null || served.texts().isEmpty() || served.texts().containsValue(null)) {
                throw new IOException("it is not complete");
            }
            generations.put(number, served);
        } catch (IOException | RuntimeException failure) {
            LOG.warn("The history of routes has no generation {}, because {} cannot be read: {}", number, file,
                    firstLine(failure));
        }
    }

    /** Written beside and moved, so that a process that is killed leaves no half of a file. */
    private void write(Served generation) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve("generation-" + generation.number() + ".json");
        Path beside = folder.resolve(file.getFileName() + ".tmp");
        try {
            Files.write(beside, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(generation));
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
        NavigableMap<Integer, Path> files = files();
        while (files.size() > LENGTH) {
            Files.deleteIfExists(files.pollFirstEntry().getValue());
        }
    }

    private NavigableMap<Integer, Path> files() throws IOException {
        NavigableMap<Integer, Path> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder)) {
            all.forEach(file -> {
                Matcher name = FILE.matcher(file.getFileName().toString());
                if (name.matches()) {
                    files.put(Integer.parseInt(name.group(1)), file);
                }
            });
        }
        return files;
    }

    private static String firstLine(Exception failure) {
        return failure.toString().lines().findFirst().orElse("");
    }
}
