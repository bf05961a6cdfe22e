package org.ccmessaging.filestream.supplychain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The bill of materials that the build made, in CycloneDX's JSON. */
record Sbom(JsonNode document) {

    private static final Path FILE = Path.of("target/classes/META-INF/sbom/application.cdx.json");

    static Sbom read() {
        if (Files.notExists(FILE)) {
            throw new IllegalStateException("No bill of materials in " + FILE + ": Maven makes none offline (-o)");
        }
        try {
            return new Sbom(new ObjectMapper().readTree(Files.readString(FILE)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * A library in the jar.
     *
     * @param purl its package URL without qualifiers, as {@code pkg:maven/group/artifact@version}
     * @param jar the name of its file
     * @param licences the identifiers of SPDX where they are known, otherwise what its POM says
     */
    record Component(String purl, String jar, List<String> licences) {

        @Override
        public String toString() {
            return purl + " " + licences;
        }
    }

    List<Component> components() {
        List<Component> found = new ArrayList<>();
        document.path("components").forEach(component -> found.add(new Component(
                component.path("purl").asText().replaceAll("\\?.*", ""),
                component.path("name").asText() + "-" + component.path("version").asText() + ".jar",
                licences(component.path("licenses")))));
        return found;
    }

    private static List<String> licences(JsonNode choices) {
        List<String> found = new ArrayList<>();
        for (JsonNode choice : choices) {
            JsonNode licence = choice.path("license");
            if (choice.has("expression")) {
                found.add(choice.path("expression").asText());
            } else if (licence.has("id")) {
                found.add(licence.path("id").asText());
            } else {
                found.add(licence.path("name").asText() + " " + licence.path("url").asText());
            }
        }
        return found;
    }
}
