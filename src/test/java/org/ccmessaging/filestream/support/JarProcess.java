package org.ccmessaging.filestream.support;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The packaged jar as a process of its own, in 96 MB of heap, configured through the environment alone. What it prints
 * goes to a file beside that of system property {@code test.log}.
 */
public final class JarProcess implements Service {

    /** The value of a setting that stays as the jar has it, where tests would change it. */
    public static final String AS_SHIPPED = "(as shipped)";

    /** The setting that becomes {@code JDK_JAVA_OPTIONS}, which the {@code java} command reads. */
    public static final String JAVA_OPTIONS = "jdk.java.options";

    /** The setting that holds commands of {@code bash}, which run before the jar and in its process. */
    public static final String HOST = "host";

    /** More than a slow machine needs for a start. Only a service that hangs takes so long. */
    private static final long LONGEST_START_SECONDS = 300;

    /** More than the longest delay of a shutdown and the downloads that it waits for. */
    private static final long LONGEST_STOP_SECONDS = 120;

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    private final Process process;
    private final Path log;
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final List<Integer> ports = new ArrayList<>();
    private final CountDownLatch readyOrEnded = new CountDownLatch(1);

    private JarProcess(Process process, Path log, List<Integer> fixedPorts) {
        this.process = process;
        this.log = log;
        this.ports.addAll(fixedPorts);
        Thread reader = new Thread(this::read, "jar-output");
        reader.setDaemon(true);
        reader.start();
    }

    public static JarProcess start(Map<String, Object> settings) {
        return start(settings, Path.of(""));
    }

    public static JarProcess start(Map<String, Object> settings, Path folder) {
        Map<String, Object> all = Service.complete(settings);
        // A start then takes two thirds of the CPU, and most processes of tests do little after their start.
        all.putIfAbsent(JAVA_OPTIONS, "-XX:TieredStopAtLevel=1");
        return launch(all, folder).started();
    }

    /** Starts the service by a command of its own, with free ports, and waits until it serves. */
    public static JarProcess start(ProcessBuilder command) throws IOException {
        command.redirectErrorStream(true).environment().putAll(Map.of(
                "SERVER_PORT", "0", "MANAGEMENT_SERVER_PORT", "0", "LANG", "C.UTF-8"));
        return new JarProcess(command.start(), newLog(), List.of()).started();
    }

    private JarProcess started() {
        awaitReadyOrEnd();
        if (!process.isAlive()) {
            throw new AssertionError("The jar did not start (" + log + "):\n" + output());
        }
        return this;
    }

    /** Starts it in any folder, and does not wait. */
    public static JarProcess launch(Map<String, Object> settings, Path folder) {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c",
                settings.getOrDefault(HOST, "") + " exec \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // On one processor, Java's default is a collector that reports a smaller maximum of the heap.
                "-Xmx96m", "-XX:+UseG1GC",
                "-jar", Path.of(System.getProperty("packaged.jar")).toAbsolutePath().toString())
                .directory(folder.toAbsolutePath().toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment(settings));
        try {
            return new JarProcess(builder.start(), newLog(), fixedPorts(settings));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Those that need not be read from what the process prints. */
    private static List<Integer> fixedPorts(Map<String, Object> settings) {
        return Stream.of("server.port", "management.server.port").map(settings::get)
                .filter(port -> port != null && !port.equals(0)).map(Integer.class::cast).toList();
    }

    private static Path newLog() throws IOException {
        Path folder = Files.createDirectories(Path.of(System.getProperty("test.log")).getParent());
        return Files.createTempFile(folder, "jar-", ".log");
    }

    /** An environment variable cannot spell the name of an app, which is a key. Other settings have one each. */
    private static Map<String, String> environment(Map<String, Object> settings) {
        Map<String, String> environment = new HashMap<>();
        Map<String, Object> apps = new HashMap<>();
        settings.forEach((key, value) -> {
            if (key.startsWith("filestream.auth.apps.")) {
                apps.put(key, value);
            } else if (!key.equals(HOST)) {
                String name = key.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
                environment.put(name, value.toString());
            }
        });
        environment.put("SPRING_APPLICATION_JSON", new ObjectMapper().valueToTree(apps).toString());
        environment.put("LANG", "C.UTF-8");
        // Tests read the lines that people read, unless they set the format.
        environment.putIfAbsent("LOGGING_STRUCTURED_FORMAT_CONSOLE", "");
        environment.values().removeIf(AS_SHIPPED::equals);
        return environment;
    }

    private void read() {
        try (BufferedReader lines = process.inputReader();
                PrintWriter copy = new PrintWriter(Files.newBufferedWriter(log), true)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                copy.println(line);
                Matcher port = PORT.matcher(line);
                if (port.find()) {
                    ports.add(Integer.parseInt(port.group(1)));
                }
                if (line.contains("Started FileStreamApplication")) {
                    readyOrEnded.countDown();
                }
            }
        } catch (IOException end) {
            output.add(end.toString());
        }
        readyOrEnded.countDown();
    }

    private void awaitReadyOrEnd() {
        try {
            if (!readyOrEnded.await(LONGEST_START_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(
                        "The jar is not ready after " + LONGEST_START_SECONDS + " s (" + log + "):\n" + output());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stop);
        }
    }

    public int exitCode() {
        awaitReadyOrEnd();
        awaitEnd(process);
        return process.exitValue();
    }

    /** Waits until a Java process has ended. If it does not, kills it and fails with the stacks of its threads. */
    public static void awaitEnd(Process process) {
        try {
            if (!process.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
                String stacks = stacks(process);
                process.destroyForcibly();
                throw new AssertionError(
                        "The process does not end in " + LONGEST_STOP_SECONDS + " s. Its threads:\n" + stacks);
            }
        } catch (IOException | InterruptedException failed) {
            process.destroyForcibly();
            throw new AssertionError(failed);
        }
    }

    /** Returns all that a Java process prints until it ends, as {@link #awaitEnd} awaits it. */
    public static String output(Process process) {
        CompletableFuture<byte[]> printed = CompletableFuture.supplyAsync(() -> {
            try {
                return process.getInputStream().readAllBytes();
            } catch (IOException killed) {
                throw new UncheckedIOException(killed);
            }
        });
        awaitEnd(process);
        return new String(printed.join(), StandardCharsets.UTF_8);
    }

    private static String stacks(Process process) throws IOException, InterruptedException {
        Path file = Files.createTempFile("stacks", ".txt");
        try {
            new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                    Long.toString(process.pid()), "Thread.print").redirectErrorStream(true)
                    .redirectOutput(file.toFile()).start().waitFor(10, TimeUnit.SECONDS);
            return Files.readString(file);
        } finally {
            Files.delete(file);
        }
    }

    public long pid() {
        return process.pid();
    }

    public String output() {
        return String.join("\n", output);
    }

    @Override
    public Api api() {
        return Api.described(URI.create("http://localhost:" + ports.get(0)));
    }

    @Override
    public Api management() {
        return new Api(URI.create("http://localhost:" + ports.get(1)));
    }

    @Override
    public <T> T bean(Class<T> type) {
        throw new UnsupportedOperationException("a process of its own");
    }

    /** Ends it as {@code kill -9} does, and waits until it has ended. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(process);
    }

    /** Ends it as an operator would, and waits until it has ended. */
    @Override
    public void close() {
        // Process.destroy() would close the pipe of its output too, and the lines of its stop would be lost.
        process.toHandle().destroy();
        awaitEnd(process);
    }
}
