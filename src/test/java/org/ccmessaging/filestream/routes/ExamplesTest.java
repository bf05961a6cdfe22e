package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.routes.testing.Result;
import org.ccmessaging.filestream.routes.testing.Suite;
import org.ccmessaging.filestream.routes.testing.TestCase;
import org.ccmessaging.filestream.routes.testing.TestFiles;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * The patches of docs/examples: each applies to the shipped files, and its tests run by the code of
 * {@code routes test}, which starts the service and so runs {@code routes check} before.
 */
@Tag("service")
@ExpectedErrors.Of(logger = "org.apache.kafka", texts = {"could not be established", "disconnected"})
class ExamplesTest {

    private static final String SETTINGS = "config/application.yaml";

    private static final Pattern PEER = Pattern.compile("[a-z.]+:\\d+");
    private static final Pattern QUERY = Pattern.compile("query: (.*?)\\n *dataSource", Pattern.DOTALL);

    private static final String SERVED = "{\"tenant\":\"demo\",\"code\":\"0\",\"bytes\":5}";
    private static final String REFUSED = "{\"tenant\":\"demo\",\"code\":\"13\",\"bytes\":0}";

    /** Examples that change different lines share a service, because each service takes its startup. */
    private static final List<List<String>> TOGETHER = List.of(
            List.of("add-a-branch", "change-a-code", "throttle-one-tenant", "call-a-webhook-after-each-download",
                    "answer-an-expired-accesstoken-with-403"),
            List.of("check-a-header", "look-up-a-key-in-a-database-table", "files-of-one-customer-by-catalogue"),
            List.of("look-up-a-key-at-an-http-server", "read-the-old-bucket", "files-of-one-customer-by-folder"));

    @AutoClose
    private Outside outside;

    @TempDir
    private Path folder;

    /** What others than the customer see of an example, after its tests have run. */
    private final Map<String, Runnable> seen = Map.of("call-a-webhook-after-each-download",
            () -> assertThat(outside.events()).containsSubsequence(SERVED, REFUSED),
            "files-of-one-customer-by-catalogue", this::assertStatementFindsOnlyTheRowsOfTheUser);

    @BeforeEach
    void startServersAndCopyShippedFiles() throws IOException {
        outside = new Outside();
        FileSystemUtils.copyRecursively(Path.of("routes"), routes());
        Files.createDirectory(folder.resolve("config"));
        Files.copy(Path.of(SETTINGS), folder.resolve(SETTINGS));
    }

    static Stream<List<Example>> groups() {
        return Stream.concat(TOGETHER.stream(), Example.all().stream().map(Example::name)
                .filter(name -> TOGETHER.stream().noneMatch(group -> group.contains(name))).map(List::of))
                .map(names -> names.stream().map(Example::of).toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("groups")
    void exampleIsCheckedAndDoesWhatItsTestsSay(List<Example> group) throws Exception {
        Set<String> applied = new HashSet<>();
        for (Example example : group) {
            apply(example, applied);
        }
        List<TestCase> tests = tests(group);
        if (!applied.contains("send-each-download-to-kafka")) {
            tests.addAll(tests.stream().filter(test -> !test.mocks().isEmpty()).map(ExamplesTest::withServers)
                    .toList());
        }

        List<Result> results = new ArrayList<>();
        new Suite(FileStreamApplication.class, RouteFiles.read(routes()), settings(), true).run(tests, results::add);

        assertThat(results).extracting(Result::test).containsExactlyInAnyOrderElementsOf(tests);
        assertThat(results).filteredOn(result -> !result.passed()).flatExtracting(Result::lines).isEmpty();
        group.forEach(example -> seen.getOrDefault(example.name(), () -> { }).run());
    }

    /** Applies the example to the copy, and before it the one that it builds on. */
    private void apply(Example example, Set<String> applied) throws Exception {
        if (example.base().isPresent()) {
            apply(example.base().get(), applied);
        }
        if (applied.add(example.name())) {
            ProcessBuilder tool = new ProcessBuilder("git", "apply", "-").directory(folder.toFile())
                    .redirectInput(example.file().toFile()).redirectErrorStream(true);
            // Within a repository, git would take the paths from its root.
            tool.environment().put("GIT_CEILING_DIRECTORIES", folder.getParent().toString());
            Process process = tool.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(example + ": " + output).isZero();
        }
    }

    private Path routes() {
        return folder.resolve("routes");
    }

    /** The tests that the examples add. */
    private List<TestCase> tests(List<Example> group) {
        return TestFiles.read(routes()).stream().filter(test -> group.stream().anyMatch(example ->
                test.place().file().endsWith(example.name() + ".test.yaml")))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** The settings that differ, with servers of this test in the place of those in the document. */
    private Map<String, String> settings() throws IOException {
        Map<String, String> settings = flat(folder.resolve(SETTINGS));
        settings.entrySet().removeAll(flat(Path.of(SETTINGS)).entrySet());
        settings.put("filestream.s3.read-timeout", "10s");
        settings.replaceAll((key, value) -> value.startsWith("http://")
                ? value.replaceFirst("http://[^/]*", outside.address())
                // No server listens there.
                : PEER.matcher(value).matches() ? "localhost:9" : value);
        return settings;
    }

    private static Map<String, String> flat(Path yaml) {
        YamlPropertiesFactoryBean properties = new YamlPropertiesFactoryBean();
        properties.setResources(new FileSystemResource(yaml));
        Map<String, String> settings = new TreeMap<>();
        properties.getObject().forEach((key, value) -> settings.put(key.toString(), value.toString()));
        return settings;
    }

    /** Tests of routes find rows without running the statement. */
    private void assertStatementFindsOnlyTheRowsOfTheUser() {
        String statement = RouteFiles.read(routes()).texts().map(QUERY::matcher)
                .filter(Matcher::find).map(query -> query.group(1)).findFirst().orElseThrow()
                .replaceAll(":#\\$\\{[a-zA-Z.]*?([a-zA-Z]+)}", ":$1");
        NamedParameterJdbcTemplate database = new NamedParameterJdbcTemplate(
                new DriverManagerDataSource("jdbc:h2:mem:examples;DB_CLOSE_DELAY=-1", "sa", ""));
        database.getJdbcOperations().execute("create schema media; create table media.files (branch varchar, tenant_id"
                + " varchar, id varchar, object_key varchar, user_id varchar); insert into media.files values"
                + " ('standard', 'demo', '117', 'films/a.txt', 'alice')");

        for (String user : List.of("alice", "Alice", "bob")) {
            Map<String, String> row = Map.of("branch", "standard", "tenantId", "demo", "fileId", "117", "userId", user);
            assertThat(database.queryForList(statement, row, String.class))
                    .isEqualTo(user.equals("alice") ? List.of("films/a.txt") : List.of());
        }
    }

    /** The same test with the servers outside in the place of mocks. What the store does is part of the test. */
    private static TestCase withServers(TestCase test) {
        return new TestCase(test.name() + " (with servers)", test.place(), test.files(), test.catalogue(),
                test.request(), Map.of(), test.faults(), test.types(), test.settings(), test.expect());
    }
}
