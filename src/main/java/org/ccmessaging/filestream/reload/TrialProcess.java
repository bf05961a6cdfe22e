package org.ccmessaging.filestream.reload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.testing.Rehearsal.Replayed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * The process of a trial. It has a temporary folder, the place, in which the service leaves it the set, and from which
 * the service reads its progress and its outcome. Command {@code routes trial} is its other side.
 */
public final class TrialProcess implements AutoCloseable {

    /** Maximum size of its heap, in MB. The service has 96, so tests with files of some MB have room. */
    public static final int HEAP_MB = 256;

    private static final Logger LOG = LoggerFactory.getLogger(TrialProcess.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The first compiler and the simplest collector start soonest. With the first compiler only, Java reserves 48 MB
     * for compiled code, which many tests fill, and then stops compiling: so it gets the usual 240 MB. A process that
     * is out of memory ends.
     */
    private static final List<String> OPTIONS = List.of("-Xmx" + HEAP_MB + "m", "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=240m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

    private static final String TEMPORARY = "tmp";
    private static final String SETTINGS = "settings.json";

    /** Java encodes the names of files as these say. Other variables hold settings, secrets and options. */
    private static final Set<String> LANGUAGE = Set.of("LANG", "LC_ALL", "LC_CTYPE");

    private static final long LONGEST_END_SECONDS = 5;

    /** Exit statuses: of the command, of a Java VM with {@code ExitOnOutOfMemoryError}, and after SIGKILL. */
    private static final int FAILED = 1;
    private static final int OUT_OF_MEMORY = 3;
    private static final int KILLED = 128 + 9;

    /** Maximum length of the output that a message shows. */
    private static final int MOST_BYTES = 2_000;

    /** Only the owner may enter it. */
    private final Path place;
    private Path folder;
    private Process process;

    TrialProcess(Path temporary) throws IOException {
        place = Files.createTempDirectory(temporary, "filestream-trial").toRealPath();
    }

    /** Leaves the set to try. A process that waits begins. */
    void give(FolderContent set, Map<String, String> settings) throws IOException {
        folder = set.routes().folder();
        write(set, settings, place);
    }

    /** Leaves the active set. The process runs its tests, which load classes, and then waits for the set to try. */
    void giveActive(FolderContent set, Map<String, String> settings) throws IOException {
        write(set, settings, Files.createDirectory(place.resolve("active")));
    }

    /** Leaves the active set, with which the one to try is compared. Then {@link #send} must send requests. */
    void giveBefore(RouteFiles active, Map<String, String> settings) throws IOException {
        write(new FolderContent(active, Collections.emptySortedMap()), settings, place.resolve("before"));
    }

    /** Sends requests of customers by a pipe, so that they are in no file. The process may read them late. */
    void send(List<Seen> requests) {
        Thread sender = new Thread(() -> {
            try (OutputStream input = process.getOutputStream()) {
                if (!requests.isEmpty()) {
                    JSON.writeValue(input, requests);
                }
            } catch (IOException ended) {
                LOG.debug("The process of the trial ended before it read the requests", ended);
            }
        }, "routes-rehearsal");
        sender.setDaemon(true);
        sender.start();
    }

    /** Returns what the ended process, all of whose tests passed, found with the requests. */
    Replayed replayed() throws IOException {
        Path file = place.resolve("rehearsal.json");
        return Files.exists(file) ? JSON.readValue(file.toFile(), Replayed.class)
                : new Replayed(0, 0, List.of(), "the process left no result");
    }

    private static void write(FolderContent set, Map<String, String> settings, Path to) throws IOException {
        Path copy = to.resolve("routes");
        Files.createDirectories(copy.resolve("tests"));
        for (Map<Path, byte[]> files : List.of(set.routes().contents(), set.tests())) {
            for (Map.Entry<Path, byte[]> file : files.entrySet()) {
                Files.write(copy.resolve(set.routes().folder().relativize(file.getKey())), file.getValue());
            }
        }
        // Last and at once, because the process begins when it sees them.
        Path complete = Files.write(to.resolve("settings"), JSON.writeValueAsBytes(settings));
        Files.move(complete, to.resolve(SETTINGS), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Starts the process, unless it has waited. It has a lower priority, and Linux kills it before the service where
     * memory is short.
     *
     * @param environment the variables that it gets of the service
     */
    void start(JavaCommand java, Set<String> environment) throws IOException {
        if (process != null) {
            return;
        }
        List<String> options = new ArrayList<>(OPTIONS);
        // Files that a killed process leaves are removed with the place.
        options.add("-Djava.io.tmpdir=" + Files.createDirectory(place.resolve(TEMPORARY)));
        ProcessBuilder builder = new ProcessBuilder().redirectErrorStream(true)
                .redirectOutput(place.resolve("output").toFile());
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(path -> Path.of(path, "nice")).filter(Files::isExecutable).findFirst()
                .ifPresent(nice -> builder.command().addAll(List.of(nice.toString(), "-n", "5")));
        builder.command().addAll(java.unpacked(place).with(options, List.of("routes", "trial", place.toString(),
                Long.toString(ProcessHandle.current().pid()))));
        builder.environment().keySet().removeIf(name -> !LANGUAGE.contains(name) && !environment.contains(name));
        process = builder.start();
        try {
            // The kernel kills the process with the highest score first (proc(5)).
            Files.writeString(Path.of("/proc", Long.toString(process.pid()), "oom_score_adj"), "1000");
        } catch (IOException refused) {
            // Not all systems have or allow it, and memory is rarely that short.
        }
    }

    /** Returns whether the process waits for the set to try. */
    boolean isReady() {
        return process.isAlive() && Files.exists(place.resolve("ready"));
    }

    boolean awaitEnd(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** Returns the last stage that the process has reported: how many tests have ended. */
    String stage() throws IOException {
        Path progress = place.resolve("progress");
        return Files.notExists(progress) ? Status.TRYING : Files.readAllLines(progress).stream()
                .filter(line -> line.matches(Status.TRYING + " \\d+ of \\d+"))
                .reduce(Status.TRYING, (last, next) -> next);
    }

    /**
     * Returns the failures of the ended process, a line each.
     *
     * @param tried the files whose hash the process must hand over with their failures
     */
    List<String> failures(RouteFiles tried) throws IOException {
        int status = process.exitValue();
        Path file = place.resolve("outcome.json");
        if (status <= FAILED && Files.exists(file)) {
            JsonNode outcome = JSON.readTree(file.toFile()).path(tried.sha256());
            return outcome.isMissingNode() ? couldNotRun("other files were tried")
                    : JSON.readerForListOf(String.class).<List<String>>readValue(outcome).stream()
                            .map(this::inFolder).toList();
        }
        return couldNotRun(switch (status) {
            case OUT_OF_MEMORY -> "the tests took more than the " + HEAP_MB + " MB of memory that they have";
            case KILLED -> "the system ended the process, as it does where memory is short";
            default -> {
                try (InputStream output = Files.newInputStream(place.resolve("output"))) {
                    String printed = new String(output.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
                    yield "exit status " + status
                            + (printed.isEmpty() ? "" : ": " + inFolder(printed.replace("\n", "; ")));
                }
            }
        });
    }

    /** Names the folder that people know in place of its copy. */
    private String inFolder(String line) {
        String copy = place.resolve("routes").toString();
        return line.replace(copy + "/", folder.toString().isEmpty() ? "" : folder + "/")
                .replace(copy, folder.toString());
    }

    static List<String> couldNotRun(String reason) {
        return List.of("could not run: " + reason);
    }

    /** Kills the process and all that it has started, and removes the place. */
    @Override
    public void close() {
        if (process != null) {
            List<ProcessHandle> descendants = process.descendants().toList();
            // The process first, so that it starts no other meanwhile.
            process.destroyForcibly();
            descendants.forEach(ProcessHandle::destroyForcibly);
            process.onExit().completeOnTimeout(process, LONGEST_END_SECONDS, TimeUnit.SECONDS).join();
        }
        if (!FileSystemUtils.deleteRecursively(place.toFile())) {
            LOG.warn("{} cannot be removed and stays", place);
        }
    }
}
