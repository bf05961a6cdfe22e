package org.ccmessaging.filestream.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last generations that were active and the last ones that never were, in memory and, if there is one, in a file,
 * which belongs to one process: two would give the same numbers twice. If the disk fails, a restart forgets what the
 * file does not have. The state of a generation is in the file before the generation starts, so a restart knows a set
 * that has ended the process.
 */
class History {

    /** Number of generations that were active, and of those that were not. */
    static final int LENGTH = 10;

    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final String RESTART = "the end of the process";

    private final Path file;
    private List<Served> newestFirst = List.of();
    private boolean saved = true;

    /** @param folder of {@code history.json}, which is made if it does not exist; {@code null} for memory only */
    History(Path folder) {
        file = folder == null ? null : folder.resolve("history.json");
        try {
            newestFirst = Optional.ofNullable(read()).map(History::parse).orElse(List.of());
        } catch (IOException | RuntimeException failure) {
            LOG.warn("The history of routes in {} cannot be read ({}): the service begins a new one", file,
                    firstLine(failure));
        }
    }

    /** Returns what {@link #write} has written last; {@code null} before. */
    byte[] read() throws IOException {
        return file != null && Files.exists(file) ? Files.readAllBytes(file) : null;
    }

    /** Writes a temporary file and moves it, so that a killed process leaves no half of the file. */
    void write(byte[] json) throws IOException {
        if (file == null) {
            return;
        }
        Files.createDirectories(file.getParent());
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.write(temporary, json, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.SYNC);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static List<Served> parse(byte[] json) {
        List<Served> read = List.of(JSON.readValue(json, Served[].class));
        if (read.stream().anyMatch(each -> each.sha256() == null || each.since() == null || each.files() == null
                || each.files().isEmpty() || each.files().containsValue(null))) {
            throw new IllegalArgumentException("a generation is not complete");
        }
        return read.stream().map(each -> each.state() != State.CANARY ? each : each.ended(State.ROLLED_BACK, RESTART))
                .toList();
    }

    List<Served> newestFirst() {
        return newestFirst;
    }

    /** Returns the highest number of a generation; 0 before the first. */
    int lastNumber() {
        return newestFirst.isEmpty() ? 0 : newestFirst.get(0).number();
    }

    /** Returns the generation that is active, or was when the process before ended. */
    Optional<Served> active() {
        return newestFirst.stream().filter(each -> each.state() == State.ACTIVE).findFirst();
    }

    /** Adds generations, or replaces those with the same numbers, except {@code null}. */
    void put(Served... generations) {
        Map<Integer, Served> numbered = new TreeMap<>(Comparator.reverseOrder());
        Stream.concat(newestFirst.stream(), Stream.of(generations)).filter(Objects::nonNull)
                .forEach(each -> numbered.put(each.number(), each));
        keep(List.copyOf(numbered.values()));
    }

    void remove(int number) {
        keep(newestFirst.stream().filter(each -> each.number() != number).toList());
    }

    private void keep(List<Served> sorted) {
        newestFirst = last(sorted);
        save();
    }

    /** @param sorted the newest first */
    List<Served> last(List<Served> sorted) {
        return sorted.stream().filter(each -> sorted.stream().filter(newer -> newer.number() > each.number()
                && newer.wasActive() == each.wasActive()).count() < LENGTH).toList();
    }

    /** Writes again what the disk did not take. */
    void retry() {
        if (!saved) {
            save();
        }
    }

    private void save() {
        boolean before = saved;
        try {
            write(JSON.writeValueAsBytes(newestFirst));
            saved = true;
        } catch (IOException | RuntimeException failure) {
            saved = false;
            if (before) {
                LOG.warn("Generation {} is not in {} ({}): the history in memory continues, and a restart forgets it",
                        lastNumber(), file, firstLine(failure));
            }
        }
    }

    private static String firstLine(Exception failure) {
        return failure.toString().lines().findFirst().orElse("");
    }
}
