package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The route files as the service ships them. The jar has a copy, and the build has checked it. */
public final class ShippedRoutes {

    private static final String COPIES = "classpath:/route-check/shipped/*.camel.yaml";

    private ShippedRoutes() {
    }

    /**
     * Whether files are these, byte by byte, and their folder holds nothing else beside folders.
     *
     * @throws UncheckedIOException if the folder cannot be listed
     */
    public static boolean are(RouteFiles files) {
        try (Stream<Path> content = Files.list(files.folder())) {
            Set<Path> others = content.filter(Files::isRegularFile).collect(Collectors.toSet());
            others.removeAll(files.contents().keySet());
            Resource[] copies = new PathMatchingResourcePatternResolver().getResources(COPIES);
            for (Resource copy : copies) {
                byte[] file = files.contents().get(files.folder().resolve(String.valueOf(copy.getFilename())));
                if (file == null || !Arrays.equals(file, copy.getContentAsByteArray())) {
                    return false;
                }
            }
            return copies.length > 0 && copies.length == files.contents().size() && others.isEmpty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(files.folder() + " cannot be read", unreadable);
        }
    }
}
