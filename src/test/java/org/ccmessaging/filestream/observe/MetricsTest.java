package org.ccmessaging.filestream.observe;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentials;
import static org.ccmessaging.filestream.support.Api.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** The metrics of a service after some downloads, the table that explains them, and the queries that use them. */
@Tag("service")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExpectedErrors.Of(logger = "filestream", texts = "TokenKeysUnavailableException")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth", texts = "cannot be fetched")
class MetricsTest {

    private static final Path FILES = Path.of("deploy/helm/ccmessaging-filestream/files");
    private static final Path PAGE = Path.of("docs/operation.md");

    private static final Set<String> OF_PROMETHEUS = Set.of("up", "ALERTS");
    private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("job", "namespace", "instance");

    /** Time that a client takes for its request, at least half of it as the service measures. */
    private static final Duration SLOW = Duration.ofSeconds(1);

    private static final Set<String> WORDS_OF_PROMQL =
            Set.of("by", "without", "on", "ignoring", "group_left", "and", "or", "unless", "bool", "offset");

    /** Labels by sample, after traffic. */
    private final Map<String, Set<String>> samples = new TreeMap<>();

    /** Metrics of a service with S3 after traffic, as Prometheus scrapes them. */
    private String scraped;

    /** Time to the first byte for a client that was slow, in seconds. */
    private double firstByteOfSlow;

    /** Metrics by the names of their types: a histogram is one, whatever samples it has. */
    private final Set<String> metrics = new TreeSet<>();

    @BeforeAll
    void scrapeAfterTraffic() throws Exception {
        try (Stage stage = new Stage(Stage.Kind.S3, Map.of())) {
            stage.api().get("/nowhere");
            stage.api().get(Api.DOWNLOAD);
            stage.api().raw("BREW /pot HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            stage.api().raw("GET /two words HTTP/1.1\r\nHost: x\r\n\r\n");
            for (String branch : Stage.BRANCHES) {
                stage.put(branch, "small.bin", Stage.content(1_000));
                stage.put(branch, "large.bin", Stage.content(1_000_000));
                stage.api().download(request(branch, "small.bin"));
                stage.api().download(request(branch, "large.bin"));
                stage.api().download(request(branch, "nowhere.bin"));
            }
            stage.api().download("{}", Api.headers());
            String body = request("standard", "small.bin");
            String sum = "filestream_download_first_byte_seconds_sum{branch=\"standard\"}";
            double firstByte = stage.metric(sum);
            try (Socket slow = stage.api().halfSentBody(body, credentials())) {
                // The time of this client is what the test measures.
                await().pollDelay(SLOW).until(() -> true);
                slow.getOutputStream().write(body.charAt(body.length() - 1));
                slow.getInputStream().readAllBytes();
            }
            await().until(() -> stage.metric(sum) > firstByte);
            firstByteOfSlow = stage.metric(sum) - firstByte;
            System.gc();
            await().untilAsserted(() -> assertThat(stage.metrics()).contains("jvm_gc_pause_seconds_sum",
                    "resultCode=\"401\"", "filestream_download_duration_seconds_bucket",
                    "filestream_download_first_byte_seconds_bucket", "le=\"2.5\""));
            scraped = stage.metrics();
            read(scraped);
        }
        // No server listens there, so the service cannot fetch the key set.
        try (Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of("filestream.auth.token-endpoints", "false",
                "filestream.auth.jwk-set-uri", "http://127.0.0.1:1/keys"))) {
            stage.api().download(request("standard", "small.bin"), credentials());
            String withoutKeys = stage.metrics();
            read(withoutKeys);
            assertThat(withoutKeys).contains("filestream_keyset_fetches_total{outcome=\"success\"} 0.0")
                    .doesNotContain("filestream_s3_connections");
        }
    }

    @Test
    void timeToTheFirstByteHasNoneOfTheTimeThatAClientTakesForItsRequest() {
        assertThat(firstByteOfSlow).isPositive().isLessThan(SLOW.toMillis() / 2e3);
    }

