package org.ccmessaging.filestream.supplychain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.ccmessaging.filestream.supplychain.Sbom.Component;
import org.ccmessaging.filestream.supplychain.Vex.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bill of materials says what is in the packaged jar, no more and no less, and all of it has a good licence. */
@Tag("jar")
class SbomIT {

    private static final String LIBRARIES = "BOOT-INF/lib/";

    /** Jars without a class, which the packaging leaves out. */
    private static final String STARTERS = "spring-boot-starter";

    /**
     * Licences under which a library may be passed on beside ours, as identifiers of SPDX. What is added here is a
     * decision: read the licence first.
     */
    private static final Set<String> ALLOWED = Set.of("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0",
            "EPL-2.0", "MIT", "MIT-0",
            // The text of BSD-3-Clause, under a name that SPDX does not know.
            "Go License https://golang.org/LICENSE");

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

    /** A library with several licences lets us choose one. */
    @Test
    void everyLibraryHasALicenceOfTheList() {
        assertThat(sbom.components()).filteredOn(component -> Collections.disjoint(component.licences(), ALLOWED))
                .as("libraries without a licence of %s", ALLOWED).isEmpty();
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
