package org.ccmessaging.filestream.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.JarProcess;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The terminal output of development mode, which runs in a separate process, because tests share one log. */
@Tag("service")
@Tag("full")
class DevelopmentModeTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String LAST_STEP = "        - to: {id: open-standard,";

    @TempDir
    private Path folder;

    private String awaitTerminal(String expected) {
        Path terminal = folder.resolve("terminal");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(terminal).content().contains(expected));
        return contentOf(terminal.toFile());
    }

    private static MatchResult find(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.DOTALL).matcher(text).results().findFirst().orElseThrow();
    }

    /** Lists objects as the printed command does: the AWS CLI also uses path style at an IP address. */
    private static List<String> objects(MatchResult command) {
        try (S3Client client =
                EmbeddedS3.client(URI.create(command.group(3)), command.group(1), command.group(2))) {
            return client.listObjectsV2(list -> list.bucket(command.group(4))).contents().stream()
                    .map(S3Object::key).toList();
        }
    }

    @Test
    void terminalShowsHowToListTheStoreAndTheEditOfTheReadmeWithTheOutcomeOfTheTests() throws Exception {
        OwnRoutes routes = new OwnRoutes(Files.createDirectory(folder.resolve("routes")));
        String edit = find("## Edit a route.*?```yaml\n(.*?)```", Files.readString(Path.of("README.md"))).group(1);
        Process development = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), DevApplication.class.getName(),
                "--server.port=0", "--management.server.port=0", "--filestream.routes.directory=" + routes.folder())
                .redirectErrorStream(true).redirectOutput(folder.resolve("terminal").toFile()).start();
        try {
            // If a probe of health finds a fault, its line may follow at once.
            String welcome = awaitTerminal("> welcome.pdf\n\n");
            assertThat(objects(find("env AWS_ACCESS_KEY_ID=(\\S+) AWS_SECRET_ACCESS_KEY=(\\S+) AWS_DEFAULT_REGION="
                    + "us-east-1 aws --endpoint-url (\\S+) s3 ls --recursive s3://(\\S+)\n", welcome)))
                    .contains("demo/welcome.pdf");
            Api api = new Api(URI.create(find(" API +(\\S+)", welcome).group(1)));

            Files.createDirectory(routes.folder().resolve("tests"));
            Files.copy(Path.of("routes/tests/tokens.test.yaml"), routes.folder().resolve("tests/tokens.test.yaml"));
            routes.replace("storage-standard", LAST_STEP, edit + LAST_STEP);
            awaitTerminal("\nroutes: loaded (sha256 ");
            api.download(Api.request("standard", "welcome.pdf"), Api.credentials(
                    TestTokens.access().sign(DevApplication.SIGNING_KEY),
                    TestTokens.session().sign(DevApplication.SIGNING_KEY)));

            String terminal = awaitTerminal("\ntests: all ");
            assertThat(terminal.substring(welcome.length())).containsSubsequence(
                    "routes: loaded (sha256 ", ": tenant demo reads standard storage", " download : ", "resultCode=0",
                    "tests: all 6 passed (");
            assertThat(terminal.lines()).contains("tests: running").noneMatch(line -> line.endsWith(" "))
                    .noneMatch(line -> line.contains(" DEBUG ") || line.contains("DbMigrate"));
        } finally {
            development.destroy();
            JarProcess.awaitEnd(development);
        }
    }
}
