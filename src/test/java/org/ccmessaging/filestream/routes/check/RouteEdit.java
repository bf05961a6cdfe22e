package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.routes.Lines.indentation;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.spi.PropertiesFunction;
import org.ccmessaging.filestream.routes.Lines;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.yaml.snakeyaml.Yaml;

/**
 * An edit of the shipped routes, from the collections {@code route-edits/broken} and {@code route-edits/good}.
 *
 * @param name what the edit does, a sentence
 * @param file the file that most of it is about; {@code null} if there is none
 * @param fields the edit as the collection has it
 */
record RouteEdit(String name, String file, Map<String, Object> fields) {

    private static final Path COLLECTIONS = Path.of("src/test/resources/route-edits");
    private static final Path SHIPPED = Path.of("routes");

    /** What the routes need to know of the settings to be resolved. */
    private static final Map<String, String> SETTINGS = Map.of("filestream.storage.local.type", "filesystem",
            "filestream.storage.multimedia-library.type", "s3", "filestream.storage.standard.type", "s3",
            "filestream.library.catalogue", "none", "filestream.library.cache", "30s",
            "filestream.auth.token-endpoints", "true");

    /** All edits of a collection. */
    static List<RouteEdit> all(String collection) {
        try (Stream<Path> files = Files.list(COLLECTIONS.resolve(collection))) {
            List<RouteEdit> edits = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                List<Map<String, Object>> cases = new Yaml().load(Files.readString(file));
                cases.forEach(one -> edits.add(new RouteEdit((String) one.get("name"), (String) one.get("file"), one)));
            }
            return edits;
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    /** The settings with which the edited routes are checked. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>(SETTINGS);
        map(fields.get("settings")).forEach((key, value) -> settings.put(key, value.toString()));
        return settings;
    }

    /** What these settings allow. */
    RoutesSettings routesSettings() {
        Map<String, Object> settings = new LinkedHashMap<>(settings());
        return ShippedSettings.of("filestream.routes", RoutesSettings.class, settings);
    }

    /** What the check must find; an empty map for a good edit. */
    Map<String, Object> expected() {
        return map(fields.get("expect"));
    }

    /** Codes of errors that may come besides, from levels of the check that see the same fault. */
    List<String> also() {
        Object also = expected().getOrDefault("also", fields.get("also"));
        return also == null ? List.of() : ((List<?>) also).stream().map(Object::toString).toList();
    }

    /** Writes the shipped routes with this edit to a folder. */
    void writeTo(Path folder) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(SHIPPED)) {
            for (Path route : files.filter(path -> path.toString().endsWith(".camel.yaml")).toList()) {
                texts.put(route.getFileName().toString(), Files.readString(route));
            }
        }
        if (fields.get("edits") instanceof List<?> edits) {
            edits.forEach(edit -> apply(map(edit), texts));
        } else {
            apply(fields, texts);
        }
        for (Map.Entry<String, String> text : texts.entrySet()) {
            Object encoding = text.getKey().equals(file) ? fields.get("encoding") : null;
            Files.write(folder.resolve(text.getKey()), encoded(text.getValue(), encoding));
        }
    }

    private static byte[] encoded(String text, Object encoding) {
        return encoding == null ? text.getBytes(StandardCharsets.UTF_8)
                : text.getBytes(Charset.forName(encoding.toString()));
    }

    private void apply(Map<String, Object> edit, Map<String, String> texts) {
        String target = (String) edit.getOrDefault("file", file);
        if (edit.containsKey("deleteFile")) {
            assertThat(texts.remove(edit.get("deleteFile"))).as("%s: the deleted file", name).isNotNull();
        }
        if (edit.containsKey("newFile")) {
            texts.put((String) edit.get("newFile"), (String) edit.get("content"));
        }
        if (target != null && texts.containsKey(target)) {
            texts.put(target, edited(edit, texts.get(target)));
        }
    }

    private String edited(Map<String, Object> edit, String text) {
        if (edit.containsKey("strip")) {
            return edited(without(edit, "strip"), text.replace((String) edit.get("strip"), ""));
        } else if (edit.containsKey("replace")) {
            return Lines.replaced(name, text, (String) edit.get("replace"), (String) edit.get("with"));
        } else if (edit.containsKey("append")) {
            return text + edit.get("append");
        }
        List<String> lines = new ArrayList<>(text.lines().toList());
        for (String operation : List.of("deleteStep", "replaceStep", "insertBefore", "insertAfter")) {
            if (edit.containsKey(operation)) {
                Block block = block(lines, (String) edit.get(operation));
                String added = (String) edit.getOrDefault("text", edit.getOrDefault("with", ""));
                List<String> step = added.lines().map(line -> line.isEmpty() ? line
                        : " ".repeat(block.indentation()) + line).toList();
                if (operation.endsWith("Step")) {
                    lines.subList(block.from(), block.to()).clear();
                }
                lines.addAll(operation.equals("insertAfter") ? block.to() : block.from(), step);
            }
        }
        return lines.stream().collect(Collectors.joining("\n", "", "\n"));
    }

    private static Map<String, Object> without(Map<String, Object> edit, String key) {
        Map<String, Object> rest = new LinkedHashMap<>(edit);
        rest.remove(key);
        return rest;
    }

    /** The lines of the step with an id, from that of its name to the last of its fields. */
    private Block block(List<String> lines, String id) {
        int at = lineOf(lines, id);
        int from = start(lines, at);
        int indentation = indentation(lines.get(from));
        int to = from + 1;
        while (to < lines.size() && (lines.get(to).isBlank() || indentation(lines.get(to)) > indentation)) {
            to++;
        }
        return new Block(from, to, indentation);
    }

    private int lineOf(List<String> lines, String id) {
        for (int line = 0; line < lines.size(); line++) {
            if (lines.get(line).strip().replaceFirst("^- ", "").equals("id: " + id)) {
                return line;
            }
        }
        throw new IllegalStateException(name + ": no step " + id);
    }

    private static int start(List<String> lines, int at) {
        if (lines.get(at).strip().startsWith("- ")) {
            return at;
        }
        int line = at;
        while (indentation(lines.get(line)) >= indentation(lines.get(at))) {
            line--;
        }
        return line;
    }

    /** The number, from 1, of the line in which the step with an id begins. */
    int startOf(Path file, String id) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return start(lines, lineOf(lines, id)) + 1;
    }

    /** Lines from one to before another. */
    private record Block(int from, int to, int indentation) {
    }

    /** Every branch is of every type. */
    static final class Branches implements PropertiesFunction {

        @Override
        public String getName() {
            return "branches";
        }

        @Override
        public String apply(String type) {
            return "standard";
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
