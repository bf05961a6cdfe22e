package org.ccmessaging.filestream.supplychain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The bill of materials says what is in the packaged jar, no more and no less, and all of it has a good licence. */
@Tag("jar")
class SbomIT {

    private static final String LIBRARIES = "BOOT-INF/lib/";

    /** Licences, as identifiers of SPDX, of libraries that we may pass on. Read a licence before you add it. */
    private static final Set<String> ALLOWED = Set.of("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0",
            "EPL-2.0", "MIT", "MIT-0",
            // The text of BSD-3-Clause, under a name that SPDX does not know.
            "Go License https://golang.org/LICENSE");

    /** A library in the jar; its package URL ({@code purl}) has no qualifiers. */
    record Component(String purl, String jar, String sha256, List<String> licences) { }

    /** Maven makes the bill of materials, in CycloneDX's JSON, but not offline (-o). */
    private static List<Component> components() throws IOException {
        JsonNode document;
        try (JarFile jar = new JarFile(System.getProperty("packaged.jar"))) {
            document = new ObjectMapper().readTree(
                    jar.getInputStream(jar.getEntry("META-INF/sbom/application.cdx.json")));
        }
        return document.path("components").valueStream().map(component -> new Component(
                component.path("purl").asText().replaceAll("\\?.*", ""),
                component.path("name").asText() + "-" + component.path("version").asText() + ".jar",
                component.path("hashes").valueStream().filter(hash -> hash.path("alg").asText().equals("SHA-256"))
                        .findFirst().orElseThrow().path("content").asText(),
                component.path("licenses").valueStream().map(SbomIT::licence).toList())).toList();
    }

    /** The identifier of SPDX where it is known, otherwise what the POM says. */
    private static String licence(JsonNode choice) {
        JsonNode licence = choice.path("license");
        return choice.path("expression").asText(licence.path("id").asText(
                licence.path("name").asText() + " " + licence.path("url").asText()));
    }

    @Test
    void listsTheLibrariesOfTheJarWithTheirChecksumsAndNoOthers() throws IOException {
        // The packaging leaves out starters, which have no classes.
        Map<String, String> listed = components().stream()
                .filter(component -> !component.jar().startsWith("spring-boot-starter"))
                .collect(Collectors.toMap(Component::jar, Component::sha256));
        Map<String, String> shipped = new HashMap<>();
        try (JarFile jar = new JarFile(System.getProperty("packaged.jar"))) {
            for (JarEntry entry : jar.stream().filter(each -> each.getName().startsWith(LIBRARIES)
                    && each.getName().endsWith(".jar")).toList()) {
                shipped.put(entry.getName().substring(LIBRARIES.length()),
                        DigestUtils.sha256Hex(jar.getInputStream(entry)));
            }
        }

        assertThat(shipped).hasSizeGreaterThan(100).containsExactlyInAnyOrderEntriesOf(listed);
    }

    /** A library with several licences lets us choose one. */
    @Test
    void everyLibraryHasALicenceOfTheList() throws IOException {
        assertThat(components()).filteredOn(component -> Collections.disjoint(component.licences(), ALLOWED))
                .as("libraries without a licence of %s", ALLOWED).isEmpty();
    }

    @Test
    void listsNoLibraryThatNothingUses() throws IOException {
        assertThat(components()).extracting(Component::jar).noneMatch(jar -> jar.matches("netty-.*"
                + "|camel-(saga|xslt|xpath|validator|dataset|stub|cluster|cloud|xml-jaxp)(-starter)?-[0-9].*"
                + "|jolokia-(agent|service-jsr160|service-discovery).*|tomcat-embed-websocket-.*|okhttp.*|kotlin-.*"));
    }

    /** A new version of a library makes every statement about it a question again. */
    @Test
    void advisoriesNameLibrariesInTheirVersionsAndLibrariesThatAreAbsent() throws IOException {
        List<String> shipped = components().stream().map(Component::purl).toList();

        assertThat(VexTest.statements()).allSatisfy(statement -> {
            assertThat(shipped).containsAll(statement.subcomponents());
            assertThat(statement.proofs("absent")).allSatisfy(library -> assertThat(shipped)
                    .noneMatch(purl -> purl.startsWith("pkg:maven/" + library.replace(':', '/') + "@")));
        });
    }
}
