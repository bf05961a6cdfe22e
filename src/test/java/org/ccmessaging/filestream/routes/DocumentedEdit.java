package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * An edit of docs/examples.
 *
 * @param name the file without its extension
 * @param onTopOf the name of the edit on whose result it works; {@code null} if there is none
 * @param changes what it does, in order
 * @param tests the tests of routes for it, as YAML
 */
public record DocumentedEdit(String name, String onTopOf, List<Map<String, String>> changes, String tests) {

    static final String SETTINGS = "config/application.yaml";

    private static final Path FOLDER = Path.of("docs/examples");
    private static final String TESTS = "\ntests:\n";

    /** All edits in the order of docs/route-examples.md. */
    static List<DocumentedEdit> all() {
        return Pattern.compile("\\(examples/([a-z0-9-]+)\\.yaml\\)").matcher(read(Path.of("docs/route-examples.md")))
                .results().map(found -> of(found.group(1))).toList();
    }

    /** Returns the only new route file of an edit. */
    public static String newFile(String name) {
        return of(name).changes.stream().map(change -> change.get("new")).filter(Objects::nonNull).findFirst()
                .orElseThrow();
    }

    private static DocumentedEdit of(String name) {
        String text = read(FOLDER.resolve(name + ".yaml"));
        Map<String, Object> yaml = new Yaml().load(text);
        @SuppressWarnings("unchecked")
        List<Map<String, String>> changes = (List<Map<String, String>>) yaml.get("edits");
        return new DocumentedEdit(name, (String) yaml.get("onTopOf"), changes,
                text.substring(text.indexOf(TESTS) + TESTS.length()));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Makes this edit, and before it the one that it works on unless that is made already. */
    void make(Map<String, String> files, Set<String> made) {
        if (!made.add(name)) {
            return;
        }
        if (onTopOf != null) {
            of(onTopOf).make(files, made);
        }
        for (Map<String, String> change : changes) {
            String file = change.get("file");
            if (change.containsKey("new")) {
                assertThat(files.put(file, change.get("new"))).as("the file was new: %s", file).isNull();
            } else if (change.containsKey("append")) {
                files.merge(file, change.get("append"), (text, end) -> text + "\n" + end);
            } else {
                files.put(file, replaced(files.get(file), change.get("before"), change.get("after")));
            }
        }
    }

    /** The shipped routes and settings, by file. */
    static Map<String, String> shipped() {
        Map<String, String> files = new TreeMap<>();
        files.put(SETTINGS, read(Path.of(SETTINGS)));
        try (Stream<Path> routes = Files.list(RouteFile.FOLDER)) {
            routes.filter(Files::isRegularFile).forEach(route -> files.put(route.toString(), read(route)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return files;
    }

    /** Lines are found at any indentation. */
    private String replaced(String text, String before, String after) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        List<String> wanted = before.lines().toList();
        List<Integer> places = new ArrayList<>();
        for (int line = 0; line + wanted.size() <= lines.size(); line++) {
            int shift = indentation(lines.get(line)) - indentation(wanted.get(0));
            if (shift >= 0 && shifted(wanted, shift).equals(lines.subList(line, line + wanted.size()))) {
                places.add(line);
            }
        }
        assertThat(places).as("%s: places that have\n%s", name, before).hasSize(1);
        List<String> part = lines.subList(places.get(0), places.get(0) + wanted.size());
        int shift = indentation(part.get(0)) - indentation(wanted.get(0));
        part.clear();
        part.addAll(shifted(after.lines().toList(), shift));
        return String.join("\n", lines) + "\n";
    }

    private static List<String> shifted(List<String> lines, int by) {
        return lines.stream().map(line -> line.isBlank() ? line : " ".repeat(by) + line).toList();
    }

    private static int indentation(String line) {
        return line.length() - line.stripLeading().length();
    }

    /** The settings that differ from the shipped ones. */
    static Map<String, String> settings(Map<String, String> files) {
        Map<String, String> settings = flat(files.get(SETTINGS));
        settings.entrySet().removeAll(flat(shipped().get(SETTINGS)).entrySet());
        return settings;
    }

    private static Map<String, String> flat(String yaml) {
        Map<String, String> settings = new TreeMap<>();
        flatten("", new Yaml().load(yaml), settings);
        return settings;
    }

    private static void flatten(String prefix, Object value, Map<String, String> settings) {
        if (value instanceof Map<?, ?> group) {
            group.forEach((key, member) -> flatten(prefix.isEmpty() ? key.toString() : prefix + "." + key, member,
                    settings));
        } else if (value != null) {
            settings.put(prefix, value.toString());
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
