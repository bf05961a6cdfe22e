package org.ccmessaging.filestream.dev;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.LiveRoutes;

/**
 * Reports edits in development mode, and runs the tests of the folder in another process while the edit serves already.
 * Prints one line if they passed, and otherwise the first failures as {@code routes test} does.
 */
final class DevEdits implements AutoCloseable {

    private static final Pattern SUMMARY = Pattern.compile("(\\d+) tests, (\\d+) failed.* (\\S+ s)");
    private static final String FAILED = "FAILED  ";
    private static final int MOST_FAILURES = 3;
    private static final int SHORT = 12;
    private static final int LOOK_MILLIS = 100;

    private static final File SETTINGS = new File("config/application.yaml");

    private final long settingsOfStartup = SETTINGS.lastModified();
    private final LiveRoutes live;
    private final Path routes;
    private final PrintStream out;
    private String tested;
    private Process tests;

    DevEdits(LiveRoutes live, Path routes, PrintStream out) {
        this.live = live;
        this.routes = routes;
        this.out = out;
        this.tested = live.state().sha256();
    }

    /** Looks for edits until the process ends. */
    void watch() {
        Thread watcher = new Thread(() -> {
            while (true) {
                look();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
            }
        }, "edits-of-routes");
        watcher.setDaemon(true);
        watcher.start();
    }

    private synchronized void look() {
        String active = live.state().sha256();
        if (!active.equals(tested)) {
            tested = active;
            close();
            out.println("routes: loaded (sha256 " + active.substring(0, SHORT) + "…)");
            if (Files.isDirectory(routes.resolve("tests"))) {
                begin();
            }
        }
    }

    private void begin() {
        out.println("tests: running");
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
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = started.inputReader(StandardCharsets.UTF_8)) {
            output.lines().filter(line -> !line.isEmpty()).forEach(lines::add);
        } catch (IOException | UncheckedIOException stopped) {
            // Another edit has ended them.
        }
        synchronized (this) {
            if (tests == started) {
                outcome(lines, SETTINGS.lastModified() != settingsOfStartup).forEach(out::println);
            }
        }
    }

    /**
     * @param lines what {@code routes test} printed
     * @param changed whether the tests read other settings than this process did at its startup
     */
    static List<String> outcome(List<String> lines, boolean changed) {
        Matcher summary = SUMMARY.matcher(lines.isEmpty() ? "" : lines.get(lines.size() - 1));
        if (!summary.matches()) {
            return Stream.concat(Stream.of("tests: they could not run"), lines.stream()).toList();
        } else if (summary.group(2).equals("0")) {
            return List.of("tests: all " + summary.group(1) + " passed (" + summary.group(3) + ")"
                    + (changed ? " with the new settings; restart, because settings are read at startup" : ""));
        }
        List<String> outcome = new ArrayList<>();
        int failures = 0;
        for (String line : lines.subList(0, lines.size() - 1)) {
            failures += line.startsWith(FAILED) ? 1 : 0;
            if (failures > 0 && failures <= MOST_FAILURES) {
                outcome.add(line);
            }
        }
        outcome.add("tests: " + summary.group(2) + " of " + summary.group(1) + " failed"
                + (failures > MOST_FAILURES ? "; `routes test` shows all" : ""));
        return outcome;
    }

    @Override
    public synchronized void close() {
        if (tests != null) {
            tests.destroy();
            tests = null;
        }
    }
}
