package org.ccmessaging.filestream.reload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.testing.RunSettings;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/**
 * Tries a checked set of route files before it is activated: runs the tests of the folder and the built-in smoke tests
 * in a separate process with its own environment. A test that fills the memory, does not end or looks for secrets then
 * harms no customer. Nothing of the process is left after the trial.
 */
@Component
class Trial {

    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The service runs in 96 MB of heap, so tests with files of some MB have room. The first compiler and the simplest
     * collector start soonest. With the first compiler only, Java reserves 48 MB for compiled code, which many tests
     * fill, and then stops compiling: so it gets the usual 240 MB. A process that is out of memory ends.
     */
    private static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=240m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

    /** Stage of a verdict on a set that could not be tried, through no fault of the set. */
    static final String UNTRIED = "untried";

    private static final String TEMPORARY = "tmp";
    private static final String STAGE = "try";

    /** Java encodes the names of files as these say. Other variables hold settings, secrets and options. */
    private static final Set<String> LANGUAGE = Set.of("LANG", "LC_ALL", "LC_CTYPE");

    /** Time between two checks whether the trial may continue. */
    private static final long TURN_MILLIS = 50;

    private static final long LONGEST_END_SECONDS = 5;

    /** Exit statuses: of the command, of a Java VM with {@code ExitOnOutOfMemoryError}, and after SIGKILL. */
    private static final int FAILED = 1;
    private static final int OUT_OF_MEMORY = 3;
    private static final int KILLED = 128 + 9;

    /** Maximum length of the output that a message shows. */
    private static final int MOST_BYTES = 2_000;

    private final RoutesSettings settings;
    private final JavaCommand java;
    private final Path temporary;
    private final Function<RouteFiles, Map<String, String>> service;

    @Autowired
    Trial(RunSettings settings) {
        this(settings.routes(), JavaCommand.ofThisProcess(), Path.of(System.getProperty("java.io.tmpdir")),
                settings::of);
    }

    /** @param service returns the settings of the service that a run with these files needs */
    Trial(RoutesSettings settings, JavaCommand java, Path temporary,
            Function<RouteFiles, Map<String, String>> service) {
        this.settings = settings;
        this.java = java;
        this.temporary = temporary;
        this.service = service;
    }

    /**
     * @param progress gets the current stage regularly, as {@link LiveRoutes.Status} names it; the process is killed if
     *     it throws an exception
     * @return stage {@link #UNTRIED} if the temporary folder has no room for the trial
     * @throws CancellationException if the thread was interrupted
     */
    Verdict run(FolderContent content, Consumer<String> progress) {
        Path folder = content.routes().folder();
        Map<Path, byte[]> tests = Boolean.FALSE.equals(settings.testsBeforeSwap()) ? Map.of() : content.tests();
        if (tests.isEmpty() && Boolean.TRUE.equals(settings.testsBeforeSwap())) {
            return new Verdict(STAGE, List.of(folder.resolve("tests") + ": there is no *.test.yaml, and"
                    + " filestream.routes.tests-before-swap is true"));
        }
        Path place = null;
        try {
            place = Files.createTempDirectory(temporary, "filestream-trial").toRealPath();
            Path copy = Files.createDirectory(place.resolve("routes"));
            Files.createDirectory(copy.resolve("tests"));
            Files.createDirectory(place.resolve(TEMPORARY));
            for (Map<Path, byte[]> files : List.of(content.routes().contents(), tests)) {
                for (Map.Entry<Path, byte[]> file : files.entrySet()) {
                    Files.write(copy.resolve(folder.relativize(file.getKey())), file.getValue());
                }
            }
            // Only the owner may enter the place.
            JSON.writeValue(place.resolve("settings.json").toFile(), service.apply(content.routes()));
            List<String> failures = run(place, content.routes().sha256(), progress);
            return new Verdict(failures.isEmpty() ? null : STAGE, failures.stream().map(line -> line.replace(copy + "/",
                    folder.toString().isEmpty() ? "" : folder + "/").replace(copy.toString(), folder.toString()))
                    .toList());
        } catch (IOException failure) {
            return untried("the trial cannot write in the temporary folder " + temporary + " ("
                    + (failure instanceof FileSystemException file ? FolderContent.reason(file) : failure.getMessage())
                    + "). Make room for it there, or start the service with another folder:"
                    + " java -Djava.io.tmpdir=<folder>");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } finally {
            if (place != null && !FileSystemUtils.deleteRecursively(place.toFile())) {
                LOG.warn("{} cannot be removed and stays", place);
            }
        }
    }

