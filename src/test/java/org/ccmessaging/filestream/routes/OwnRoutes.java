package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.RouteFiles;
import org.ccmessaging.filestream.routes.check.RouteSet;

/** A folder with the shipped routes and the edits of an installation. */
public final class OwnRoutes {

    static final Path SHIPPED = Path.of("routes");

    private final Path folder;

    /** @param folder is empty */
    public OwnRoutes(Path folder) throws IOException {
        this.folder = folder;
        restore();
    }

    /** Returns the shipped routes, as the check reads them. */
    public static RouteSet shipped() {
        return RouteSet.read(RouteFiles.read(SHIPPED), key -> null);
    }

    /** Takes all edits back. Files without an edit stay, so that a service that reads them sees a complete folder. */
    public void restore() throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> Files.notExists(SHIPPED.resolve(file.getFileName()))).toList()) {
                Files.delete(file);
            }
        }
        try (Stream<Path> files = Files.list(SHIPPED)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = folder.resolve(file.getFileName());
                if (Files.notExists(copy) || Files.mismatch(file, copy) >= 0) {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    public Path folder() {
        return folder;
    }

    /** Adds a file. */
    public void add(String stem, String yaml) throws IOException {
        Files.writeString(folder.resolve(stem + ".camel.yaml"), yaml);
    }

    /** Adds the one {@code when} that a branch needs: of files whose {@code fileId} starts with its name. */
    public void choose(String branch) throws IOException {
        replace("choose-storage", "              - id: when-local\n", """
                              - id: when-BRANCH
                                expression: {simple: {expression: "${variable.request.fileId} startsWith 'BRANCH/'"}}
                                steps:
                                  - to: {id: to-storage-BRANCH, uri: "direct:storage-BRANCH"}
                              - id: when-local
                """.replace("BRANCH", branch));
    }

    /** Adds the route of a branch, as the shipped ones are. */
    public void addStorage(String branch) throws IOException {
        add("storage-" + branch, Files.readString(SHIPPED.resolve("storage-local.camel.yaml"))
                .replace("local", branch).replace("substring(6)", "substring(" + (branch.length() + 1) + ")"));
    }

    /** Replaces a text of a file that has it once. */
    public void replace(String stem, String text, String replacement) throws IOException {
        Path file = folder.resolve(stem + ".camel.yaml");
        String yaml = Files.readString(file);
        assertThat(yaml).containsOnlyOnce(text);
        Files.writeString(file, yaml.replace(text, replacement));
    }
}
