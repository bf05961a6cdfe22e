package org.ccmessaging.filestream.routes.check;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ccmessaging.filestream.routes.check.Value.YamlKind;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Parses a file. Reports wrong encoding, YAML syntax errors and duplicate keys. */
public record TextLevel(Path file, Report report) {

    private static final Map<Tag, YamlKind> KINDS = Map.of(Tag.INT, YamlKind.NUMBER, Tag.FLOAT, YamlKind.NUMBER,
            Tag.BOOL, YamlKind.BOOLEAN, Tag.NULL, YamlKind.EMPTY);

    /** Parses a route file, which must be a YAML list with at least one item. */
    Optional<Value> list(byte[] bytes) {
        return parse(bytes).filter(value -> {
            if (value.items().isEmpty()) {
                report.error(value.place(), "no list of routes", "begin each route with \"- \", or delete the file");
            }
            return !value.items().isEmpty();
        });
    }

    /** Parses a YAML file. Returns a value of kind MISSING for an empty file, and no value if parsing fails. */
    public Optional<Value> parse(byte[] bytes) {
        try {
            return Optional.of(document(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()));
        } catch (CharacterCodingException broken) {
            report.error(Place.of(file), "not UTF-8", "save the file as UTF-8");
        } catch (MarkedYamlEngineException broken) {
            report(broken);
        } catch (YamlEngineException broken) {
            report.error(Place.of(file), "not YAML: " + broken.getMessage(), null);
        }
        return Optional.empty();
    }

    private Value document(String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
        return new Compose(settings).composeString(text).map(this::value)
                .orElseGet(() -> Value.missing(Place.of(file)));
    }

    private void report(MarkedYamlEngineException broken) {
        report.error(Place.of(file, broken.getProblemMark()), "not YAML: " + broken.getProblem(),
                broken.getProblem().contains("\\t(TAB)") ? "indent with spaces"
                        : "most often the indentation of this line or of the one before is wrong");
    }

    private Value value(Node node) {
        Place place = Place.of(file, node.getStartMark());
        if (node instanceof ScalarNode scalar) {
            YamlKind kind = KINDS.getOrDefault(scalar.getTag(), YamlKind.STRING);
            return Value.scalar(kind, place, kind == YamlKind.EMPTY ? "" : scalar.getValue());
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
        Place place = Place.of(file, member.getKeyNode().getStartMark());
        if (!(member.getKeyNode() instanceof ScalarNode key)) {
            throw new ComposerException("a key that is not a text", member.getKeyNode().getStartMark());
        }
        String name = key.getValue();
        Place first = keys.putIfAbsent(name, place);
        if (first != null) {
            report.error(place, "key \"" + name + "\" is given twice in this map",
                    "the first is in line " + first.line() + ", and this one wins");
        }
        return value(member.getValueNode()).named(name, place);
    }
}
