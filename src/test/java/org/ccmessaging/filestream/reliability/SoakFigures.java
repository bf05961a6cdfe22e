package org.ccmessaging.filestream.reliability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a soak has counted: a table in {@code target/soak.md}, and the first examples of what must not happen. */
final class SoakFigures {

    private static final Path FILE = Path.of("target", "soak.md");

    private final String title;
    private final Map<String, AtomicLong> counts = new ConcurrentSkipListMap<>();
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> millis = Collections.synchronizedList(new ArrayList<>());

    SoakFigures(String title) {
        this.title = title;
    }

    void count(String what) {
        counts.computeIfAbsent(what, name -> new AtomicLong()).incrementAndGet();
    }

    void put(String what, long value) {
        counts.put(what, new AtomicLong(value));
    }

    /** Keeps the longest time since a point of {@link System#nanoTime()}. */
    void longest(String what, long since) {
        long ms = (System.nanoTime() - since) / 1_000_000;
        counts.computeIfAbsent(what, name -> new AtomicLong()).accumulateAndGet(ms, Math::max);
    }

    long get(String what) {
        AtomicLong count = counts.get(what);
        return count == null ? 0 : count.get();
    }

    void took(long ms) {
        millis.add(ms);
    }

    /** Counts what must not happen. */
    void wrong(String what, String example) {
        count("WRONG: " + what);
        if (wrong.size() < 20) {
            wrong.add(what + ": " + example);
        }
    }

    /** What must not happen and has. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** Prints the table and appends it to the file. */
    void write() throws IOException {
        StringBuilder table = new StringBuilder("\n## ").append(title).append("\n\n| figure | value |\n|---|---|\n");
        table.append("| machine | ").append(Runtime.getRuntime().availableProcessors()).append(" processors, ")
                .append(processor()).append(", Java ").append(System.getProperty("java.version")).append(" |\n");
        counts.forEach((what, count) -> table.append("| ").append(what).append(" | ").append(count).append(" |\n"));
        List<Long> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        if (!sorted.isEmpty()) {
            for (int percent : new int[] {50, 99, 100}) {
                table.append("| ms from request to last byte, ").append(percent == 100 ? "longest" : "p" + percent)
                        .append(" | ").append(sorted.get((sorted.size() - 1) * percent / 100)).append(" |\n");
            }
        }
        System.out.print(table);
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, table, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        return !Files.exists(info) ? System.getProperty("os.arch") : Files.readAllLines(info).stream()
                .filter(line -> line.startsWith("model name")).map(line -> line.replaceFirst(".*: ", ""))
                .findFirst().orElse(System.getProperty("os.arch"));
    }
}
