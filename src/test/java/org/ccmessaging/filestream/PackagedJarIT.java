package org.ccmessaging.filestream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.FILE_HEAD;
import static org.ccmessaging.filestream.support.Outcomes.FILE_TAIL;
import static org.ccmessaging.filestream.support.Outcomes.success;

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
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.support.JarProcess;
import org.ccmessaging.filestream.support.Service;
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

    /** In bytes: half as much again as the heap. */
    private static final int LARGE = 150 * 1024 * 1024;

    /** An eighth of 96 MB, 48 KB for each (decision 0016). */
    private static final int MOST_HALF_SENT_HEADERS = 256;

    private static final byte[] HELLO = Stage.content(100);

    @AutoClose
    private static EmbeddedS3 s3;
    @AutoClose
    private static JarProcess jar;
    private static long checksumOfLarge;

    /** One start for several tests, since each takes as much CPU as many tests. */
    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("large.bin");
        checksumOfLarge = write(file);
        s3 = EmbeddedS3.onDisk(Files.createDirectories(folder.resolve("s3")), Stage.BRANCHES);
        s3.put("standard", "demo/large.bin", RequestBody.fromFile(file));
        Stage.BRANCHES.forEach(branch -> s3.put(branch, "demo/hello.txt", HELLO));
        Map<String, Object> settings = new HashMap<>(s3.settings());
        settings.put("filestream.storage.local.type", "s3");
        settings.put("filestream.download.max-file-size", "2GB");
        settings.put("filestream.http.header-timeout", "10m");
        settings.put("logging.structured.format.console", JarProcess.AS_SHIPPED);
        settings.put(JarProcess.JAVA_OPTIONS, JarProcess.AS_SHIPPED);
        jar = JarProcess.start(settings);
    }

    @Test
    void fileThatIsLargerThanTheHeapComesThrough() throws Exception {
        assertThat(downloadedChecksum(jar)).isEqualTo(checksumOfLarge);
    }

    @Test
    void eachBranchServesASmallFile() {
        for (String branch : Stage.BRANCHES) {
            assertThat(jar.api().download(request(branch, "hello.txt")).text()).isEqualTo(success(HELLO));
        }
    }

    @Test
    void eachLineOfTheLogIsAnObjectOfTheElasticCommonSchema() throws Exception {
        jar.api().download(request("standard", "nowhere.txt"));

        await().until(() -> jar.output().contains("\"resultCode\":\"13\""));
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : jar.output().lines().toList()) {
            lines.add(json.readTree(line));
        }
        assertThat(lines).allSatisfy(line -> assertThat(line.at("/ecs/version").asText()).isNotEmpty());
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

    @Test
    void librariesThatNothingUsesAreNotInIt() throws Exception {
        try (JarFile file = new JarFile(System.getProperty("packaged.jar"))) {
            List<String> libraries = file.stream().map(ZipEntry::getName)
                    .filter(name -> name.startsWith("BOOT-INF/lib/") && name.endsWith(".jar")).toList();

            assertThat(libraries).hasSizeGreaterThan(100).noneMatch(name -> name.matches("BOOT-INF/lib/(netty-.*"
                    + "|camel-(saga|xslt|xpath|validator|dataset|stub|cluster|cloud|xml-jaxp)(-starter)?-[0-9].*"
                    + "|jolokia-(agent|service-jsr160|service-discovery).*"
                    + "|tomcat-embed-websocket-.*|okhttp.*|kotlin-.*)"));
        }
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

    /** @return the checksum of the file, of a kind that costs little without the JVM's second compiler */
    private static long write(Path file) throws Exception {
        CRC32C checksum = new CRC32C();
        byte[] block = new byte[1024 * 1024];
        Random random = new Random(1);
        try (OutputStream out = new CheckedOutputStream(Files.newOutputStream(file), checksum)) {
            for (int i = 0; i < LARGE / block.length; i++) {
                // Blocks start differently, so that a wrong order would show.
                if (i % 64 == 0) {
                    random.nextBytes(block);
                }
                block[0] = (byte) i;
                out.write(block);
            }
        }
        return checksum.getValue();
    }

    /** @return the checksum of the file in a response whose envelope is right */
    private static long downloadedChecksum(Service service) throws Exception {
        CRC32C checksum = new CRC32C();
        try (InputStream response = service.api().downloadStream(request("standard", "large.bin"))) {
            assertThat(response.readNBytes(FILE_HEAD.length())).asString(StandardCharsets.US_ASCII)
                    .isEqualTo(FILE_HEAD);
            int left = (LARGE + 2) / 3 * 4;
            while (left > 0) {
                byte[] quads = response.readNBytes(Math.min(left, 64 * 1024));
                assertThat(quads).isNotEmpty();
                checksum.update(Base64.getDecoder().decode(quads));
                left -= quads.length;
            }
            assertThat(response.readAllBytes()).asString(StandardCharsets.US_ASCII).isEqualTo(FILE_TAIL);
        }
        return checksum.getValue();
    }
}
