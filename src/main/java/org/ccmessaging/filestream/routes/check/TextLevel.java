package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The text level of the check: which files the service reads, their size, encoding and YAML syntax (R00x).
 *
 * @param valuesLeft the number of values that this file and those after it may have
 */
record TextLevel(Path file, Findings findings, AtomicInteger valuesLeft) {

    /** A YAML file or a copy of one directly in the folder, or a route file below it, where only tests belong. */
    private static final Pattern LOOKS_LIKE_ROUTES =
            Pattern.compile("(?i)[^/]*\\.ya?ml([.~_-].*)?|(?!tests/|\\.)(.*/)[^./][^/]*\\.camel\\.yaml");

    /**
     * Maximum nesting of lists and maps. Code that reads the values recurses, here and in Camel, and a thread has a
     * stack of 1 MB at most. A step in five nested branches is below 40.
     */
    private static final int DEEPEST = 100;

    /** Maximum length of a value of a route file, in characters. Code that reads it may take more than linear time. */
    private static final int LONGEST = 16 * 1024;

    /**
     * Maximum number of values of all files together, where each use of an alias counts what it stands for. The shipped
     * files have 1,600. So many need 15 MB of heap.
     */
    private static final int MOST_VALUES = 40_000;

    private static final String TOO_MANY = "more than " + MOST_VALUES
            + " values, the maximum for all files together, where each use of an alias counts";
    private static final String TOO_DEEP = "lists and maps are more than " + DEEPEST + " within each other";

    /** The context of an exception that this class throws for a limit. */
    private static final String LIMIT = "limit of the check";

    private static final Map<Tag, Kind> KINDS = Map.of(Tag.INT, Kind.NUMBER, Tag.FLOAT, Kind.NUMBER,
            Tag.BOOL, Kind.BOOLEAN, Tag.NULL, Kind.EMPTY);

    TextLevel(Path file, Findings findings) {
        this(file, findings, new AtomicInteger(MOST_VALUES));
    }

    /** @return the lists in the files that are YAML */
    static List<Value> check(RouteFiles files, Findings findings) {
        List<Value> parsed = new ArrayList<>();
        boolean many = files.contents().size() > RouteFiles.MOST_FILES;
        if (many || files.contents().values().stream().mapToLong(bytes -> bytes.length)
                .filter(size -> size <= RouteFiles.LARGEST).sum() > RouteFiles.MOST_BYTES) {
            findings.error("R009", Place.of(files.folder()), many
                    ? "more than " + RouteFiles.MOST_FILES + " route files, the maximum for a folder"
                    : "the route files are more than " + RouteFiles.MOST_BYTES + " bytes, the maximum for all together",
                    "move other files to another folder");
            return parsed;
        }
        AtomicInteger valuesLeft = new AtomicInteger(MOST_VALUES);
        files.contents().forEach((file, bytes) -> {
            if (bytes.length > RouteFiles.LARGEST) {
                findings.error("R009", Place.of(file), "more than " + RouteFiles.LARGEST
                        + " bytes, the maximum for a route file", null);
            } else if (valuesLeft.get() >= 0) {
                new TextLevel(file, findings, valuesLeft).parse(bytes).ifPresent(parsed::add);
            }
        });
        return parsed;
    }

