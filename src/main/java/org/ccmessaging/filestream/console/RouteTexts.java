package org.ccmessaging.filestream.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteFile;
import org.ccmessaging.filestream.routes.check.Value;

/**
 * The texts of routes as their files have them at the start: an edit that does not serve yet is not shown.
 */
final class RouteTexts {

    private final Map<String, String> byId = new HashMap<>();

    /** @throws UncheckedIOException if the folder or a file cannot be read */
    RouteTexts(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path path : files.filter(RouteFile::isOne).sorted().toList()) {
                RouteFile.parse(path, Files.readAllBytes(path), new Findings()).ifPresent(this::add);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The route files in " + folder + " cannot be read", unreadable);
        }
    }

    /** The text of a route, after a line that names its file; {@code null} if no file has a route of this ID. */
    String of(String routeId) {
        return byId.get(routeId);
    }

    private void add(RouteFile file) {
        List<String> lines = file.text().lines().toList();
        List<Value> items = file.yaml().items();
        for (int i = 0; i < items.size(); i++) {
            int from = items.get(i).place().line() - 1;
            int to = i + 1 < items.size() ? items.get(i + 1).place().line() - 1 : lines.size();
            byId.put(items.get(i).get("route").get("id").text(),
                    "# " + file.path() + "\n" + String.join("\n", lines.subList(from, to)) + "\n");
        }
    }
}