    static Verdict untried(String reason) {
        return new Verdict(UNTRIED, List.of(reason));
    }

    /** Returns the failures, a line each. */
    private List<String> run(Path place, String sha256, Consumer<String> progress) throws InterruptedException {
        List<String> options = new ArrayList<>(OPTIONS);
        // Files that a killed process leaves are removed with the place.
        options.add("-Djava.io.tmpdir=" + place.resolve(TEMPORARY));
        List<String> command = java.unpacked(place).with(options, List.of("routes", "trial", place.toString(),
                Long.toString(ProcessHandle.current().pid())));
        Process process = null;
        try {
            process = start(command, place.resolve("output"));
            long end = System.nanoTime() + settings.testsTimeout().toNanos();
            while (System.nanoTime() - end < 0) {
                boolean ended = process.waitFor(TURN_MILLIS, TimeUnit.MILLISECONDS);
                progress.accept(stage(place.resolve("progress")));
                if (ended) {
                    return failures(process.exitValue(), place, sha256);
                }
            }
            return couldNotRun("the tests took longer than filestream.routes.tests-timeout ("
                    + settings.testsTimeout().toString().substring(2).toLowerCase(Locale.ROOT) + ")");
        } catch (IOException failure) {
            return couldNotRun(failure.getMessage());
        } finally {
            kill(process);
        }
    }

    /** Starts a process that has a lower priority, and that Linux kills before the service where memory is short. */
    private Process start(List<String> command, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder().redirectErrorStream(true).redirectOutput(output.toFile());
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "nice")).filter(Files::isExecutable).findFirst()
                .ifPresent(nice -> builder.command().addAll(List.of(nice.toString(), "-n", "5")));
        builder.command().addAll(command);
        builder.environment().keySet().removeIf(name -> !LANGUAGE.contains(name) && !settings.expose().contains(name));
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            // The kernel kills the process with the highest score first (proc(5)).
            Files.writeString(Path.of("/proc", Long.toString(process.pid()), "oom_score_adj"), "1000");
        } catch (IOException refused) {
            // Not all systems have or allow it, and memory is rarely that short.
        }
        return process;
    }

    /** Kills the process and all that it has started. */
    private static void kill(Process process) {
        if (process != null) {
            List<ProcessHandle> descendants = process.descendants().toList();
            // The process first, so that it starts no other meanwhile.
            process.destroyForcibly();
            descendants.forEach(ProcessHandle::destroyForcibly);
            process.onExit().completeOnTimeout(process, LONGEST_END_SECONDS, TimeUnit.SECONDS).join();
        }
    }

    /** Returns the last stage that the process has reported: how many tests have ended. */
    private static String stage(Path progress) throws IOException {
        return Files.notExists(progress) ? Status.TRYING : Files.readAllLines(progress).stream()
                .filter(line -> line.matches(Status.TRYING + " \\d+ of \\d+"))
                .reduce(Status.TRYING, (last, next) -> next);
    }

    /** @param sha256 of the files that the process had to try, and whose hash it hands over with their failures */
    private static List<String> failures(int status, Path place, String sha256) throws IOException {
        Path file = place.resolve("outcome.json");
        if (status <= FAILED && Files.exists(file)) {
            JsonNode tried = JSON.readTree(file.toFile()).path(sha256);
            return tried.isMissingNode() ? couldNotRun("other files were tried")
                    : JSON.readerForListOf(String.class).readValue(tried);
        }
        return couldNotRun(switch (status) {
            case OUT_OF_MEMORY -> "the tests took more than the 256 MB of memory that they have";
            case KILLED -> "the system ended the process, as it does where memory is short";
            default -> {
                try (InputStream output = Files.newInputStream(place.resolve("output"))) {
                    String printed = new String(output.readNBytes(MOST_BYTES), StandardCharsets.UTF_8).strip();
                    yield "exit status " + status + (printed.isEmpty() ? "" : ": " + printed.replace("\n", "; "));
                }
            }
        });
    }

    private static List<String> couldNotRun(String reason) {
        return List.of("could not run: " + reason);
    }
}
