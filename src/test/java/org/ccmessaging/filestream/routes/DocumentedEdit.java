package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ByteArrayResource;
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
                files.put(file, replaced(name, files.get(file), change.get("before"),
                        change.get("after")));
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

    /**
     * Replaces lines that are there once, at any indentation; the first new line takes the place of the first old one.
     *
     * @param name the edit, for the report
     */
    public static String replaced(String name, String text, String before, String after) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        List<String> wanted = before.lines().toList();
        List<Integer> places = new ArrayList<>();
        for (int line = 0; line + wanted.size() <= lines.size(); line++) {
            List<String> part = lines.subList(line, line + wanted.size());
            if (moved(wanted, indentation(part.get(0))).equals(part)) {
                places.add(line);
            }
        }
        if (places.size() != 1) {
            assertThat(text.split(Pattern.quote(before), -1)).as("%s: the text is there once: %s", name, before)
                    .hasSize(2);
            return text.replace(before, after);
        }
        List<String> part = lines.subList(places.get(0), places.get(0) + wanted.size());
        int indentation = indentation(part.get(0));
        part.clear();
        part.addAll(moved(after.lines().toList(), indentation));
        return String.join("\n", lines) + "\n";
    }

    private static List<String> moved(List<String> lines, int indentation) {
        return lines.stream().map(line -> line.indent(indentation - indentation(lines.get(0))).stripTrailing())
                .toList();
    }

    public static int indentation(String line) {
        return line.length() - line.stripLeading().length();
    }

    /** The settings that differ from the shipped ones. */
    static Map<String, String> settings(Map<String, String> files) {
        Map<String, String> settings = flat(files.get(SETTINGS));
        settings.entrySet().removeAll(flat(shipped().get(SETTINGS)).entrySet());
        return settings;
    }

    private static Map<String, String> flat(String yaml) {
        YamlPropertiesFactoryBean properties = new YamlPropertiesFactoryBean();
        properties.setResources(new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
        Map<String, String> settings = new TreeMap<>();
        properties.getObject().forEach((key, value) -> settings.put(key.toString(), value.toString()));
        return settings;
    }

    @Override
    public String toString() {
        return name;
    }
}
