package org.ccmessaging.filestream.reload;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.reload.TrialTask.Message;
import org.ccmessaging.filestream.reload.TrialTask.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.util.FileSystemUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The process of a trial, which runs command {@code routes trial}. It has a temporary folder, the place, with copies of
 * the files.
 */
public final class TrialProcess implements AutoCloseable {

    /** Maximum size of its heap, in MB. The service has 96, so tests with files of some MB have room. */
    public static final int HEAP_MB = 256;

    private static final Logger LOG = LoggerFactory.getLogger(TrialProcess.class);
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * The first compiler and the simplest collector start soonest. With the first compiler only, Java reserves 48 MB
     * for compiled code, which many tests fill, and then stops compiling: so it gets the usual 240 MB. A process that
     * is out of memory ends.
     */
    private static final List<String> OPTIONS = List.of("-Xmx" + HEAP_MB + "m", "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=240m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

    private static final String TEMPORARY = "tmp";
    private static final String ERRORS = "errors";

    /** Java encodes the names of files as these say. Other variables hold settings, secrets and options. */
    private static final Set<String> LANGUAGE = Set.of("LANG", "LC_ALL", "LC_CTYPE");

    private static final long LONGEST_END_SECONDS = 5;

    /** Exit statuses: of a Java VM with {@code ExitOnOutOfMemoryError}, and after SIGKILL. */
    private static final int OUT_OF_MEMORY = 3;
    private static final int KILLED = 128 + 9;

    /** Maximum length of the error output that a message shows. */
    private static final int MOST_BYTES = 2_000;

    /** Only the owner may enter it. */
    private final Path place;
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final Executor threads =
            new SimpleAsyncTaskExecutor(new CamelThreadFactory("#name#", "routes-trial", true));
    private volatile String stage = Status.TRYING;
    private Process process;

    TrialProcess(Path temporary) throws IOException {
        place = Files.createTempDirectory(temporary, "filestream-trial").toRealPath();
    }

    /**
     * Copies a set for the process.
     *
     * @param name of the copy, below the place
     * @throws IOException if there is no room for the copy
     */
    String copy(FolderContent set, String name) throws IOException {
        Path copy = place.resolve(name);
        Files.createDirectories(copy.resolve("tests"));
        for (Map<Path, byte[]> files : List.of(set.routes().contents(), set.tests())) {
            for (Map.Entry<Path, byte[]> file : files.entrySet()) {
                Files.write(copy.resolve(set.routes().folder().relativize(file.getKey())), file.getValue());
            }
        }
        return copy.toString();
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
        ProcessBuilder builder = new ProcessBuilder().redirectError(place.resolve(ERRORS).toFile());
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(path -> Path.of(path, "nice")).filter(Files::isExecutable).findFirst()
                .ifPresent(nice -> builder.command().addAll(List.of(nice.toString(), "-n", "5")));
        builder.command().addAll(java.unpacked(place).with(options, List.of("routes", "trial",
                Long.toString(ProcessHandle.current().pid()))));
        builder.environment().keySet().removeIf(name -> !LANGUAGE.contains(name) && !environment.contains(name));
        process = builder.start();
        threads.execute(this::read);
        try {
            // The kernel kills the process with the highest score first (proc(5)).
            Files.writeString(Path.of("/proc", Long.toString(process.pid()), "oom_score_adj"), "1000");
        } catch (IOException refused) {
            // Not all systems have or allow it, and memory is rarely that short.
        }
    }

    /** Sends a task. The process may read it late. */
    void send(TrialTask task) {
        stage = Status.TRYING;
        threads.execute(() -> {
            try {
                Writer input = process.outputWriter(StandardCharsets.UTF_8);
                input.write(JSON.writeValueAsString(task) + '\n');
                input.flush();
            } catch (IOException ended) {
                LOG.debug("The process of the trial ended before it read its task", ended);
            }
        });
    }

    /** Reads the messages of the process until it ends. */
    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                // Others are what the process has printed otherwise.
                if (line.startsWith("{\"stage\":")) {
                    Message message = JSON.readValue(line, Message.class);
                    stage = message.stage() == null ? stage : message.stage();
                    Optional.ofNullable(message.outcome()).ifPresent(outcomes::add);
                }
            }
        } catch (IOException | JacksonException killed) {
            LOG.debug("The process of the trial was killed", killed);
        }
        int status = process.onExit().join().exitValue();
        outcomes.add(Outcome.couldNotRun(status == OUT_OF_MEMORY
                ? "the tests took more than the " + HEAP_MB + " MB of memory that they have"
                : status == KILLED ? "the system ended the process, as it does where memory is short"
                : "exit status " + status + errors()));
    }

    private String errors() {
        try (InputStream errors = Files.newInputStream(place.resolve(ERRORS))) {
            String printed = new String(errors.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
            return printed.isEmpty() ? "" : ": " + printed.replace("\n", "; ");
        } catch (IOException removed) {
            return "";
        }
    }

    /** Returns whether the process has ended its first task and waits for another. */
    boolean isReady() {
        return process.isAlive() && !outcomes.isEmpty();
    }

    /** Returns the stage of the task in progress: how many tests have ended, or the rehearsal. */
    String stage() {
        return stage;
    }

    /** Waits for the next outcome. Returns {@code null} if the process sends none and does not end in time. */
    Outcome outcome(long millis) throws InterruptedException {
        return outcomes.poll(millis, TimeUnit.MILLISECONDS);
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