    private void read(String text) {
        Pattern.compile("(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{.*})? [^ ]+$").matcher(text).results().forEach(sample ->
                samples.computeIfAbsent(sample.group(1), name -> new TreeSet<>()).addAll(labels(sample.group(2))));
        metrics.addAll(found("(?m)^# TYPE (\\S+)", text));
        metrics.removeIf(name -> name.endsWith("_max") && metrics.contains(name.replaceFirst("_max$", "")));
    }

    /** @param inBraces null if there are none */
    private static Set<String> labels(String inBraces) {
        return found("([a-zA-Z_][a-zA-Z0-9_]*) *(=~|!~|!=|=) *\"", Objects.requireNonNullElse(inBraces, ""));
    }

    private static Set<String> found(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1))
                .collect(toCollection(TreeSet::new));
    }

    private static String section(String heading) throws IOException {
        return Files.readString(PAGE).replaceFirst("(?s).*\n##+ " + heading + "\n", "").replaceFirst("(?s)\n## .*", "");
    }

    /** The metrics that the table of docs/operation.md names, and the labels it gives each. */
    private static Map<String, Set<String>> documented() throws IOException {
        Map<String, Set<String>> table = new TreeMap<>();
        section("All metrics").lines().filter(line -> line.startsWith("| `")).forEach(line -> {
            String[] cells = line.split(" \\| ");
            Set<String> labels = found("`([^`]+)`", cells[1]);
            found("`([^`]+)`", cells[0]).forEach(name -> table.put(name, labels));
        });
        return table;
    }

    private static boolean covers(String documented, String metric) {
        return documented.equals(metric)
                || documented.endsWith("*") && metric.startsWith(documented.substring(0, documented.length() - 1));
    }

    @Test
    void requestsCountByPathMethodAndStatusAndUnknownOnesShareASeries() {
        String count = "http_server_requests_seconds_count{method=\"%s\",status=\"%d\",uri=\"%s\"} %d";

        assertThat(scraped.lines().filter(line -> line.startsWith("http_server_requests_seconds_count{")))
                .containsExactlyInAnyOrder(
                        count.formatted("POST", 200, Api.DOWNLOAD, 10), count.formatted("POST", 401, Api.DOWNLOAD, 1),
                        count.formatted("UNKNOWN", 405, "UNKNOWN", 1), count.formatted("UNKNOWN", 404, "UNKNOWN", 2),
                        count.formatted("UNKNOWN", 400, "UNKNOWN", 1));
    }

    @Test
    void everyMetricIsExplainedAndOnlyFamiliesOfLibrariesAreTogether() throws IOException {
        Set<String> documented = documented().keySet();

        assertThat(metrics).hasSizeGreaterThan(40)
                .allSatisfy(metric -> assertThat(documented).anyMatch(name -> covers(name, metric)));
        // Spring Boot explains the members of these families.
        assertThat(documented).filteredOn(name -> name.contains("*")).allSatisfy(name ->
                assertThat(name).matches("(jvm|process|system|disk|tomcat|executor|application)_\\*"));
    }

    @Test
    void everyMetricThatIsExplainedExists() throws IOException {
        Set<String> documented = documented().keySet();
        // Virtual threads have no pool.
        if (Runtime.version().feature() >= 21) {
            documented.remove("executor_*");
        }

        assertThat(documented).hasSizeGreaterThan(30)
                .allSatisfy(name -> assertThat(metrics).anyMatch(metric -> covers(name, metric)));
    }

    @Test
    void everyReasonOfARefusalIsExplained() throws IOException {
        String text = section("Refused downloads");

        assertThat(found("filestream_downloads_refused_total\\{reason=\"([^\"]+)\"}", scraped))
                .contains("busy", "draining", "session-limit", "tenant-share").hasSizeGreaterThan(7)
                .allSatisfy(reason -> assertThat(text).containsPattern("(?m)^\\| (`[a-z-]+`, )*`" + reason + "`"));
    }

    @Test
    void everyLabelThatIsExplainedExists() throws IOException {
        documented().forEach((name, labels) -> assertThat(labels).as(name).allSatisfy(label -> assertThat(samples)
                .anySatisfy((sample, its) -> {
                    assertThat(sample).startsWith(name);
                    assertThat(its).contains(label);
                })));
    }

    private static List<Map<String, String>> rules() throws IOException {
        Map<String, List<Map<String, List<Map<String, String>>>>> alerts =
                new Yaml().load(Files.readString(FILES.resolve("alerts.yaml")));
        return alerts.get("groups").get(0).get("rules");
    }

    static Stream<String> queries() throws IOException {
        List<String> queries = new ArrayList<>();
        JsonNode dashboard = new ObjectMapper().readTree(Files.readAllBytes(FILES.resolve("dashboard.json")));
        dashboard.findValues("expr").forEach(expression -> queries.add(expression.asText()));
        dashboard.at("/templating/list").findValues("query").stream().filter(JsonNode::isObject)
                .map(variable -> variable.path("query").asText())
                .forEach(text -> queries.add(text.replaceFirst("label_values\\((.*), (.*)\\)", "sum by ($2) ($1)")));
        rules().forEach(rule -> queries.add(rule.get("expr")));
        assertThat(queries).hasSizeGreaterThan(40).doesNotContainNull();
        return queries.stream();
    }

    @ParameterizedTest
    @MethodSource("queries")
    void queryUsesMetricsAndLabelsThatExist(String query) throws IOException {
        Set<String> known = new TreeSet<>(LABELS_OF_PROMETHEUS);
        samples.values().forEach(known::addAll);
        assertThat(found("\\bby *\\(([^)]*)\\)", query)).allSatisfy(group ->
                assertThat(known).contains(group.split(" *, *")));
        Set<String> recorded = rules().stream().map(rule -> rule.get("record")).collect(toSet());
        String bare = query.replaceAll("\\[[^]]*]|,\\s*\"[^\"]*\"", " ")
                .replaceAll("\\b(by|without|on|ignoring) *\\([^)]*\\)", " ");
        List<MatchResult> selectors = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{[^}]*})?").matcher(bare).results()
                .filter(word -> !bare.substring(word.end()).stripLeading().startsWith("("))
                .filter(word -> !WORDS_OF_PROMQL.contains(word.group(1))).toList();
        assertThat(selectors).isNotEmpty().allSatisfy(selected -> {
            String name = selected.group(1);
            if (OF_PROMETHEUS.contains(name) || recorded.contains(name)) {
                return;
            }
            assertThat(samples).containsKey(name);
            Set<String> used = labels(selected.group(2));
            assertThat(query.matches("sum by \\((job|namespace)\\) .*") || used.contains("job")).as(query).isTrue();
            used.removeAll(LABELS_OF_PROMETHEUS);
            assertThat(samples.get(name)).containsAll(used);
        });
    }

    @Test
    void everyAlertHasItsRunbook() throws IOException {
        String text = Files.readString(PAGE);
        String rules = Files.readString(FILES.resolve("alerts.yaml"));

        assertThat(found("(?m)- alert: (\\w+)", rules)).isNotEmpty().allSatisfy(alert -> {
            assertThat(text).contains("\n#### " + alert + "\n");
            assertThat(rules).contains("docs/operation.md#" + alert.toLowerCase() + "\n");
        });
    }

    @Test
    void noLabelHasValuesWithoutABound() {
        assertThat(samples.values().stream().flatMap(Set::stream)).doesNotContain("tenantId", "userId", "channelId",
                "fileId", "key", "objectKey", "bucket", "appKey", "client_name", "endpointName", "exchangeId");
    }
}
