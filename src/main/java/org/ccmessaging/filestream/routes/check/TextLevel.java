package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The text level of the check: which files the service reads, their encoding and YAML syntax. */
record TextLevel(Path file, Findings findings) {

    private static final Map<Tag, Kind> KINDS = Map.of(Tag.INT, Kind.NUMBER, Tag.FLOAT, Kind.NUMBER,
            Tag.BOOL, Kind.BOOLEAN, Tag.NULL, Kind.EMPTY);

    /** Reports files that look like route files and that the service does not read. */
    static void unread(Path folder, Findings findings) {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.getFileName().toString().matches("[^.].*\\.ya?ml") && !RouteFiles.isOne(file))
                    .forEach(file -> findings.warning(Place.of(file),
                            "not read: the name does not end with .camel.yaml", null));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(folder + " cannot be read", unreadable);
        }
    }

    /** Parses a route file; returns nothing if it is not a list in YAML, which the findings then report. */
    Optional<Value> list(byte[] bytes) {
        return parse(bytes).filter(value -> {
            if (value.items().isEmpty()) {
                findings.error(value.place(), "no list of routes", "begin each route with \"- \", or delete the file");
            }
            return !value.items().isEmpty();
        });
    }

    /** Parses the file; returns nothing if it is not YAML, which the findings then report. */
    Optional<Value> parse(byte[] bytes) {
        try {
            return document(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException broken) {
            findings.error(Place.of(file), "not UTF-8", "save the file as UTF-8");
        } catch (MarkedYamlEngineException broken) {
            report(broken);
        } catch (YamlEngineException broken) {
            findings.error(Place.of(file), "not YAML: " + broken.getMessage(), null);
        }
        return Optional.empty();
    }

    private Optional<Value> document(String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
        List<Node> documents = new ArrayList<>();
        new Compose(settings).composeAllFromString(text).forEach(documents::add);
        if (documents.isEmpty()) {
            return Optional.of(Value.missing(Place.of(file)));
        } else if (documents.size() > 1) {
            findings.error(place(documents.get(1).getStartMark()),
                    "a second document: Camel does not load the file", "put it in another file");
            return Optional.empty();
        }
        return Optional.of(value(documents.get(0)));
    }

    private void report(MarkedYamlEngineException broken) {
        findings.error(place(broken.getProblemMark()), "not YAML: " + broken.getProblem(),
                broken.getProblem().contains("\\t(TAB)") ? "indent with spaces"
                        : "most often the indentation of this line or of the one before is wrong");
    }

    /** @throws ComposerException if a key is not a text or a value contains itself */
    private Value value(Node node) {
        Place place = place(node.getStartMark());
        if (node instanceof ScalarNode scalar) {
            Kind kind = KINDS.getOrDefault(scalar.getTag(), Kind.STRING);
            return Value.scalar(kind, place, kind == Kind.EMPTY ? "" : scalar.getValue());
        } else if (node.isRecursive()) {
            throw new ComposerException("a value contains itself", node.getStartMark());
        } else if (node instanceof SequenceNode list) {
            return Value.holding(list.getValue().stream().map(this::value).toList(), false, place);
        }
        Map<String, Place> keys = new HashMap<>();
        return Value.holding(((MappingNode) node).getValue().stream().map(each -> member(each, keys)).toList(),
                true, place);
    }

    private Value member(NodeTuple member, Map<String, Place> keys) {
        Place place = place(member.getKeyNode().getStartMark());
        if (!(member.getKeyNode() instanceof ScalarNode key)) {
            throw new ComposerException("a key that is not a text", member.getKeyNode().getStartMark());
        }
        String name = key.getValue();
        Place first = keys.putIfAbsent(name, place);
        if (first != null) {
            findings.error(place, "key \"" + name + "\" is given twice in this map",
                    "the first is in line " + first.line() + ", and this one wins");
        }
        return value(member.getValueNode()).named(name, place);
    }

    private Place place(Optional<Mark> mark) {
        return mark.map(at -> new Place(file, at.getLine() + 1, at.getColumn() + 1)).orElse(Place.of(file));
    }
}
