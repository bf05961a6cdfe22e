package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.testing.Result;
import org.ccmessaging.filestream.routes.testing.Suite;
import org.ccmessaging.filestream.routes.testing.TestCase;
import org.ccmessaging.filestream.routes.testing.TestFiles;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.LoggedLines;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The edits of docs/examples: each is made on the shipped routes, and run with its tests by the code of
 * {@code routes test}, which starts the service and so runs {@code routes check} before.
 */
@Tag("service")
@ExpectedErrors.Of(logger = "org.apache.kafka", texts = {"could not be established", "disconnected"})
class DocumentedEditsTest {

    /** Where no server is. */
    private static final String NOWHERE = "localhost:9";
    private static final Pattern PEER = Pattern.compile("[a-z.]+:\\d+");

    private static final String SCAN = "scan";
    private static final String KAFKA = "tell-kafka-about-each-download";
    private static final String LOGIN = "log-in-to-a-called-server";
    private static final String BREAKER = "put-a-circuit-breaker-around-the-scanner";
    private static final String SERVED = "{\"tenant\":\"demo\",\"code\":\"0\",\"bytes\":5}";
    private static final String REFUSED = "{\"tenant\":\"demo\",\"code\":\"13\",\"bytes\":0}";

    /** {@code -Dfilestream.routes.edits-alone=true} runs each of them alone. */
    private static final List<List<String>> TOGETHER = List.of(
            List.of("log-which-file-a-tenant-opens", "accept-another-file-type", "accept-another-name-of-a-file-type",
                    "add-a-branch", "change-a-resultdesc", "add-a-response-header",
                    "throttle-one-tenant", "tell-a-webhook-about-each-download", "try-a-broken-read-again",
                    "take-requests-at-a-second-path", "answer-an-expired-accesstoken-with-403"),
            List.of("read-another-bucket", "serve-files-that-another-server-has", LOGIN,
                    "write-each-download-to-a-file"));

    @AutoClose
    private static Outside outside;

    @AutoClose
    private LoggedLines log;

    @TempDir
    private Path folder;

    /** What others than the customer see of an edit, after its tests have run. */
    private final Map<String, Consumer<List<String>>> seen = Map.of(
            "log-which-file-a-tenant-opens", lines -> assertThat(lines).contains("tenant demo opens a.txt"),
            "let-a-virus-scanner-read-each-file-first", lines -> assertThat(outside.scanned())
                    .as("bytes, by file").containsSubsequence(5, 2_097_152, 5, 2_097_152, 4),
            BREAKER, lines -> assertThat(outside.scanned()).as("of ten requests, until half of five failed").hasSize(5),
            "tell-a-webhook-about-each-download",
            lines -> assertThat(outside.events()).containsSubsequence(SERVED, REFUSED),
            LOGIN, lines -> assertThat(outside.logins()).isNotEmpty()
                    .containsOnly("Basic ZmlsZXN0cmVhbTpjaGFuZ2UtbWU="),
            "write-each-download-to-a-file", lines -> assertThat(folder.resolve("outside/downloads.jsonl")).content()
                    .contains(SERVED + "\n", REFUSED + "\n"));

    @BeforeAll
    static void startServers() throws IOException {
        outside = new Outside();
    }

    @BeforeEach
    void listen() {
        outside.forget();
        log = LoggedLines.ofAll();
    }

    private static List<DocumentedEdit> edits() {
        return DocumentedEdit.all();
    }

