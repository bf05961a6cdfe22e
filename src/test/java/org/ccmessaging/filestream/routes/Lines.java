package org.ccmessaging.filestream.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Edits of YAML text by its lines. */
public final class Lines {

    private Lines() {
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
}
