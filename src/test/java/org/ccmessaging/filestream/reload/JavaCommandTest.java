package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that starts the product again. */
class JavaCommandTest {

    private static final String MAIN = "org.ccmessaging.filestream.FileStreamApplication";

    private static List<String> command(
            String classPath, String started, List<String> options) {
        return new JavaCommand("java", classPath, started, options)
                .with(List.of("-Xmx256m"), List.of("routes", "test", "DIR"));
    }

    @Test
    void jarIsStartedAsAJar() {
        assertThat(command("target/x.jar", "target/x.jar --server.port=0", List.of())).containsExactly(
                "java", "-Xmx256m", "-jar", "target/x.jar", "routes", "test", "DIR");
        assertThat(command("x.jar", "x.jar", List.of())).contains("-jar");
    }

    /** As in an image with connectors (docs/editing-routes.md#connectors), and in a development environment. */
    @Test
    void classPathIsStartedWithTheMainClass() {
        assertThat(command("x.jar:connectors/a.jar", MAIN, List.of())).containsExactly(
                "java", "-Xmx256m", "-cp", "x.jar:connectors/a.jar", MAIN, "routes", "test", "DIR");
        assertThat(command("x.jar", MAIN, List.of())).contains("-cp", MAIN);
        assertThat(command("x.jar", null, List.of())).contains("-cp", MAIN);
    }

    /** Everybody may read the arguments of a process. */
    @Test
    void classesStayAndSettingsDoNot() {
        assertThat(command("x.jar", "x.jar --filestream.s3.secret-key=secret", List.of(
                "-Dloader.path=lib,/srv/connectors", "-Xmx4g", "-javaagent:agent.jar",
                "-Dfilestream.auth.signing-key=secret", "-Dspring.config.location=/etc/filestream/",
                "--add-opens=java.base/java.lang=ALL-UNNAMED"))).containsExactly("java",
                "-Dloader.path=lib,/srv/connectors", "--add-opens=java.base/java.lang=ALL-UNNAMED", "-Xmx256m", "-jar",
                "x.jar", "routes", "test", "DIR");
    }

    @Test
    void unpackedJarHasTheSameClassesWithConnectorsFirst(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("x.jar");
        try (ZipOutputStream packed = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name : List.of("META-INF/", "META-INF/spring.factories", "BOOT-INF/classes/org/Ours.class",
                    "BOOT-INF/lib/", "BOOT-INF/lib/a.jar")) {
                packed.putNextEntry(new ZipEntry(name));
            }
        }
        Path place = Files.createDirectory(folder.resolve("place"));
        JavaCommand command = new JavaCommand("java", jar.toString(), jar + " --server.port=0", List.of());

        assertThat(command.unpacked(place).with(List.of(), List.of("routes"))).containsExactly("java", "-cp",
                "lib/*:<>/BOOT-INF/classes:<>:<>/BOOT-INF/lib/*".replace("<>", place + "/jar"),
                MAIN, "routes");
        assertThat(place.resolve("jar/BOOT-INF/lib/a.jar")).exists();
        assertThat(place.resolve("jar/META-INF/spring.factories")).exists();
    }

    /** As {@code java -Djarmode=tools -jar … extract} leaves it. */
    @Test
    void jarOfAnUnpackedProductStaysAsItIs(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("x.jar");
        try (ZipOutputStream packed = new ZipOutputStream(Files.newOutputStream(jar))) {
            packed.putNextEntry(new ZipEntry("org/Ours.class"));
        }
        Path place = Files.createDirectory(folder.resolve("place"));
        JavaCommand command = new JavaCommand("java", jar.toString(), jar.toString(), List.of());

        assertThat(command.unpacked(place)).isSameAs(command);
        assertThat(place).isEmptyDirectory();
    }

    /** The folder is the launcher's to search, and a class path has no launcher. */
    @Test
    void jarWithAFolderOfItsOwnForConnectorsAndAClassPathStayAsTheyAre(@TempDir Path folder) throws Exception {
        JavaCommand jar = new JavaCommand("java", "x.jar", "x.jar", List.of("-Dloader.path=/srv/connectors"));
        JavaCommand classPath = new JavaCommand("java", "x.jar:lib/a.jar", MAIN, List.of());

        assertThat(jar.unpacked(folder)).isSameAs(jar);
        assertThat(classPath.unpacked(folder)).isSameAs(classPath);
        assertThat(folder).isEmptyDirectory();
    }

    /** The image has one for the service (Dockerfile). */
    @Test
    void archiveOfClassesIsUsedAgain() {
        assertThat(command("x.jar:lib/a.jar", MAIN, List.of("-XX:AOTCache=/app/classes.aot", "-XX:+UseG1GC")))
                .startsWith("java", "-XX:AOTCache=/app/classes.aot", "-Xmx256m");
        assertThat(command("x.jar", MAIN, List.of("-XX:SharedArchiveFile=x.jsa")))
                .contains("-XX:SharedArchiveFile=x.jsa");
    }

    @Test
    void thisProcessHasAClassPathOfItsOwn() {
        assertThat(JavaCommand.ofThisProcess().with(List.of(), List.of("routes"))).contains("-cp", MAIN)
                .noneMatch(option -> option.startsWith("-javaagent")).first().asString().endsWith("java");
    }
}
