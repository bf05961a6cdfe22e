package org.ccmessaging.filestream.supplychain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.supplychain.Sbom.Component;
import org.ccmessaging.filestream.supplychain.Vex.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bill of materials says what is in the packaged jar, no more and no less. */
@Tag("jar")
class SbomIT {

    private static final String LIBRARIES = "BOOT-INF/lib/";

    /** Jars without a class, which the packaging leaves out. */
    private static final String STARTERS = "spring-boot-starter";

    private final Sbom sbom = Sbom.read();

    private static JarFile jar() throws IOException {
        return new JarFile(System.getProperty("packaged.jar"));
    }

    @Test
    void everyLibraryInTheJarIsThereAndNoneBesides() throws IOException {
        Set<String> listed = sbom.components().stream().map(Component::jar)
                .filter(jar -> !jar.startsWith(STARTERS)).collect(Collectors.toSet());
        try (JarFile jar = jar()) {
            List<String> shipped = jar.stream().map(entry -> entry.getName())
                    .filter(name -> name.startsWith(LIBRARIES) && name.endsWith(".jar"))
                    .map(name -> name.substring(LIBRARIES.length())).toList();

            assertThat(shipped).hasSizeGreaterThan(100).containsExactlyInAnyOrderElementsOf(listed);
        }
    }

    @Test
    void jarServesIt() throws IOException {
        try (JarFile jar = jar()) {
            assertThat(jar.getEntry("META-INF/sbom/application.cdx.json")).isNotNull();
        }
    }

    /** What would differ between two builds of the same commit. */
    @Test
    void nothingOfTheBuildIsInIt() {
        assertThat(sbom.document().has("serialNumber")).isFalse();
        assertThat(sbom.document().path("metadata").has("timestamp")).isFalse();
    }

    /** A new version of a library makes every statement about it a question again. */
    @Test
    void whatTheAdvisoriesSpeakOfIsInTheJarInThatVersion() {
        List<String> shipped = sbom.components().stream().map(Component::purl).toList();

        assertThat(Vex.read().statements()).extracting(Statement::subcomponents)
                .allSatisfy(named -> assertThat(shipped).containsAll(named));
    }
}
