package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each alert fires and resolves when it should ({@code alerts.yaml}). {@link MetricsTest} compares the metrics and
 * labels of the rules with those of a service.
 */
@Tag("tools")
class AlertsTest {

    private static final Path RULES = Path.of("deploy/helm/ccmessaging-filestream/files/alerts.yaml");
    private static final Path TESTS = Path.of("src/test/resources/alerts.yaml");

    @TempDir
    private Path folder;

    private static Set<String> names(Path file, String pattern) throws IOException {
        return Pattern.compile(pattern).matcher(Files.readString(file)).results().map(name -> name.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyAlertFiresInATest() throws Exception {
        assertThat(names(TESTS, "alertname=\"(\\w+)\"")).hasSizeGreaterThan(13)
                .isEqualTo(names(RULES, "(?m)- alert: (\\w+)"));
    }

    @Test
    void alertsFireAndResolveAsTheTestsExpect() throws Exception {
        boolean promtool = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "promtool")));
        Assumptions.assumeTrue(promtool || System.getenv("PROMTOOL_REQUIRED") != null,
                "No promtool: install Debian's package prometheus");
        Path tests = Files.writeString(folder.resolve("alerts.yaml"),
                "rule_files: ['" + RULES.toAbsolutePath() + "']\n" + Files.readString(TESTS));
        Path output = folder.resolve("output.txt");

        Process process = new ProcessBuilder("promtool", "test", "rules", tests.toString())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();

        assertThat(process.waitFor(300, TimeUnit.SECONDS)).as("promtool ended").isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }
}
