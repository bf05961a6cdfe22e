package org.ccmessaging.filestream.routes.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ccmessaging.filestream.routes.check.Value.Kind;
import org.ccmessaging.filestream.routes.check.Value.Member;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Makes values of YAML, reports keys that are given twice, and refuses lists and maps within each other that are too
 * many. Whatever reads them calls itself for each, here and in Camel, and a thread has a stack of 1 MB at most.
 */
final class Nodes {

    /** The most lists and maps within each other. A step in five branches within each other is below 40. */
    private static final int DEEPEST = 100;

    private static final Map<Tag, Kind> KINDS = Map.of(Tag.INT, Kind.NUMBER, Tag.FLOAT, Kind.NUMBER,
            Tag.BOOL, Kind.BOOLEAN, Tag.NULL, Kind.EMPTY);

    private final Path file;
    private final Findings findings;
    private final Map<Node, Boolean> around = new IdentityHashMap<>();

    Nodes(Path file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    /** Reads the documents of a text one by one, each as a tree of nodes. */
    Composer documents(String text) {
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
        return new Composer(settings, new BoundedParser(settings, text));
    }

    Place place(Node node) {
        return node.getStartMark().map(mark -> new Place(file, mark.getLine() + 1, mark.getColumn() + 1))
                .orElse(Place.of(file));
    }

    /**
     * Makes a value of a node.
     *
     * @throws TooDeepException if an alias makes lists and maps too many within each other
     * @throws ComposerException if a node holds itself or a key is not a text
     */
    Value value(Node node) {
        if (node instanceof ScalarNode scalar) {
            Kind kind = KINDS.getOrDefault(scalar.getTag(), Kind.STRING);
            return Value.scalar(kind, place(node), kind == Kind.EMPTY ? "" : scalar.getValue());
        }
        if (around.put(node, true) != null) {
            throw new ComposerException("the alias stands inside of what it is an alias for", node.getStartMark());
        }
        if (around.size() > DEEPEST) {
            throw new TooDeepException(node.getStartMark());
        }
        Value value = node instanceof SequenceNode list
                ? Value.list(place(node), list.getValue().stream().map(this::value).toList())
                : Value.map(place(node), members((MappingNode) node));
        around.remove(node);
        return value;
    }

    private List<Member> members(MappingNode map) {
        List<Member> members = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (NodeTuple tuple : map.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new ComposerException("a key that is not a text", tuple.getKeyNode().getStartMark());
            }
            Member member = new Member(key.getValue(), place(key), value(tuple.getValueNode()));
            if (!names.add(member.name())) {
                Optional<Member> first = members.stream().filter(one -> one.name().equals(member.name())).findFirst();
                findings.error("R006", member.place(), "key \"" + member.name() + "\" is given twice in this map",
                        "the first is in line " + first.orElse(member).place().line() + ", and this one wins");
            }
            members.add(member);
        }
        return members;
    }

    /** Lists and maps are too many within each other. */
    static final class TooDeepException extends ComposerException {

        private TooDeepException(Optional<Mark> place) {
            super("lists and maps are more than " + DEEPEST + " within each other", place);
        }
    }

    private static final class BoundedParser extends ParserImpl {

        private int depth;

        private BoundedParser(LoadSettings settings, String text) {
            super(settings, new StreamReader(settings, text));
        }

        @Override
        public Event next() {
            Event event = super.next();
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            if (depth > DEEPEST) {
                throw new TooDeepException(event.getStartMark());
            }
            return event;
        }
    }
}
