package org.ccmessaging.filestream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.FILE_HEAD;
import static org.ccmessaging.filestream.support.Outcomes.FILE_TAIL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.support.JarProcess;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

/** The jar as users start it: {@code java -Xmx96m -jar}, settings from the environment. */
@Tag("jar")
class PackagedJarIT {

    /** Parts of a file of 150 MB: half as much again as the heap. */
    private static final int PARTS = 50;

    /** An eighth of 96 MB, 48 KB for each (decision 0016). */
    private static final int MOST_HALF_SENT_HEADERS = 256;

    private static final byte[] PART = Stage.content(3 * 1024 * 1024);
    private static final byte[] HELLO = Stage.content(100);

    @AutoClose
    private static EmbeddedS3 s3;
    @AutoClose
    private static JarProcess jar;

    /** One start for several tests, since each takes as much CPU as many tests. */
    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("large.bin");
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < PARTS; i++) {
                out.write(part(i));
            }
        }
        s3 = EmbeddedS3.onDisk(Files.createDirectories(folder.resolve("s3")), Stage.BRANCHES);
        s3.put("standard", "demo/large.bin", RequestBody.fromFile(file));
        s3.put("standard", "demo/hello.txt", HELLO);
        Map<String, Object> settings = new HashMap<>(s3.settings());
        settings.put("filestream.storage.local.type", "s3");
        settings.put("filestream.download.max-file-size", "2GB");
        settings.put("filestream.http.header-timeout", "10m");
        settings.put("logging.structured.format.console", JarProcess.AS_SHIPPED);
        settings.put(JarProcess.JAVA_OPTIONS, JarProcess.AS_SHIPPED);
        jar = JarProcess.start(settings);
    }

    /** Parts start differently, so that a wrong order would show. */
    private static byte[] part(int number) {
        PART[0] = (byte) number;
        return PART;
    }

    @Test
    void fileThatIsLargerThanTheHeapComesThrough() throws Exception {
        try (InputStream response = jar.api().downloadStream(request("standard", "large.bin"))) {
            assertThat(response.readNBytes(FILE_HEAD.length())).asString(StandardCharsets.US_ASCII)
                    .isEqualTo(FILE_HEAD);
            for (int i = 0; i < PARTS; i++) {
                byte[] expected = Base64.getEncoder().encode(part(i));
                assertThat(Arrays.mismatch(response.readNBytes(expected.length), expected)).as("part %d", i)
                        .isEqualTo(-1);
            }
            assertThat(response.readAllBytes()).asString(StandardCharsets.US_ASCII).isEqualTo(FILE_TAIL);
        }
    }

    @Test
    void eachLineOfTheLogIsAnObjectOfTheElasticCommonSchema() throws Exception {
        jar.api().download(request("standard", "nowhere.txt"));

        String output = await().until(jar::output, printed -> printed.contains("\"resultCode\":\"13\""));
        List<JsonNode> lines = new ObjectMapper().readerFor(JsonNode.class).<JsonNode>readValues(output).readAll();
        assertThat(lines).hasSize((int) output.lines().count())
                .allSatisfy(line -> assertThat(line.at("/ecs/version").asText()).isNotEmpty());
        assertThat(lines).filteredOn(line -> line.path("resultCode").asText().equals("13")).singleElement()
                .satisfies(line -> {
                    assertThat(line.at("/log/logger").asText()).isEqualTo("download");
                    assertThat(line.get("branch").asText()).isEqualTo("standard");
                    assertThat(line.get("userId").asText()).matches("[0-9a-f]{16}");
                    assertThat(line.at("/service/version").asText()).isNotEmpty();
                });
    }

    /** The bound depends on the heap, and only a separate JVM has a small one. */
    @Test
    void halfSentHeadersHaveABoundAndLetOthersPass() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < MOST_HALF_SENT_HEADERS + 10; i++) {
                Socket client = new Socket(jar.api().base().getHost(), jar.api().base().getPort());
                clients.add(client);
                client.getOutputStream().write("POST / HTTP/1.1\r\nHost".getBytes(StandardCharsets.US_ASCII));
            }

            assertThat(jar.api().download(request("standard", "hello.txt")).file()).isEqualTo(HELLO);
            // Which of them are the oldest is up to the threads of a JVM that has just started.
            await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> assertThat(clients.stream()
                    .filter(PackagedJarIT::hasEnded)).hasSize(clients.size() - MOST_HALF_SENT_HEADERS));
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static boolean hasEnded(Socket client) {
        try {
            client.setSoTimeout(1);
            return client.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void withoutAKeyItSaysWhichSettingToSetAndStops() {
        JarProcess stopped = JarProcess.launch(Map.of("server.port", 0, "management.server.port", 0), Path.of(""));

        assertThat(stopped.exitCode()).isEqualTo(78);
        assertThat(stopped.output()).contains("filestream.auth.signing-key is not set");
    }

    @Test
    void aCommandPrintsItsResultAndNothingElse() throws Exception {
        ProcessBuilder command = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m", "-jar", System.getProperty("packaged.jar"), "routes", "check").redirectErrorStream(true);
        // The java command would say that it reads them.
        command.environment().keySet().removeAll(Set.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        Process check = command.start();

        assertThat(JarProcess.output(check).lines()).containsExactly("12 files, 0 errors");
        assertThat(check.exitValue()).isZero();
    }

    /** The launcher passes over one that is not there, and the start is slower. */
    @Test
    void eachLibraryThatTheLauncherTakesFirstIsInIt() throws Exception {
        try (JarFile file = new JarFile(System.getProperty("packaged.jar"))) {
            Properties loader = new Properties();
            try (InputStream properties = file.getInputStream(file.getEntry("BOOT-INF/classes/loader.properties"))) {
                loader.load(properties);
            }
            List<String> first = List.of(loader.getProperty("loader.path").split(","));

            assertThat(first).startsWith("lib", "BOOT-INF/classes").hasSizeGreaterThan(20);
            assertThat(first.subList(2, first.size())).allSatisfy(name -> assertThat(file.getEntry(name)).isNotNull());
        }
    }
}
