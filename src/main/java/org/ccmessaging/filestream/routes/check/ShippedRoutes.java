package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
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
     * Returns whether files are these, byte by byte, and their folder holds nothing else beside folders.
     *
     * @throws UncheckedIOException if the folder cannot be listed
     */
    public static boolean are(RouteFiles files) {
        Map<String, String> texts = new HashMap<>();
        files.contents().forEach((file, bytes) ->
                texts.put(file.getFileName().toString(), new String(bytes, StandardCharsets.UTF_8)));
        try (Stream<Path> content = Files.list(files.folder())) {
            return texts.equals(Copies.TEXTS) && content.filter(Files::isRegularFile).count() == texts.size();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(files.folder() + " cannot be read", unreadable);
        }
    }

    /** Returns whether a text is that of one of these files. */
    static boolean has(String text) {
        return Copies.TEXTS.containsValue(text);
    }

    /** Read once, when somebody asks. */
    private static final class Copies {

        private static final Map<String, String> TEXTS = new HashMap<>();

        static {
            try {
                for (Resource copy : new PathMatchingResourcePatternResolver().getResources(COPIES)) {
                    TEXTS.put(copy.getFilename(), copy.getContentAsString(StandardCharsets.UTF_8));
                }
            } catch (IOException unreadable) {
                throw new UncheckedIOException(COPIES + " cannot be read", unreadable);
            }
        }
    }
}
