package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.routes.check.RouteSet;
import org.ccmessaging.filestream.routes.check.Step;
import org.ccmessaging.filestream.routes.language.RouteLanguage;
import org.ccmessaging.filestream.storage.StorageSettings.Branch;
import org.ccmessaging.filestream.storage.StorageSettings.Type;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built-in tests of the safety rules, and faults that they find. ExamplesTest runs them with each edit. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.springframework.boot", texts = "APPLICATION FAILED TO START")
class SmokeTest {

    private static final String LAYOUT = "${variable.tenantId}/${variable.objectKey}";

    @TempDir
    private Path folder;
    private OwnRoutes routes;
    private Coverage coverage;

    @BeforeEach
    void copyShippedRoutes() throws IOException {
        routes = new OwnRoutes(folder);
    }

    private List<TestCase> tests(Map<String, Branch> branches, List<String> known) {
        return new Smoke(RouteSet.read(RouteFiles.read(folder), RouteLanguage.ofProduct(), key -> null,
                new Findings())).tests(branches, known);
    }

    private static Branch branch(Type type, String key, boolean shared) {
        return new Branch(type, "bucket", Path.of("root"), null, key, shared, null);
    }

    private List<String> failures(List<TestCase> others) {
        return failures(others, Map.of());
    }

    private List<String> failures(List<TestCase> others, Map<String, String> installation) {
        List<Result> results = new ArrayList<>();
        coverage = new Suite(FileStreamApplication.class, RouteFiles.read(folder), installation, false)
                .run(others, true, results::add);
        assertThat(results).hasSizeGreaterThan(15);
        return results.stream().filter(result -> !result.passed()).map(result -> result.test().name()).toList();
    }

    @Test
    void fileOfAnotherTenantIsWhereEachBranchReadsItUnlessTenantsShareTheBranch() {
        Map<String, Branch> branches = Map.of("standard", branch(Type.S3, LAYOUT, false),
                "promo", branch(Type.FILESYSTEM, "files/${variable.tenantId}/${variable.objectKey}", false),
                "shared", branch(Type.S3, "${variable.objectKey}", true),
                "other-server", branch(Type.STREAM, LAYOUT, false));
        List<TestCase> tests = tests(branches, List.of());
        String other = fileOfAnotherTenant(tests);

        assertThat(tests).filteredOn(test -> test.name().startsWith("another tenant"))
                .hasSizeGreaterThan(10).allSatisfy(test ->
                assertThat(test.files().members().values().stream().flatMap(branch -> branch.members().keySet().stream()
                        .map(key -> branch.name() + " " + key)))
                        .containsExactlyInAnyOrder("standard " + other, "promo files/" + other));
        // An edit may refuse what the tenants and the files of any list name.
        assertThat(other).matches("tenant-[0-9a-f-]{36}/[0-9a-f-]{36}\\.txt")
                .isNotEqualTo(fileOfAnotherTenant(tests(branches, List.of())));

        assertThat(tests).extracting(TestCase::name).doesNotHaveDuplicates()
                .contains("no credentials get 401", "another tenant's file is refused by the name promo",
                        "another tenant's file is refused by the name shared")
                .noneMatch(name -> name.contains("<"));
        assertThat(tests).extracting(test -> test.place().file()).containsOnly(Path.of("(built in)/smoke.test.yaml"));
    }

    private static String fileOfAnotherTenant(List<TestCase> tests) {
        return tests.stream().filter(test -> test.name().equals("another tenant's file is refused, by its own key"))
                .findFirst().orElseThrow().request().get("fileId").text();
    }

    @Test
    void stepsThatCallOutsideDoNotRun() throws IOException {
        routes.add("download-ended", """
                - route:
                    id: download-ended
                    from:
                      uri: direct:download-ended
                      steps:
                        - to: { id: tell-webhook, uri: "https://hooks.example.com/x" }
                        - wireTap: { id: tell-broker, uri: kafka, parameters: { topic: downloads } }
                        - toD: { id: tell-somebody, uri: "http:${header.x}" }
                        - to: { id: say-it, uri: "log:x" }
                        - to: { id: go-on, uri: "direct:tokens" }
                        - to: { id: not-made, uri: "http:x" }
                """);

        assertThat(tests(Map.of("standard", branch(Type.S3, LAYOUT, false)), List.of("tell-webhook", "tell-broker",
                "tell-somebody", "say-it", "go-on", "get-object"))).isNotEmpty().allSatisfy(test ->
                        assertThat(test.mocks()).containsOnlyKeys("tell-webhook", "tell-broker", "tell-somebody"));
    }

