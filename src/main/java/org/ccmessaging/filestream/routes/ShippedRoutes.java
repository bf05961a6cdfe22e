package org.ccmessaging.filestream.routes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The route files in the jar, which the build has checked. Those of the frame run from here, whatever a folder of
 * routes holds (decision 0026). Those of authors are here as they were shipped.
 */
public final class ShippedRoutes {

    /** Texts by file name. */
    private static final Map<String, String> FRAME = read("frame");
    private static final Map<String, String> AUTHORS = read("shipped-routes");

    private ShippedRoutes() {
    }

    /** Returns the files of the frame, as if they were in a folder {@code frame}. */
    public static RouteFiles frame() {
        return RouteFiles.of(Path.of("frame"), FRAME);
    }

    /** Returns whether the frame has a file of this name. */
    public static boolean isFrame(Path file) {
        return FRAME.containsKey(file.getFileName().toString());
    }

    /**
     * Returns whether files equal these byte by byte, with or without the frame, and their folder has no other file.
     *
     * @throws UncheckedIOException if the folder cannot be listed
     */
    public static boolean are(RouteFiles files) {
        Map<String, String> texts = files.texts();
        texts.entrySet().removeAll(FRAME.entrySet());
        try (Stream<Path> content = Files.list(files.folder())) {
            return texts.equals(AUTHORS)
                    && content.filter(Files::isRegularFile).count() == files.contents().size();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(files.folder() + " cannot be read", unreadable);
        }
    }

    /** Returns whether one of these files has this text. */
    public static boolean has(String text) {
        return FRAME.containsValue(text) || AUTHORS.containsValue(text);
    }

    private static Map<String, String> read(String folder) {
        Map<String, String> texts = new HashMap<>();
        String pattern = "classpath:/" + folder + "/*.camel.yaml";
        try {
            for (Resource copy : new PathMatchingResourcePatternResolver().getResources(pattern)) {
                texts.put(copy.getFilename(), copy.getContentAsString(StandardCharsets.UTF_8));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(pattern + " cannot be read", unreadable);
        }
        return texts;
    }
}