    /** Edits that get along with each other share a service, since each takes its start. */
    static List<List<DocumentedEdit>> groups() {
        boolean alone = Boolean.getBoolean("filestream.routes.edits-alone");
        Map<Object, List<DocumentedEdit>> groups = new LinkedHashMap<>();
        for (DocumentedEdit edit : edits()) {
            Object group = TOGETHER.stream().filter(titles -> !alone && titles.contains(edit.name()))
                    .<Object>map(titles -> titles).findFirst().orElse(edit);
            groups.computeIfAbsent(group, any -> new ArrayList<>()).add(edit);
        }
        return List.copyOf(groups.values());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("groups")
    void editIsCheckedAndDoesWhatItsTestsSay(List<DocumentedEdit> edits) throws IOException {
        Map<String, String> files = DocumentedEdit.shipped();
        Set<String> made = new HashSet<>();
        edits.forEach(edit -> edit.make(files, made));
        write(files);
        List<TestCase> tests = new ArrayList<>();
        List<TestCase> testsWithServers = new ArrayList<>();
        for (DocumentedEdit edit : edits) {
            List<TestCase> own = tests(edit);
            tests.addAll(own);
            if (!edit.name().equals(KAFKA)) {
                own.stream().filter(DocumentedEditsTest::isAboutServers)
                        .map(DocumentedEditsTest::withServers).forEach(testsWithServers::add);
            }
        }

        if (edits.stream().anyMatch(edit -> edit.name().equals(BREAKER))) {
            // The breaker remembers.
            assertThat(failures(tests, settings(files))).as("with mocks").isEmpty();
            outside.forget();
            tests.clear();
        }
        tests.addAll(testsWithServers);
        assertThat(failures(tests, settings(files))).isEmpty();
        List<ILoggingEvent> lines = log.list();
        assertThat(lines).filteredOn(line -> line.getLoggerName().endsWith(".Reload")
                && line.getFormattedMessage().contains(folder.toString()))
                .as("warnings of routes check").isEmpty();
        edits.forEach(edit -> seen.getOrDefault(edit.name(), any -> { })
                .accept(lines.stream().map(ILoggingEvent::getFormattedMessage).toList()));
    }

    /** Otherwise its tests would show nothing. */
    @Test
    void testsOfEveryEditFailWithoutIt() throws IOException {
        List<TestCase> tests = new ArrayList<>();
        Map<String, String> edits = new LinkedHashMap<>();
        write(DocumentedEdit.shipped());
        for (DocumentedEdit edit : edits()) {
            for (TestCase test : tests(edit)) {
                tests.add(test);
                edits.put(test.name(), edit.name());
            }
        }
        Set<String> failing = new TreeSet<>();
        new Suite(FileStreamApplication.class, RouteFiles.read(routes()), Map.of(), false).run(tests, false, result -> {
            if (!result.passed()) {
                failing.add(edits.get(result.test().name()));
            }
        });

        assertThat(failing).hasSizeGreaterThan(15)
                .isEqualTo(edits().stream().map(DocumentedEdit::name).collect(Collectors.toSet()));
    }

    @Test
    void pageNamesEveryFileOfTheFolder() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("docs/examples"))) {
            assertThat(edits()).extracting(DocumentedEdit::name).containsExactlyInAnyOrderElementsOf(files
                    .map(file -> file.getFileName().toString().replace(".yaml", "")).toList());
        }
    }

    /** A running service loads route files, and nothing else. */
    @Test
    void pageSaysWhichEditsNeedARestart() throws IOException {
        String page = Files.readString(Path.of("docs/route-examples.md"));

        assertThat(edits()).allSatisfy(edit -> assertThat(page.contains("](examples/" + edit.name()
                + ".yaml).\nIt needs a restart.\n")).isEqualTo(edit.changes().stream()
                .anyMatch(change -> !change.get("file").startsWith("routes/"))));
    }

    @Test
    void everyEditThatThisClassNamesExists() {
        assertThat(edits()).extracting(DocumentedEdit::name).containsAll(seen.keySet())
                .containsAll(TOGETHER.stream().flatMap(List::stream).toList());
    }

    private Path routes() {
        return folder.resolve("routes");
    }

    private void write(Map<String, String> files) throws IOException {
        Files.createDirectories(routes().resolve("tests"));
        for (Map.Entry<String, String> file : files.entrySet()) {
            if (!file.getKey().equals(DocumentedEdit.SETTINGS)) {
                Files.createDirectories(folder.resolve(file.getKey()).getParent());
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
        }
    }

    private List<TestCase> tests(DocumentedEdit edit) throws IOException {
        Files.writeString(routes().resolve("tests/edit.test.yaml"), edit.tests());
        return TestFiles.read(routes());
    }

    /** The settings that differ, with servers of this test in the place of those in the document. */
    private Map<String, String> settings(Map<String, String> files) {
        Map<String, String> settings = DocumentedEdit.settings(files);
        settings.put("filestream.s3.read-timeout", "10s");
        settings.replaceAll((key, value) -> key.matches("filestream.routes.(hosts|credentials.*.host)") ? "127.0.0.1"
                : key.equals("filestream.routes.language") ? folder.resolve(value).toString()
                : value.startsWith("http://")
                ? value.replaceFirst("http://[^/]*", outside.address())
                : value.startsWith("/var/") ? folder.resolve("outside").toString()
                : PEER.matcher(value).matches() ? NOWHERE : value);
        return settings;
    }

    private static boolean isAboutServers(TestCase test) {
        return !test.mocks().isEmpty() || test.faults().containsKey(SCAN);
    }

    /** The same test with the servers outside in the place of mocks. What the store does is part of the test. */
    private static TestCase withServers(TestCase test) {
        var faults = new LinkedHashMap<>(test.faults());
        faults.remove(SCAN);
        return new TestCase(test.name() + " (with servers)", test.place(), test.files(), test.catalogue(),
                test.request(), Map.of(), faults, test.types(), test.settings(), test.expect());
    }

    /** The smoke tests hold for every edit, and do nothing outside. */
    private List<String> failures(List<TestCase> tests, Map<String, String> settings) {
        List<Result> results = new ArrayList<>();
        new Suite(FileStreamApplication.class, RouteFiles.read(routes()), settings, false)
                .run(tests, true, results::add);
        assertThat(results).extracting(Result::test).containsAll(tests).hasSizeGreaterThan(tests.size() + 10);
        return results.stream().filter(result -> !result.passed()).flatMap(result -> result.lines().stream()).toList();
    }
}
