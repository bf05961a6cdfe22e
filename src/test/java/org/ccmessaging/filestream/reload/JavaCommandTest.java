package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

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

    /** As in an image with connectors (docs/connectors.md), and in a development environment. */
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
    void thisProcessHasAClassPathOfItsOwn() {
        assertThat(JavaCommand.ofThisProcess().with(List.of(), List.of("routes"))).contains("-cp", MAIN)
                .noneMatch(option -> option.startsWith("-javaagent")).first().asString().endsWith("java");
    }
}
