package org.ccmessaging.filestream.supplychain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code security/vex.json}: which advisories of the libraries concern the product, and which do not. */
record Vex(JsonNode document) {

    static final Path FILE = Path.of("security/vex.json");

    static Vex read() {
        try {
            return new Vex(new ObjectMapper().readTree(Files.readString(FILE)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * One statement, about one advisory.
     *
     * @param cve the advisory's name
     * @param json the statement as written
     */
    record Statement(String cve, JsonNode json) {

        String text(String member) {
            return json.path(member).asText();
        }

        List<String> products() {
            return ids(json.path("products"));
        }

        List<String> subcomponents() {
            List<String> found = new ArrayList<>();
            json.path("products").forEach(product -> found.addAll(ids(product.path("subcomponents"))));
            return found;
        }

        private static List<String> ids(JsonNode components) {
            List<String> found = new ArrayList<>();
            components.forEach(component -> found.add(component.path("@id").asText()));
            return found;
        }

        @Override
        public String toString() {
            return cve;
        }
    }

    List<Statement> statements() {
        List<Statement> found = new ArrayList<>();
        document.path("statements").forEach(statement ->
                found.add(new Statement(statement.path("vulnerability").path("name").asText(), statement)));
        return found;
    }
}
