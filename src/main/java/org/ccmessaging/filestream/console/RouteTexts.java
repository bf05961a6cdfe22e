package org.ccmessaging.filestream.console;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Findings;
import org.ccmessaging.filestream.routes.check.RouteFile;
import org.ccmessaging.filestream.routes.check.Value;

/** The texts of the routes of a generation as its files have them: an edit that does not serve is not shown. */
final class RouteTexts {

    private final Map<String, String> byId = new HashMap<>();

    RouteTexts(RouteFiles files) {
        files.contents().forEach((file, bytes) ->
                RouteFile.parse(file, bytes, new Findings()).ifPresent(this::add));
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
