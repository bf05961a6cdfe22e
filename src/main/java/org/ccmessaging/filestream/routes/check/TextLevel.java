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
import java.util.IdentityHashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/**
 * The text level of the check: which files the service reads, their size, encoding and YAML syntax (R00x).
 *
 * @param valuesLeft the number of values that this file and those after it may have
 * @param events the file as the parser reads it
 * @param aliases the index of the event where the value of each alias begins
 * @param tags the types that YAML gives scalars without a tag, as for Camel
 */
record TextLevel(Path file, Findings findings, AtomicInteger valuesLeft, List<Event> events,
        Map<Event, Integer> aliases, ScalarResolver tags) {

    private static final int FIRST_CHARACTERS = 64;

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

    private static final Map<Tag, Kind> KINDS = Map.of(Tag.INT, Kind.NUMBER, Tag.FLOAT, Kind.NUMBER,
            Tag.BOOL, Kind.BOOLEAN, Tag.NULL, Kind.EMPTY);

    TextLevel(Path file, Findings findings) {
        this(file, findings, new AtomicInteger(MOST_VALUES));
    }

    private TextLevel(Path file, Findings findings, AtomicInteger valuesLeft) {
        this(file, findings, valuesLeft, new ArrayList<>(), new IdentityHashMap<>(),
                new JsonSchema().getScalarResolver());
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

    /** Returns whether the first item is one of a list of routes, even if the rest of the text is not YAML. */
    boolean beginsWithRoutes(byte[] bytes) {
        parse(new String(bytes, StandardCharsets.UTF_8));
        // Before the key: the stream, the document, the list and the item.
        return events.size() > 4 && events.get(2) instanceof SequenceStartEvent
                && events.get(4) instanceof ScalarEvent key && key.getValue().matches("route(Configuration)?");
    }

    private Optional<String> decode(byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        CharBuffer buffer = CharBuffer.allocate(bytes.length);
        boolean broken = StandardCharsets.UTF_8.newDecoder().decode(rest, buffer, true).isError();
        String text = buffer.flip().toString();
        int wrong = broken ? bytes[rest.position()] & 0xFF : 0;
        // A byte order mark of UTF-16 is not UTF-8. Without the mark, every other byte of Latin text is zero.
        if (wrong >= 0xFE || text.chars().limit(FIRST_CHARACTERS).anyMatch(character -> character == 0)) {
            findings.error("R001", Place.of(file), "UTF-16 or UTF-32: a route file is UTF-8",
                    "save the file as UTF-8");
        } else if (broken) {
            findings.error("R001", new Place(file, lineOf(text, text.length()),
                    text.length() - text.lastIndexOf('\n')), "byte 0x%02X is not UTF-8: a route file is UTF-8"
                    .formatted(wrong), "save the file as UTF-8");
        } else {
            if (text.startsWith("\uFEFF")) {
                findings.warning("R001", new Place(file, 1, 1), "a byte order mark before the first character",
                        "save the file as UTF-8 without BOM");
            }
            return Optional.of(text);
        }
        return Optional.empty();
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
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
        Map<Anchor, Integer> anchors = new HashMap<>();
        ParserImpl parser = new ParserImpl(settings, new StreamReader(settings, text));
        int depth = 0;
        // What is too deep or too much is read no further, and reported below. A value has three events at most.
        while (parser.hasNext() && depth <= DEEPEST && events.size() < 4 * MOST_VALUES) {
            Event event = parser.next();
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            if (event instanceof AliasEvent alias) {
                aliases.put(event, Optional.ofNullable(anchors.get(alias.getAlias())).orElseThrow(() ->
                        new ComposerException("an alias of nothing", event.getStartMark())));
            } else if (event instanceof NodeEvent node) {
                node.getAnchor().ifPresent(anchor -> anchors.put(anchor, events.size()));
            }
            events.add(event);
        }
        List<Event> documents = events.stream().filter(DocumentStartEvent.class::isInstance).toList();
        if (documents.isEmpty()) {
            findings.error("R008", Place.of(file), "empty: a route file holds a list of routes", "delete the file");
            return Optional.empty();
        }
        int first = events.indexOf(documents.get(0)) + 1;
        if (!(events.get(first) instanceof SequenceStartEvent)
                || events.get(first + 1) instanceof SequenceEndEvent) {
            // Without a name or a value: the file may be one of the host.
            boolean map = events.get(first) instanceof MappingStartEvent;
            findings.error("R008", place(events.get(first).getStartMark()), map
                    ? "a map: a route file holds a list, and Camel ignores anything else"
                    : "no routes: a route file holds a list of routes", map ? "begin each route with \"- \"" : null);
            return Optional.empty();
        }
        Value list = value(events.listIterator(first), 1);
        if (documents.size() > 1) {
            findings.error("R003", place(documents.get(1).getStartMark()),
                    "a second document: Camel does not load the file", "put it in another file");
            return Optional.empty();
        }
        return Optional.of(list);
    }

    private void report(MarkedYamlEngineException broken) {
        Place last = place(broken.getProblemMark());
        Place first = broken.getContextMark().isPresent() ? place(broken.getContextMark()) : last;
        String context = broken.getContextMark().isEmpty() ? "" : broken.getContext()
                + (first.line() > 0 && first.line() != last.line() ? " from line " + first.line() : "") + ", ";
        String kind = broken instanceof ComposerException ? "" : "not YAML: ";
        boolean limit = broken instanceof LimitException;
        findings.error(limit ? "R009" : "R003", last, kind + context + broken.getProblem(), limit ? null
                : "most often the indentation of this line or of the one before is wrong");
    }

    /** @throws ComposerException if a key is not a text, or a limit is passed, as by a value that contains itself */
    private Value value(ListIterator<Event> next, int depth) {
        Event event = next.next();
        if (aliases.containsKey(event)) {
            return value(events.listIterator(aliases.get(event)), depth);
        }
        Place place = place(event.getStartMark());
        if (valuesLeft.decrementAndGet() < 0) {
            throw new LimitException("more than " + MOST_VALUES + " values, the maximum for all files together, where"
                    + " each use of an alias counts", event.getStartMark());
        } else if (event instanceof ScalarEvent scalar) {
            Kind kind = KINDS.getOrDefault(scalar.getTag().filter(tag -> !tag.equals("!")).map(Tag::new)
                    .orElseGet(() -> tags.resolve(scalar.getValue(), scalar.getImplicit().canOmitTagInPlainScalar())),
                    Kind.STRING);
            return Value.scalar(kind, place, kind == Kind.EMPTY ? "" : bounded(scalar), column(scalar, place));
        } else if (depth > DEEPEST) {
            throw new LimitException("lists and maps are more than " + DEEPEST + " within each other",
                    event.getStartMark());
        }
        List<Value> below = new ArrayList<>();
        Map<String, Place> keys = new HashMap<>();
        boolean map = event instanceof MappingStartEvent;
        while (!(events.get(next.nextIndex()) instanceof CollectionEndEvent)) {
            below.add(map ? member(next, depth + 1, keys) : value(next, depth + 1));
        }
        next.next();
        return Value.holding(below, map, place);
    }

    private Value member(ListIterator<Event> next, int depth, Map<String, Place> keys) {
        int at = next.nextIndex();
        Event key = events.get(aliases.getOrDefault(next.next(), at));
        Place place = place(key.getStartMark());
        if (!(key instanceof ScalarEvent scalar)) {
            throw new ComposerException("a key that is not a text", key.getStartMark());
        }
        String name = bounded(scalar);
        Place first = keys.putIfAbsent(name, place);
        if (first != null) {
            findings.error("R006", place, "key \"" + name + "\" is given twice in this map",
                    "the first is in line " + first.line() + ", and this one wins");
        }
        return value(next, depth).named(name, place);
    }

    /** Returns the text of a scalar. Those of test files may be long, since only the process of a run reads them. */
    private String bounded(ScalarEvent scalar) {
        if (scalar.getValue().length() > LONGEST && RouteFiles.isOne(file)) {
            throw new LimitException("a text of more than " + LONGEST + " characters, the maximum for a value",
                    scalar.getStartMark());
        }
        return scalar.getValue();
    }

    /** Returns the column of the text of a scalar without or in quotes; 0 if it is escaped, folded or a block. */
    private static int column(ScalarEvent scalar, Place place) {
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

    /** A file passes a limit of the check. */
    private static final class LimitException extends ComposerException {

        private static final long serialVersionUID = 1L;

        private LimitException(String problem, Optional<Mark> place) {
            super(problem, place);
        }
    }
}
