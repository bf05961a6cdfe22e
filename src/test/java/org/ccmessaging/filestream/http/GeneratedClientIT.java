package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Outcomes.UNAUTHORIZED;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Outcomes;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * A TypeScript client that openapi-generator made of the interface description alone downloads a file. It needs node;
 * the compiler comes with the test class path.
 */
@Tag("jar")
@Tag("full")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GeneratedClientIT {

    private static final Path GENERATED = Path.of("target/generated-client");
    private static final String COMPILER = "classpath*:/META-INF/resources/webjars/typescript/*/lib/";

    private Path folder;
    @AutoClose
    private Stage stage;

    /** What a program printed, and its exit code. */
    private record Outcome(int exitCode, byte[] output, String complaints) {
    }

    @BeforeAll
    void compileClient(@TempDir Path work) throws Exception {
        if (!nodeIsThere()) {
            assertThat(System.getenv("CI")).as("CI has node 18 or newer").isNull();
            return;
        }
        folder = work;
        Path compiler = Files.createDirectories(work.resolve("compiler"));
        for (String files : new String[] {"tsc.js", "_tsc.js", "lib.*.d.ts", "lib.d.ts"}) {
            for (Resource file : new PathMatchingResourcePatternResolver().getResources(COMPILER + files)) {
                try (InputStream content = file.getInputStream()) {
                    Files.copy(content, compiler.resolve(file.getFilename()));
                }
            }
        }
        assertThat(GENERATED).as("made in phase pre-integration-test").isDirectory();
        copyTree(GENERATED, work.resolve("generated-client"));
        Files.copy(Path.of("src/test/client/download.ts"), work.resolve("download.ts"));
        Outcome compilation = run("node", compiler.resolve("tsc.js").toString(), "--strict", "--target", "es2022",
                "--lib", "es2022,dom,dom.iterable", "--module", "commonjs", "--skipLibCheck", "download.ts");
        assertThat(compilation.exitCode()).as("%s%s", new String(compilation.output()), compilation.complaints())
                .isZero();
        stage = Stage.ofJar(Stage.Kind.S3, Map.of());
        stage.put("standard", "welcome.pdf", Stage.content(100_000));
        stage.put("standard", "large.zip", Stage.content(2_000_000));
    }

    /** Not in {@code compileClient}, since the tests would then be left out instead of reported as skipped. */
    @BeforeEach
    void skipWithoutNode() {
        assumeTrue(folder != null, "node 18 or newer is not installed; the generated client needs it");
    }

    private static boolean nodeIsThere() throws InterruptedException {
        try {
            return new ProcessBuilder("node", "-e", "process.exit(typeof fetch === 'function' ? 0 : 1)").start()
                    .waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy);
            }
        }
    }

    private Outcome run(String... command) throws Exception {
        Path complaints = Files.createTempFile(folder, "complaints", ".txt");
        Process process = new ProcessBuilder(command).directory(folder.toFile())
                .redirectError(complaints.toFile()).start();
        byte[] output = process.getInputStream().readAllBytes();
        return new Outcome(process.waitFor(), output, Files.readString(complaints, StandardCharsets.UTF_8));
    }

    private Outcome download(String secret, String fileId, String fileType) throws Exception {
        return run("node", "download.js", stage.api().base().toString(), "demo-app", secret, fileId, fileType);
    }

    @Test
    void smallFileComesThroughByteForByte() throws Exception {
        Outcome outcome = download("demo-secret", "welcome.pdf", "pdf");

        assertThat(outcome.complaints()).isEmpty();
        assertThat(outcome.output()).isEqualTo(Stage.content(100_000));
    }

    @Test
    void largeFileThatIsStreamedComesThroughByteForByte() throws Exception {
        Outcome outcome = download("demo-secret", "large.zip", "zip");

        assertThat(outcome.complaints()).isEmpty();
        assertThat(outcome.output()).isEqualTo(Stage.content(2_000_000));
    }

    @Test
    void absentFileIsToldByCodeAndText() throws Exception {
        Outcome outcome = download("demo-secret", "nowhere.pdf", "pdf");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.complaints()).contains("13 " + Outcomes.textOf(Outcomes.FILE_SERVICE_REFUSED));
        assertThat(outcome.output()).isEmpty();
    }

    @Test
    void wrongSecretIsToldByStatus() throws Exception {
        Outcome outcome = download("guessed", "welcome.pdf", "pdf");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.complaints()).contains("HTTP 401 " + UNAUTHORIZED);
    }
}
