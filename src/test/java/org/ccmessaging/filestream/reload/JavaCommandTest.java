package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How the product starts itself again. */
class JavaCommandTest {

    private static final String MAIN = "org.ccmessaging.filestream.FileStreamApplication";

    private static List<String> command(
            String classPath, String started, List<String> options, List<String> arguments) {
        return new JavaCommand("java", classPath, started, options, arguments)
                .with(List.of("-Xmx256m"), List.of("routes", "test", "DIR"));
    }

    @Test
    void jarIsStartedAsAJar() {
        assertThat(command("target/x.jar", "target/x.jar --server.port=0", List.of(), List.of())).containsExactly(
                "java", "-Xmx256m", "-jar", "target/x.jar", "routes", "test", "DIR");
        assertThat(command("x.jar", "x.jar", List.of(), List.of())).contains("-jar");
    }

    /** As in an image with connectors (docs/connectors.md), and in a development environment. */
    @Test
    void classPathIsStartedWithTheMainClass() {
        assertThat(command("x.jar:connectors/a.jar", MAIN, List.of(), List.of())).containsExactly(
                "java", "-Xmx256m", "-cp", "x.jar:connectors/a.jar", MAIN, "routes", "test", "DIR");
        assertThat(command("x.jar", MAIN, List.of(), List.of())).contains("-cp", MAIN);
        assertThat(command("x.jar", null, List.of(), List.of())).contains("-cp", MAIN);
    }

    @Test
    void systemPropertiesStayAndOptionsForTheServiceAloneDoNot() {
        assertThat(command("x.jar", "x.jar", List.of("-Dloader.path=lib,/srv/connectors", "-Xmx4g", "-XX:+UseZGC",
                "-javaagent:agent.jar", "-agentlib:jdwp=transport=dt_socket,server=y,address=5005",
                "-Dcom.sun.management.jmxremote.port=9010", "-Dspring.config.location=/etc/filestream/",
                "--add-opens=java.base/java.lang=ALL-UNNAMED"), List.of())).containsExactly("java",
                "-Dloader.path=lib,/srv/connectors", "-Dspring.config.location=/etc/filestream/",
                "--add-opens=java.base/java.lang=ALL-UNNAMED", "-Xmx256m", "-jar", "x.jar", "routes", "test", "DIR");
    }

    @Test
    void settingsAmongTheArgumentsBecomeSystemProperties() {
        assertThat(command("x.jar", "x.jar", List.of("-Dfilestream.storage.promo.type=s3"),
                List.of("--filestream.storage.promo.type=filesystem", "--debug", "text", "--a.b=c=d e")))
                .containsExactly("java", "-Dfilestream.storage.promo.type=s3",
                        "-Dfilestream.storage.promo.type=filesystem", "-Da.b=c=d e", "-Xmx256m", "-jar", "x.jar",
                        "routes", "test", "DIR");
    }

    @Test
    void thisProcessHasAClassPathOfItsOwn() {
        assertThat(JavaCommand.ofThisProcess(List.of()).with(List.of(), List.of("routes"))).contains("-cp", MAIN)
                .noneMatch(option -> option.startsWith("-javaagent")).first().asString().endsWith("java");
    }
}