    /** Reports files that look like route files and that the service does not read. */
    static void unread(Path folder, Findings findings) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(file -> Files.isRegularFile(file)
                            && LOOKS_LIKE_ROUTES.matcher(folder.relativize(file).toString()).matches()
                            && !(RouteFiles.isOne(file) && file.getParent().equals(folder)))
                    .forEach(file -> findings.warning("R004", Place.of(file), "not read: only *.camel.yaml directly in "
                            + folder + "/", null));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(folder + " cannot be read", unreadable);
        }
    }

    /** Parses the file; returns nothing if it is not a list in YAML, which the findings then report. */
    Optional<Value> parse(byte[] bytes) {
        return decode(bytes).flatMap(this::parse);
    }

    private Optional<String> decode(byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        CharBuffer buffer = CharBuffer.allocate(bytes.length);
        boolean broken = StandardCharsets.UTF_8.newDecoder().decode(rest, buffer, true).isError();
        String text = buffer.flip().toString();
        if (broken) {
            findings.error("R001", new Place(file, lineOf(text, text.length()),
                    text.length() - text.lastIndexOf('\n')), "byte 0x%02X is not UTF-8: a route file is UTF-8"
                    .formatted(bytes[rest.position()] & 0xFF), "save the file as UTF-8");
            return Optional.empty();
        }
        return Optional.of(text);
    }

    private Optional<Value> parse(String text) {
        try {
            return document(text);
        } catch (MarkedYamlEngineException broken) {
            report(broken);
        } catch (ReaderException broken) {
            findings.error("R003", new Place(file, lineOf(text, broken.getPosition()), 0),
                    "not YAML: character U+%04X is not allowed".formatted(broken.getCodePoint()), null);
        } catch (YamlEngineException broken) {
            findings.error("R003", Place.of(file), "not YAML: " + broken.getMessage(), null);
        }
        return Optional.empty();
    }

    private Optional<Value> document(String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString())
                .setMaxAliasesForCollections(Integer.MAX_VALUE).build();
        refuseTooMuch(new Parse(settings).parseString(text));
        List<Node> documents = new ArrayList<>();
        new Compose(settings).composeAllFromString(text).forEach(documents::add);
        if (documents.isEmpty()) {
            findings.error("R008", Place.of(file), "empty: a route file holds a list of routes", "delete the file");
            return Optional.empty();
        } else if (!(documents.get(0) instanceof SequenceNode list) || list.getValue().isEmpty()) {
            // Without a name or a value: the file may be one of the host.
            boolean map = documents.get(0) instanceof MappingNode;
            findings.error("R008", place(documents.get(0).getStartMark()), map
                    ? "a map: a route file holds a list, and Camel ignores anything else"
                    : "no routes: a route file holds a list of routes", map ? "begin each route with \"- \"" : null);
            return Optional.empty();
        }
        Value list = value(documents.get(0), 1);
        if (documents.size() > 1) {
            findings.error("R003", place(documents.get(1).getStartMark()),
                    "a second document: Camel does not load the file", "put it in another file");
            return Optional.empty();
        }
        return Optional.of(list);
    }

    /** The library composes values recursively, and all that a file has. */
    private static void refuseTooMuch(Iterable<Event> events) {
        int depth = 0;
        int count = 0;
        for (Event event : events) {
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            count += event instanceof CollectionEndEvent ? 0 : 1;
            if (depth > DEEPEST || count > 2 * MOST_VALUES) {
                throw limit(depth > DEEPEST ? TOO_DEEP : TOO_MANY, event.getStartMark());
            }
        }
    }

    private void report(MarkedYamlEngineException broken) {
        Place last = place(broken.getProblemMark());
        Place first = broken.getContextMark().isPresent() ? place(broken.getContextMark()) : last;
        String context = broken.getContextMark().isEmpty() ? "" : broken.getContext()
                + (first.line() > 0 && first.line() != last.line() ? " from line " + first.line() : "") + ", ";
        String kind = broken instanceof ComposerException ? "" : "not YAML: ";
        boolean limit = LIMIT.equals(broken.getContext());
        findings.error(limit ? "R009" : "R003", last, kind + context + broken.getProblem(), limit ? null
                : "most often the indentation of this line or of the one before is wrong");
    }

    /** @throws ComposerException if a key is not a text, or a limit is passed, as by a value that contains itself */
    private Value value(Node node, int depth) {
        Place place = place(node.getStartMark());
        if (valuesLeft.decrementAndGet() < 0) {
            throw limit(TOO_MANY, node.getStartMark());
        } else if (node instanceof ScalarNode scalar) {
            Kind kind = KINDS.getOrDefault(scalar.getTag(), Kind.STRING);
            return Value.scalar(kind, place, kind == Kind.EMPTY ? "" : bounded(scalar), column(scalar, place));
        } else if (depth > DEEPEST) {
            throw limit(TOO_DEEP, node.getStartMark());
        } else if (node instanceof SequenceNode list) {
            return Value.holding(list.getValue().stream().map(item -> value(item, depth + 1)).toList(), false, place);
        }
        Map<String, Place> keys = new HashMap<>();
        return Value.holding(((MappingNode) node).getValue().stream().map(each -> member(each, depth + 1, keys))
                .toList(), true, place);
    }

    private Value member(NodeTuple member, int depth, Map<String, Place> keys) {
        Place place = place(member.getKeyNode().getStartMark());
        if (!(member.getKeyNode() instanceof ScalarNode key)) {
            throw new ComposerException("a key that is not a text", member.getKeyNode().getStartMark());
        }
        String name = bounded(key);
        Place first = keys.putIfAbsent(name, place);
        if (first != null) {
            findings.error("R006", place, "key \"" + name + "\" is given twice in this map",
                    "the first is in line " + first.line() + ", and this one wins");
        }
        return value(member.getValueNode(), depth).named(name, place);
    }

    /** Returns the text of a scalar. Those of test files may be long, since only the process of a run reads them. */
    private String bounded(ScalarNode scalar) {
        if (scalar.getValue().length() > LONGEST && RouteFiles.isOne(file)) {
            throw limit("a text of more than " + LONGEST + " characters, the maximum for a value",
                    scalar.getStartMark());
        }
        return scalar.getValue();
    }

    /** Returns the column of the text of a scalar without or in quotes; 0 if it is escaped, folded or a block. */
    private static int column(ScalarNode scalar, Place place) {
        int quotes = scalar.isPlain() ? 0 : 1;
        int end = scalar.getStartMark().orElseThrow().getIndex() + (int) scalar.getValue().codePoints().count()
                + 2 * quotes;
        return end == scalar.getEndMark().orElseThrow().getIndex() ? place.column() + quotes : 0;
    }

    private Place place(Optional<Mark> mark) {
        return mark.map(at -> new Place(file, at.getLine() + 1, at.getColumn() + 1)).orElse(Place.of(file));
    }

    private static int lineOf(String text, int position) {
        return 1 + (int) text.substring(0, Math.min(position, text.length())).chars().filter(c -> c == '\n').count();
    }

    /** A limit of the check, which R009 reports. */
    private static ComposerException limit(String problem, Optional<Mark> place) {
        return new ComposerException(LIMIT, Optional.empty(), problem, place);
    }
}
