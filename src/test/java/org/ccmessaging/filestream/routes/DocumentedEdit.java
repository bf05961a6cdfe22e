package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * An edit of docs/route-examples.md: what stands under one of its headings.
 *
 * @param title the heading
 * @param below the edit on whose result it works, if there is one
 * @param text what stands under the heading
 */
record DocumentedEdit(String title, Optional<DocumentedEdit> below, String text) {

    static final String SETTINGS = "config/application.yaml";

    private static final Path DOCUMENT = Path.of("docs/route-examples.md");
    private static final Pattern HEADING = Pattern.compile("(?m)^## (.*)$");
    private static final Pattern BELOW = Pattern.compile("On top of\\s\\[([^]]*)]");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^([^\n]*)\n(?:\n|<!--[^\n]*\n)*```yaml\n(.*?)^```$");
    private static final Pattern FILE = Pattern.compile("`([^`]*/[^`]*\\.yaml)`");

    /** All edits of the document. */
    static List<DocumentedEdit> all() {
        String text = read(DOCUMENT);
        List<MatchResult> headings = HEADING.matcher(text).results().toList();
        Map<String, DocumentedEdit> edits = new LinkedHashMap<>();
        for (int i = 0; i < headings.size(); i++) {
            String title = headings.get(i).group(1);
            String part = text.substring(headings.get(i).end(),
                    i + 1 < headings.size() ? headings.get(i + 1).start() : text.length());
            Matcher below = BELOW.matcher(part);
            if (part.contains("```yaml")) {
                DocumentedEdit other = below.find() ? edits.get(below.group(1).replaceAll("\\s+", " ")) : null;
                edits.put(title, new DocumentedEdit(title, Optional.ofNullable(other), part));
            }
        }
        return List.copyOf(edits.values());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** A snippet, and the line that says what it is. */
    private record Block(String caption, String yaml) {

        String file() {
            Matcher file = FILE.matcher(caption);
            assertThat(file.find()).as("a file in: %s", caption).isTrue();
            return file.group(1);
        }

        boolean is(String kind) {
            return caption.startsWith(kind);
        }

        boolean isTest() {
            return caption.matches("(.* )?Test(;.*)?:");
        }
    }

    private List<Block> blocks() {
        return BLOCK.matcher(text).results().map(block -> new Block(block.group(1), block.group(2))).toList();
    }

    /** The tests, as YAML. */
    String tests() {
        List<Block> tests = blocks().stream().filter(Block::isTest).toList();
        assertThat(tests).as("snippets with tests of: %s", title).hasSize(1);
        return tests.get(0).yaml();
    }

    /** Makes this edit, and before it the one that it works on unless that is made already. */
    void make(Map<String, String> files, Set<DocumentedEdit> made) {
        if (!made.add(this)) {
            return;
        }
        below.ifPresent(edit -> edit.make(files, made));
        Block before = null;
        for (Block block : blocks()) {
            if (block.is("Before, in ")) {
                before = block;
            } else if (block.is("After:")) {
                assertThat(before).as("what stands before: %s", block).isNotNull();
                files.put(before.file(), replaced(files.get(before.file()), before.yaml(), block.yaml()));
                before = null;
            } else if (block.is("New file ")) {
                assertThat(files.put(block.file(), block.yaml())).as("the file was new: %s", block.file()).isNull();
            } else if (block.is("At the end of ")) {
                files.merge(block.file(), block.yaml(), (text, end) -> text + "\n" + end);
            } else {
                assertThat(block.isTest()).as("what the snippet is for: %s", block.caption()).isTrue();
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
        assertThat(places).as("%s: places that have\n%s", title, before).hasSize(1);
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
        return title;
    }
}
