package org.ccmessaging.filestream.dev;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.reload.LiveRoutes;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;

/**
 * The state of the last edit: its stage in the service, and then the tests of the folder, which run in another process
 * while the edit serves already. Their outcome is one line.
 */
final class DevEdits implements Supplier<String>, AutoCloseable {

    private static final Pattern COUNT = Pattern.compile("\\d+ of \\d+.*");
    private static final Pattern SUMMARY = Pattern.compile("(\\d+) tests, (\\d+) failed.* (\\S+ s)");

    private final LiveRoutes live;
    private final Path routes;
    private final PrintStream out;
    private int tested;
    private Process tests;
    private volatile String progress;

    DevEdits(LiveRoutes live, Path routes, PrintStream out) {
        this.live = live;
        this.routes = routes;
        this.out = out;
        this.tested = live.status().serving().number();
    }

    /** Returns {@code null} when nothing is in progress. */
    @Override
    public synchronized String get() {
        Status now = live.status();
        if (now.serving().number() != tested) {
            tested = now.serving().number();
            close();
            if (Files.isDirectory(routes.resolve("tests"))) {
                begin();
            }
        }
        return now.stage() != null ? "edit: " + now.stage() : progress;
    }

    private void begin() {
        progress = "tests: starting";
        try {
            Process started = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                    FileStreamApplication.class.getName(), "routes", "test", routes.toString())
                    .redirectErrorStream(true).start();
            tests = started;
            Thread reader = new Thread(() -> read(started), "tests-of-routes");
            reader.setDaemon(true);
            reader.start();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void read(Process started) {
        List<String> failed = new ArrayList<>();
        String last = "they could not run";
        try (BufferedReader lines = started.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (COUNT.matcher(line).matches()) {
                    progress = "tests: " + line;
                } else if (line.startsWith("FAILED  ")) {
                    failed.add(line.substring("FAILED  ".length()));
                }
                last = line.isEmpty() ? last : line;
            }
        } catch (IOException stopped) {
            // Another edit has ended them.
        }
        synchronized (this) {
            if (tests == started) {
                progress = null;
                Matcher summary = SUMMARY.matcher(last);
                out.println("tests: " + (!summary.matches() ? last : failed.isEmpty()
                        ? "all " + summary.group(1) + " passed (" + summary.group(3) + ")"
                        : summary.group(2) + " of " + summary.group(1) + " failed, such as \"" + failed.get(0)
                                + "\"; `routes test` shows how"));
            }
        }
    }

    @Override
    public synchronized void close() {
        if (tests != null) {
            tests.destroy();
            tests = null;
            progress = null;
        }
    }
}
