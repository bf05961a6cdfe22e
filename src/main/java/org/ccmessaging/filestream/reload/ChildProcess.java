package org.ccmessaging.filestream.reload;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that may do anything but harm the service: it has a lower priority, Linux ends it before the service where
 * memory is short, and nothing of it is left when it is closed.
 */
final class ChildProcess implements AutoCloseable {

    /** What it prints beyond that is read and forgotten. */
    private static final int MOST_LINES = 20;
    private static final int LONGEST_LINE = 2_000;

    private static final long LONGEST_END_SECONDS = 5;

    /** How Java spells the names of files. The rest of the environment holds settings, secrets and options. */
    private static final Set<String> LANGUAGE = Set.of("LANG", "LC_ALL", "LC_CTYPE");

    /** The kernel takes the process with the highest score first (proc(5), oom_score_adj). */
    private static final String FIRST_TO_GO = "1000";

    private final Process process;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();

    /**
     * What came of it.
     *
     * @param status its exit status; 128 and the signal if one has ended it
     * @param lines what it printed
     */
    record Ended(int status, List<String> lines) {
    }

    /**
     * Starts it.
     *
     * @param variables its environment variables besides those of the language
     * @throws IOException if it cannot be started
     */
    ChildProcess(List<String> command, Map<String, String> variables) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(withLowerPriority(command)).redirectErrorStream(true);
        builder.environment().keySet().retainAll(LANGUAGE);
        builder.environment().putAll(variables);
        process = builder.start();
        process.getOutputStream().close();
        offerToTheKernel();
        reader = new Thread(this::read, "output-of-child");
        reader.setDaemon(true);
        reader.start();
    }

    private static List<String> withLowerPriority(List<String> command) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "nice")).filter(Files::isExecutable).findFirst()
                .map(nice -> Stream.concat(Stream.of(nice.toString(), "-n", "5"), command.stream()).toList())
                .orElse(command);
    }

    private void offerToTheKernel() {
        try {
            Path score = Path.of("/proc", Long.toString(process.pid()), "oom_score_adj");
            if (Files.exists(score)) {
                Files.writeString(score, FIRST_TO_GO);
            }
        } catch (IOException refused) {
            // Not all systems allow it, and what it prevents is rare.
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (lines) {
                    if (lines.size() < MOST_LINES) {
                        lines.add(line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line);
                    }
                }
            }
        } catch (IOException closed) {
            // It has ended.
        }
    }

    /**
     * Waits until it has ended.
     *
     * @return {@code null} if it takes longer than the limit
     */
    Ended await(Duration limit) throws InterruptedException {
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            return null;
        }
        reader.join(TimeUnit.SECONDS.toMillis(LONGEST_END_SECONDS));
        synchronized (lines) {
            return new Ended(process.exitValue(), List.copyOf(lines));
        }
    }

    /** Kills it, and all that it has started. */
    @Override
    public void close() {
        List<ProcessHandle> descendants = process.descendants().toList();
        // First, so that it starts no other meanwhile.
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor(LONGEST_END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
