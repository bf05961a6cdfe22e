package org.ccmessaging.filestream.reload;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that cannot harm the service: it has a lower priority, Linux kills it before the service where memory is
 * short, and nothing of it is left when it is closed.
 */
final class ChildProcess implements AutoCloseable {

    private static final long LONGEST_END_SECONDS = 5;

    /** Java encodes the names of files as these say. Other variables hold settings, secrets and options. */
    private static final Set<String> LANGUAGE = Set.of("LANG", "LC_ALL", "LC_CTYPE");

    private final Process process;

    /**
     * @param exposed names of environment variables that the process gets, besides those of the language
     * @param output gets what the process prints
     */
    ChildProcess(List<String> command, Set<String> exposed, File output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(withLowerPriority(command)).redirectErrorStream(true)
                .redirectOutput(output);
        builder.environment().keySet().removeIf(name -> !LANGUAGE.contains(name) && !exposed.contains(name));
        process = builder.start();
        process.getOutputStream().close();
        offerToTheKernel();
    }

    private static List<String> withLowerPriority(List<String> command) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "nice")).filter(Files::isExecutable).findFirst()
                .map(nice -> Stream.concat(Stream.of(nice.toString(), "-n", "5"), command.stream()).toList())
                .orElse(command);
    }

    /** Where memory is short, the kernel kills the process with the highest score first (proc(5), oom_score_adj). */
    private void offerToTheKernel() {
        try {
            Files.writeString(Path.of("/proc", Long.toString(process.pid()), "oom_score_adj"), "1000");
        } catch (IOException refused) {
            // Not all systems have or allow it, and memory is rarely that short.
        }
    }

    /**
     * Waits for the end of the process.
     *
     * @return the exit status, 128 and the signal if a signal has ended the process; {@code null} if that takes longer
     *     than the limit
     */
    Integer await(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : null;
    }

    /** Kills the process and all that it has started. */
    @Override
    public void close() {
        List<ProcessHandle> descendants = process.descendants().toList();
        // The process first, so that it starts no other meanwhile.
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
