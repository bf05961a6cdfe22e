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
import java.util.jar.JarFile;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import java.util.zip.ZipEntry;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathFactory;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.support.JarProcess;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import software.amazon.awssdk.core.sync.RequestBody;

/** The jar as users start it: {@code java -Xmx96m -jar}, settings from the environment. */
@Tag("jar")
class PackagedJarIT {

    /** In bytes: three times the heap. */
    private static final int LARGE = 300 * 1024 * 1024;

    /** One start for both, since each takes as much CPU as many tests. */
    @Test
    void fileOfThreeTimesTheHeapComesThroughAndEachLineOfTheLogIsAnObjectOfTheElasticCommonSchema(
            @TempDir Path folder) throws Exception {
        long checksum = write(Files.createDirectories(folder.resolve("demo")).resolve("large.bin"));
        Map<String, Object> settings = Stage.onFolder(folder);
        settings.put("filestream.download.max-file-size", "2GB");
        settings.put("logging.structured.format.console", JarProcess.AS_SHIPPED);
        try (Service service = startAsShipped(settings)) {
            assertThat(downloadedChecksum(service)).isEqualTo(checksum);
            service.api().download(request("standard", "nowhere.txt"));

            await().until(() -> ((JarProcess) service).output().contains("\"resultCode\":\"13\""));
            ObjectMapper json = new ObjectMapper();
            List<JsonNode> lines = new ArrayList<>();
            for (String line : ((JarProcess) service).output().lines().toList()) {
                lines.add(json.readTree(line));
            }
            assertThat(lines).allSatisfy(line -> assertThat(line.at("/ecs/version").asText()).isNotEmpty());
            assertThat(lines).filteredOn(line -> line.at("/log/logger").asText().equals("download")).hasSize(2).last()
                    .satisfies(line -> {
                        assertThat(line.get("branch").asText()).isEqualTo("standard");
                        assertThat(line.get("resultCode").asText()).isEqualTo("13");
                        assertThat(line.get("userId").asText()).matches("[0-9a-f]{16}");
                        assertThat(line.at("/service/version").asText()).isNotEmpty();
                    });
        }
    }

    @Tag("full")
    @Test
    void fileOfThreeTimesTheHeapComesThroughFromS3(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("large.bin");
        long checksum = write(file);
        try (EmbeddedS3 s3 = EmbeddedS3.onDisk(Files.createDirectories(folder.resolve("s3")), Stage.BRANCHES)) {
            s3.put("standard", "demo/large.bin", RequestBody.fromFile(file));
            Map<String, Object> settings = new HashMap<>(s3.settings());
            settings.put("filestream.download.max-file-size", "2GB");
            try (Service service = startAsShipped(settings)) {
                assertThat(downloadedChecksum(service)).isEqualTo(checksum);
            }
        }
    }

    @Test
    void withoutAKeyItSaysWhichSettingToSetAndStops() {
        JarProcess jar = JarProcess.launch(Map.of("server.port", 0, "management.server.port", 0), Path.of(""));

        assertThat(jar.exitCode()).isEqualTo(78);
        assertThat(jar.output()).contains("filestream.auth.signing-key is not set");
    }

    /** Starts a command of the jar. */
    private static Process command(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m", "-jar", System.getProperty("packaged.jar")).redirectErrorStream(true);
        process.command().addAll(List.of(command));
        // The java command would say that it reads them.
        process.environment().keySet().removeAll(Set.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS"));
        process.environment().putAll(environment);
        return process.start();
    }

    @Test
    void aCommandPrintsItsResultAndNothingElse() throws Exception {
        Process check = command(Map.of(), "routes", "check");

        assertThat(JarProcess.output(check).lines()).containsExactly("12 files, 0 errors");
        assertThat(check.exitValue()).isZero();
    }

    @Test
    void doctorReportsAStoreThatDoesNotRespond() throws Exception {
        Process doctor = command(Map.of("FILESTREAM_AUTH_SIGNING_KEY", Service.SIGNING_KEY,
                "FILESTREAM_S3_ENDPOINT", "http://127.0.0.1:9",
                "FILESTREAM_S3_ACCESS_KEY", "a", "FILESTREAM_S3_SECRET_KEY", "not to be printed"), "doctor");
        String output = JarProcess.output(doctor);

        assertThat(output.lines()).allMatch(line -> line.matches("(OK|warning|critical) .*| .*"))
                .anyMatch(line -> line.matches("critical +multimedia-library: .*"))
                .anyMatch(line -> line.matches("critical +standard: .*"))
                .anyMatch(line -> line.matches("OK +routes: .* 0 errors"));
        assertThat(output).doesNotContain("not to be printed", Service.SIGNING_KEY);
        assertThat(doctor.exitValue()).isEqualTo(1);
    }

    @Test
    void librariesThatNothingUsesAreNotInIt() throws Exception {
        try (JarFile jar = new JarFile(System.getProperty("packaged.jar"))) {
            List<String> libraries = jar.stream().map(ZipEntry::getName)
                    .filter(name -> name.startsWith("BOOT-INF/lib/") && name.endsWith(".jar")).toList();

            assertThat(libraries).hasSizeGreaterThan(100).noneMatch(name -> name.matches("BOOT-INF/lib/(netty-.*"
                    + "|camel-(saga|xslt|xpath|validator|dataset|stub|cluster|cloud|xml-jaxp)(-starter)?-[0-9].*"
                    + "|jolokia-(agent|service-jsr160|service-discovery).*"
                    + "|tomcat-embed-websocket-.*|okhttp.*|kotlin-.*)"));
        }
    }

    /** A profile that repeats a version would win over the one that somebody raises. */
    @ParameterizedTest
    @CsvSource({"tomcat.version, tomcat-embed-core", "jackson-2-bom.version, jackson-databind",
        "jackson-bom.version, jackson-databind"})
    void libraryHasTheVersionOfTheMainProperties(String property, String library) throws Exception {
        Document pom = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse("pom.xml");
        String version = XPathFactory.newDefaultInstance().newXPath()
                .evaluate("/project/properties/" + property, pom);
        try (JarFile jar = new JarFile(System.getProperty("packaged.jar"))) {
            assertThat(jar.stream().map(ZipEntry::getName))
                    .filteredOn(name -> name.startsWith("BOOT-INF/lib/" + library + "-" + version.split("\\.")[0]))
                    .containsExactly("BOOT-INF/lib/" + library + "-" + version + ".jar");
        }
    }

    /** The launcher passes over one that is not there, and the start is slower. */
    @Test
    void eachLibraryThatTheLauncherTakesFirstIsInIt() throws Exception {
        try (JarFile jar = new JarFile(System.getProperty("packaged.jar"))) {
            Properties loader = new Properties();
            try (InputStream properties = jar.getInputStream(jar.getEntry("BOOT-INF/classes/loader.properties"))) {
                loader.load(properties);
            }
            List<String> first = List.of(loader.getProperty("loader.path").split(","));

            assertThat(first).startsWith("lib", "BOOT-INF/classes").hasSizeGreaterThan(20);
            assertThat(first.subList(2, first.size())).allSatisfy(name -> assertThat(jar.getEntry(name)).isNotNull());
        }
    }

    private static Service startAsShipped(Map<String, Object> settings) {
        settings.put(JarProcess.JAVA_OPTIONS, JarProcess.AS_SHIPPED);
        return JarProcess.start(settings);
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