    /** Otherwise the refusals would show nothing: another tenant itself gets such a file. */
    @Test
    void smokeTestsOfShippedRoutesPassAndAnotherTenantGetsItsFile() throws IOException {
        List<TestCase> others = TestFiles.parse(Map.of(Path.of("own.test.yaml"), """
                - test: the other tenant gets its file
                  files: { standard: { other/secret.txt: "the file of another tenant" } }
                  request: { tenant: other, fileId: secret.txt }
                  expect: { resultCode: "0", file: "the file of another tenant" }
                """.getBytes()));

        assertThat(failures(others)).isEmpty();
    }

    /** A test without rows runs without a catalogue, whatever the installation has. */
    @Test
    void installationWithACatalogueIsTriedWithItsRoute() throws IOException {
        List<TestCase> others = TestFiles.parse(Map.of(Path.of("own.test.yaml"), """
                - test: the library has no catalogue
                  files: { multimedia-library: { demo/117: hello } }
                  request: { fileId: "117", multiMedia: multiMedia }
                  expect: { resultCode: "0", file: hello, skipped: [select-object-key] }
                """.getBytes()));

        assertThat(failures(others, Map.of("filestream.library.catalogue", "sql"))).isEmpty();

        assertThat(coverage.routes()).filteredOn(route -> route.name().equals("route look-up-sql")).singleElement()
                .satisfies(route -> assertThat(route.missed()).extracting(Step::id).containsExactly("no-such-id",
                        "no-row"));

        routes.replace("look-up-sql", "dataSource: \"#dataSource\"", "dataSource: \"#recallKey\"");
        assertThatThrownBy(() -> failures(List.of(), Map.of("filestream.library.catalogue", "sql")))
                .isInstanceOfSatisfying(InvalidRoutesException.class, invalid ->
                        assertThat(invalid.report().lines()).asString().contains("look-up-sql", "recallKey"));
    }

    /** The shipped tests act for tenant demo. An author may refuse some customers, and in a maintenance all of them. */
    @Test
    void refusalOfEachTenantThatNoTestNamesIsFoundAndThatOfAllIsNot() throws IOException {
        String refusal = """
                        - choice:
                            id: listed-tenants
                            when:
                              - id: when-not-listed
                                simple: {expression: "CONDITION"}
                                steps:
                                  - throwException: {id: refuse-tenant, message: not listed, exceptionType:
                                      org.ccmessaging.filestream.failure.InvalidRequestException}
                        - setVariable:
                            id: branch-standard
                """;
        String step = "        - setVariable:\n            id: branch-standard\n";
        routes.replace("storage-standard", step, refusal.replace("CONDITION", "${variable.tenantId} != 'demo'"));
        assertThat(failures(List.of())).contains("a customer's own file comes back");

        routes.restore();
        routes.replace("storage-standard", step, refusal.replace("CONDITION", "${variable.tenantId} != null"));
        assertThat(failures(List.of())).isEmpty();
    }

    /** {@code routes check} takes it for an edit of a text. */
    @Test
    void refusalWithoutItsStatusIsFound() throws IOException {
        Path codes = folder.resolve("result-codes.camel.yaml");
        String text = Files.readString(codes);
        String unauthorized =
                text.substring(text.indexOf("id: unauthorized"), text.indexOf("id: respond-unauthorized"));
        Files.writeString(codes, text.replace(unauthorized, unauthorized.replace("""
                expression: "401"
                                    name: CamelHttpResponseCode""", """
                expression: "200"
                                    name: CamelHttpResponseCode""")));
        assertThat(codes).content().isNotEqualTo(text);

        assertThat(failures(List.of())).contains("no credentials get 401", "a forged session token gets 401")
                .noneMatch(name -> name.startsWith("another tenant"));
    }
}
