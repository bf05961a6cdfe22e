package org.ccmessaging.filestream.reload;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.testing.RunSettings;
import org.ccmessaging.filestream.routes.testing.Verdict;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Checks and tries a set of route files before it serves: {@code routes check}, the tests of the folder, and the
 * built-in smoke tests. They run in a process of its own with an environment of its own, because authors write routes
 * and tests. A set that fills the memory, does not end or looks for secrets must harm no customer.
 */
@Component
@ConditionalOnWebApplication
class Trial implements AutoCloseable {

    /** The lines that say why nothing was tried begin so. */
    static final String COULD_NOT_RUN = "could not run: ";

    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);

    /**
     * The service runs in 96 MB of heap, so tests with files of some MB have room, and so has the check of a set of the
     * largest size. The first compiler and the simplest collector start soonest, and a process that is out of memory
     * ends.
     */
    private static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError");

    private static final String TEMPORARY = "tmp";
    private static final String STAGE = "try";

    private static final int PASSED = 0;
    private static final int FAILED = 1;

    /** Of a Java VM with {@code ExitOnOutOfMemoryError}. */
    private static final int OUT_OF_MEMORY = 3;

    private static final int KILLED = 128 + 9;

    private final Boolean testsBeforeSwap;
    private final Duration limit;
    private final JavaCommand java;
    private final Path temporary;
    private final Map<String, String> variables;
    private final Function<RouteFiles, RunSettings> service;
    private ChildProcess running;
    private boolean closed;

    /** @param application has the settings of the service */
    @Autowired
    Trial(RoutesSettings settings, ApplicationContext application) {
        this(settings.testsBeforeSwap(), settings.testsTimeout(), JavaCommand.ofThisProcess(),
                Path.of(System.getProperty("java.io.tmpdir")), settings.expose(),
                files -> RunSettings.of(application, files));
    }

    /**
     * @param temporary takes a folder for each trial, which is removed afterwards
     * @param exposed the environment variables that routes may read
     * @param service the settings of the service that a set needs
     */
    Trial(Boolean testsBeforeSwap, Duration limit, JavaCommand java, Path temporary, Set<String> exposed,
            Function<RouteFiles, RunSettings> service) {
        this.testsBeforeSwap = testsBeforeSwap;
        this.limit = limit;
        this.java = java;
        this.temporary = temporary;
        this.variables = new HashMap<>(System.getenv());
        this.variables.keySet().retainAll(exposed);
        this.service = service;
    }

    /**
     * Tries a set. The tests are those in the folder now.
     *
     * @return what is wrong. An error that begins with {@value #COULD_NOT_RUN} says why nothing is known of the set
     * @throws NotTriedException if the temporary folder does not take it
     */
    Verdict run(RouteFiles files) {
        Path place = null;
        try {
            Map<Path, byte[]> tests = Boolean.FALSE.equals(testsBeforeSwap) ? Map.of()
                    : FolderContent.readTests(files.folder());
            if (tests.isEmpty() && Boolean.TRUE.equals(testsBeforeSwap)) {
                return Verdict.bad(STAGE, List.of(files.folder().resolve("tests") + ": there is no *.test.yaml, and"
                        + " filestream.routes.tests-before-swap is true"));
            }
            place = place();
            Path copy = write(files, tests, place);
            Verdict verdict = run(place);
            return verdict.with(line -> line.replace(copy + "/",
                    files.folder().toString().isEmpty() ? "" : files.folder() + "/").replace(copy.toString(),
                    files.folder().toString()));
        } catch (UncheckedIOException unreadable) {
            return couldNotRun(unreadable.getMessage() + " (" + FolderContent.reason(files.folder(), unreadable) + ")");
        } catch (IOException failure) {
            return couldNotRun(failure.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return couldNotRun("the service stops");
        } finally {
            remove(place);
        }
    }

    private Path place() {
        try {
            return Files.createTempDirectory(temporary, "filestream-trial").toRealPath();
        } catch (IOException failure) {
            throw new NotTriedException(temporary, failure);
        }
    }

    /** Writes the copy that is tried, and an empty temporary folder for the process. */
    private Path write(RouteFiles files, Map<Path, byte[]> tests, Path place) {
        try {
            Path copy = Files.createDirectory(place.resolve("routes"));
            write(files.contents(), copy);
            if (!tests.isEmpty()) {
                write(tests, Files.createDirectory(copy.resolve("tests")));
            }
            Files.createDirectory(place.resolve(TEMPORARY));
            // Only the owner may enter the place.
            Files.write(place.resolve("settings.json"), new ObjectMapper().writeValueAsBytes(service.apply(files)));
            return copy;
        } catch (IOException failure) {
            throw new NotTriedException(temporary, failure);
        }
    }

    private Verdict run(Path place) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(OPTIONS);
        // What a killed process leaves goes with the place.
        options.add("-Djava.io.tmpdir=" + place.resolve(TEMPORARY));
        ChildProcess child = start(java.with(options, List.of("routes", "trial", place.toString(),
                Long.toString(ProcessHandle.current().pid()))));
        if (child == null) {
            return couldNotRun("the service stops");
        }
        try (child) {
            return outcome(child.await(limit), place.resolve("verdict.json"));
        } finally {
            setRunning(null);
        }
    }

    private synchronized ChildProcess start(List<String> command) throws IOException {
        if (!closed) {
            running = new ChildProcess(command, variables);
        }
        return running;
    }

    private synchronized void setRunning(ChildProcess child) {
        running = child;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private static void write(Map<Path, byte[]> files, Path folder) throws IOException {
        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey().getFileName().toString()), file.getValue());
        }
    }

    private Verdict outcome(ChildProcess.Ended ended, Path verdict) throws IOException {
        if (isClosed()) {
            return couldNotRun("the service stops");
        }
        if (ended == null) {
            return couldNotRun("the tests took longer than filestream.routes.tests-timeout ("
                    + limit.toString().substring(2).toLowerCase(Locale.ROOT) + ")");
        }
        if ((ended.status() == PASSED || ended.status() == FAILED) && Files.exists(verdict)) {
            return Verdict.read(verdict);
        }
        List<String> errors = ended.lines();
        return couldNotRun(switch (ended.status()) {
            case OUT_OF_MEMORY -> "the check and the tests took more than the 256 MB of memory that they have";
            case KILLED -> "the system ended the process, as it does where memory is short";
            default -> "exit status " + ended.status() + (errors.isEmpty() ? "" : ": " + String.join("; ", errors));
        });
    }

    private static Verdict couldNotRun(String reason) {
        return Verdict.bad(STAGE, List.of(COULD_NOT_RUN + reason));
    }

    private static void remove(Path place) {
        try {
            FileSystemUtils.deleteRecursively(place);
        } catch (IOException failure) {
            LOG.warn("{} is left, since it cannot be removed: {}", place, failure.toString());
        }
    }

    /** Kills what runs, for the end of the service. Nothing is tried afterwards. */
    @Override
    public void close() {
        ChildProcess child;
        synchronized (this) {
            closed = true;
            child = running;
        }
        if (child != null) {
            child.close();
        }
    }
}
