package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The samples of a service over some minutes, as Prometheus would scrape them, and the alerts of the shipped rules at
 * some of these minutes. A real service exported the samples at the moments of a scenario; only the time between the
 * moments is artificial. {@code promtool} evaluates the rules.
 */
final class AlertTimeline {

    static final Path RULES = Path.of("deploy/helm/ccmessaging-filestream/files/alerts.yaml");

    private static final String TARGET = "job=\"ccmessaging-filestream\",instance=\"filestream:9090\"";
    private static final int SCRAPES_A_MINUTE = 2;
    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)$");
    private static final Pattern COUNTER = Pattern.compile("(?m)^# TYPE (\\S+) (counter|histogram)$");

    /** What depends on the machine of the test. A timeline shows it only to a test that names it. */
    private static final List<String> OF_THE_MACHINE = List.of("FilestreamMemoryShort", "FilestreamSlowFirstByte");

    private final Map<String, List<String>> series = new TreeMap<>();
    private final Map<Integer, List<String>> expected = new LinkedHashMap<>();
    private final String rules;
    private final boolean ofTheMachine;
    private Map<String, Double> last = Map.of();
    private int scrapes;

    /** @param ofTheMachine whether alerts count that a busy machine can raise */
    AlertTimeline(boolean ofTheMachine) throws IOException {
        this.rules = Files.readString(RULES);
        this.ofTheMachine = ofTheMachine;
    }

    /** Nothing changes for so many minutes. */
    AlertTimeline stays(String scraped, int minutes) {
        return changes(scraped, minutes, false);
    }

    /** Counters rise evenly to what was scraped in the end; gauges have their new value at once. */
    AlertTimeline rises(String scraped, int minutes) {
        return changes(scraped, minutes, true);
    }

    private AlertTimeline changes(String scraped, int minutes, boolean evenly) {
        Map<String, Double> next = samples(scraped);
        List<String> counters = COUNTER.matcher(scraped).results().map(type -> type.group(1)).toList();
        int steps = minutes * SCRAPES_A_MINUTE;
        for (int step = 1; step <= steps; step++) {
            double part = (double) step / steps;
            next.forEach((name, value) -> {
                double before = last.getOrDefault(name, 0.0);
                boolean rising = evenly && value > before && counters.stream().anyMatch(name::startsWith);
                add(name, rising ? Double.toString(before + (value - before) * part) : Double.toString(value));
            });
            add("up{" + TARGET + "}", "1");
            scrapes++;
        }
        last = next;
        return this;
    }

    /** Prometheus scrapes, and nobody responds. */
    AlertTimeline down(int minutes) {
        return stale("0", minutes);
    }

    /** Prometheus knows no target. */
    AlertTimeline absent(int minutes) {
        return stale("stale", minutes);
    }

    private AlertTimeline stale(String up, int minutes) {
        for (int step = 0; step < minutes * SCRAPES_A_MINUTE; step++) {
            last.keySet().forEach(name -> add(name, "stale"));
            add("up{" + TARGET + "}", up);
            scrapes++;
        }
        return this;
    }

    private void add(String name, String value) {
        List<String> values = series.computeIfAbsent(name, it -> new ArrayList<>());
        while (values.size() < scrapes) {
            values.add("_");
        }
        values.add(value);
    }

    private Map<String, Double> samples(String scraped) {
        Map<String, Double> samples = new TreeMap<>();
        SAMPLE.matcher(scraped).results().filter(sample -> rules.contains(sample.group(1))).forEach(sample -> {
            double value = Double.parseDouble(sample.group(3));
            if (!Double.isNaN(value)) {
                String labels = sample.group(2) == null ? "" : sample.group(2) + ",";
                samples.put(sample.group(1) + "{" + labels + TARGET + "}", value);
            }
        });
        return samples;
    }

    /** @param alerts all that fire then, each with the labels that tell several of it apart, as PromQL writes them */
    AlertTimeline firing(int minute, String... alerts) {
        expected.put(minute, List.of(alerts));
        return this;
    }

    /** Lets {@code promtool} judge. */
    void check() throws Exception {
        StringBuilder yaml = new StringBuilder("rule_files: ['" + RULES.toAbsolutePath() + "']\n"
                + "evaluation_interval: 30s\ntests:\n- interval: 30s\n  input_series:\n");
        series.forEach((name, values) -> yaml.append("  - series: '").append(name).append("'\n    values: '")
                .append(String.join(" ", values)).append("'\n"));
        yaml.append("  promql_expr_test:\n");
        expected.forEach((minute, alerts) -> {
            yaml.append("  - expr: 'group by (alertname, branch, routeId, reason) (ALERTS{alertstate=\"firing\"")
                    .append(ofTheMachine ? "" : ",alertname!~\"" + String.join("|", OF_THE_MACHINE) + "\"")
                    .append("})'\n    eval_time: ").append(minute).append("m\n    exp_samples:");
            yaml.append(alerts.isEmpty() ? " []\n" : "\n");
            alerts.forEach(alert -> yaml.append("    - labels: '{alertname=\"")
                    .append(alert.replaceFirst("\\{", "\",").replaceFirst("^([^,\"]+)$", "$1\"}"))
                    .append("'\n      value: 1\n"));
        });
        Path file = Files.createTempFile("alerts", ".yaml");
        try {
            Files.writeString(file, yaml);
            Promtool.run("test", "rules", file.toString());
        } finally {
            Files.delete(file);
        }
    }

    /** Prometheus's own tool, of Debian's package {@code prometheus}. */
    static final class Promtool {

        private Promtool() {
        }

        static Path path() {
            return Arrays.stream(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, "promtool"))
                    .filter(Files::isExecutable).findFirst().orElse(null);
        }

        /** Fails with what the tool printed where it does not succeed. */
        static void run(String... arguments) throws Exception {
            List<String> command = new ArrayList<>(List.of(path().toString()));
            command.addAll(List.of(arguments));
            Path output = Files.createTempFile("promtool", ".txt");
            try {
                Process process = new ProcessBuilder(command).redirectErrorStream(true)
                        .redirectOutput(output.toFile()).start();
                boolean ended = process.waitFor(60, TimeUnit.SECONDS);
                process.destroyForcibly();
                assertThat(ended).as("promtool ended").isTrue();
                assertThat(process.exitValue()).as(Files.readString(output, StandardCharsets.UTF_8)).isZero();
            } finally {
                Files.delete(output);
            }
        }
    }
}
