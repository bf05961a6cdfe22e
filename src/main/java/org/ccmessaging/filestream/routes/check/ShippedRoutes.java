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

/** The shipped route files. The jar has a copy, which the build has checked. */
public final class ShippedRoutes {

    private static final String COPIES = "classpath:/route-check/shipped/*.camel.yaml";
    private static final Map<String, String> TEXTS = read();

    private ShippedRoutes() {
    }

    /**
     * Returns whether files equal these byte by byte, and their folder has no other file.
     *
     * @throws UncheckedIOException if the folder cannot be listed
     */
    public static boolean are(RouteFiles files) {
        Map<String, String> texts = new HashMap<>();
        files.contents().forEach((file, bytes) ->
                texts.put(file.getFileName().toString(), new String(bytes, StandardCharsets.UTF_8)));
        try (Stream<Path> content = Files.list(files.folder())) {
            return texts.equals(TEXTS) && content.filter(Files::isRegularFile).count() == texts.size();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(files.folder() + " cannot be read", unreadable);
        }
    }

    /** Returns whether one of these files has this text. */
    static boolean has(String text) {
        return TEXTS.containsValue(text);
    }

    private static Map<String, String> read() {
        Map<String, String> texts = new HashMap<>();
        try {
            for (Resource copy : new PathMatchingResourcePatternResolver().getResources(COPIES)) {
                texts.put(copy.getFilename(), copy.getContentAsString(StandardCharsets.UTF_8));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(COPIES + " cannot be read", unreadable);
        }
        return texts;
    }
}
