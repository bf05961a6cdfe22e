package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The route files as the service ships them. The jar has a copy, and the build has checked it. */
final class ShippedRoutes {

    private static final String COPIES = "classpath:/route-check/shipped/*.camel.yaml";

    private ShippedRoutes() {
    }

    /**
     * Whether a folder holds these files, byte by byte, and nothing else beside folders.
     *
     * @throws UncheckedIOException if the folder or a file cannot be read
     */
    static boolean are(Path folder) {
        try (Stream<Path> content = Files.list(folder)) {
            Set<Path> files = content.filter(Files::isRegularFile).collect(Collectors.toSet());
            Resource[] copies = new PathMatchingResourcePatternResolver().getResources(COPIES);
            for (Resource copy : copies) {
                Path file = folder.resolve(String.valueOf(copy.getFilename()));
                if (!files.remove(file) || !hasContent(file, copy)) {
                    return false;
                }
            }
            return copies.length > 0 && files.isEmpty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(folder + " cannot be read", unreadable);
        }
    }

    private static boolean hasContent(Path file, Resource copy) throws IOException {
        try (InputStream content = copy.getInputStream()) {
            return Arrays.equals(content.readAllBytes(), Files.readAllBytes(file));
        }
    }
}
