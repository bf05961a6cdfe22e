package org.ccmessaging.filestream.routes.check;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.routes.check.Nodes.TooDeepException;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The bytes of a route file, and what is wrong with them before anybody looks at routes. */
final class Text {

    private static final String BOM = "\uFEFF";
    private static final int FIRST_CHARACTERS = 64;
    private static final Pattern TAB_IN_INDENTATION = Pattern.compile("^[ ]*\\t");

    private final Path file;
    private final byte[] bytes;
    private final Findings findings;

    Text(Path file, byte[] bytes, Findings findings) {
        this.file = file;
        this.bytes = bytes;
        this.findings = findings;
    }

    /** The file as YAML; empty if it is none, which the findings then say. */
    Optional<RouteFile> parse() {
        return decode().map(this::withoutMark)
                .flatMap(text -> parse(text).filter(this::isList).map(yaml -> new RouteFile(file, text, yaml)));
    }

    private String withoutMark(String text) {
        if (!text.startsWith(BOM)) {
            return text;
        }
        findings.warning("R001", new Place(file, 1, 1), "a byte order mark before the first character",
                "save the file as UTF-8 without BOM");
        return text.substring(BOM.length());
    }

    private Optional<Value> parse(String text) {
        try {
            return yaml(text);
        } catch (TooDeepException deep) {
            findings.error("R003", place(deep.getProblemMark()), deep.getProblem(),
                    "most often brackets or indentation of something that is no route");
        } catch (MarkedYamlEngineException broken) {
            report(text, broken);
        } catch (ReaderException broken) {
            findings.error("R003", new Place(file, lineOf(text, broken.getPosition()), 0),
                    "not YAML: character U+%04X is not allowed".formatted(broken.getCodePoint()));
        } catch (YamlEngineException broken) {
            findings.error("R003", Place.of(file), "not YAML: " + broken.getMessage());
        }
        return Optional.empty();
    }

    private Optional<String> decode() {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        CharBuffer buffer = CharBuffer.allocate(bytes.length);
        boolean broken = StandardCharsets.UTF_8.newDecoder().decode(rest, buffer, true).isError();
        String text = buffer.flip().toString();
        int wrong = broken ? bytes[rest.position()] & 0xFF : 0;
        // A mark of UTF-16 is no byte of UTF-8. Without a mark, every other byte of Latin text is zero.
        if (wrong >= 0xFE || text.chars().limit(FIRST_CHARACTERS).anyMatch(character -> character == 0)) {
            findings.error("R001", Place.of(file), "UTF-16 or UTF-32: a route file is UTF-8",
                    "save the file as UTF-8");
        } else if (broken) {
            findings.error("R001", new Place(file, lineOf(text, text.length()),
                    text.length() - text.lastIndexOf('\n')), "byte 0x%02X is not UTF-8: a route file is UTF-8"
                    .formatted(wrong), "save the file as UTF-8");
        } else {
            return Optional.of(text);
        }
        return Optional.empty();
    }

    private Optional<Value> yaml(String text) {
        Nodes nodes = new Nodes(file, findings);
        Composer documents = nodes.documents(text);
        if (!documents.hasNext()) {
            findings.error("R008", Place.of(file), "empty: a route file holds a list of routes", "delete the file");
            return Optional.empty();
        }
        Value first = nodes.value(documents.next());
        if (documents.hasNext()) {
            findings.error("R003", nodes.place(documents.next()),
                    "a second document: Camel does not load the file", "put it in a file of its own");
            return Optional.empty();
        }
        return Optional.of(first);
    }

    private boolean isList(Value yaml) {
        if (yaml.kind() != Value.Kind.LIST || yaml.items().isEmpty()) {
            findings.error("R008", yaml.place(), yaml.kind() == Value.Kind.MAP
                    ? "a map: a route file holds a list, and Camel ignores anything else"
                    : "no routes: a route file holds a list of routes",
                    yaml.kind() == Value.Kind.MAP ? "begin each route with \"- \"" : null);
            return false;
        }
        return true;
    }

    private void report(String text, MarkedYamlEngineException broken) {
        Place last = place(broken.getProblemMark());
        Place first = broken.getContextMark().isPresent() ? place(broken.getContextMark()) : last;
        List<String> lines = text.lines().toList();
        for (int line = Math.max(first.line(), 1); line <= Math.min(last.line(), lines.size()); line++) {
            Matcher tab = TAB_IN_INDENTATION.matcher(lines.get(line - 1));
            if (tab.find()) {
                findings.error("R003", new Place(file, line, tab.end()), "a tab in the indentation",
                        "indent with spaces");
                return;
            }
        }
        String context = broken.getContext() == null ? "" : broken.getContext()
                + (first.line() > 0 && first.line() != last.line() ? " from line " + first.line() : "") + ", ";
        findings.error("R003", last, "not YAML: " + context + broken.getProblem(),
                "most often the indentation of this line or of the one before is wrong");
    }

    private Place place(Optional<Mark> mark) {
        return mark.map(at -> new Place(file, at.getLine() + 1, at.getColumn() + 1)).orElse(Place.of(file));
    }

    private static int lineOf(String text, int position) {
        return 1 + (int) text.substring(0, Math.min(position, text.length())).chars().filter(c -> c == '\n').count();
    }
}
