package org.ccmessaging.filestream.routes.check;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Makes nodes of YAML, and refuses lists and maps within each other that are too many. Whatever reads them calls itself
 * for each, here and in Camel, and a thread has a stack of 1 MB at most.
 */
final class BoundedComposer extends Composer {

    /** The most lists and maps within each other. A step in five branches within each other is below 40. */
    static final int DEEPEST = 100;

    private final Parser events;
    private int depth;

    BoundedComposer(LoadSettings settings, Parser events) {
        super(settings, events);
        this.events = events;
    }

    /** Lists and maps are too many within each other. */
    static final class TooDeepException extends ComposerException {

        TooDeepException(Optional<Mark> place) {
            super("lists and maps are more than " + DEEPEST + " within each other", place);
        }
    }

    @Override
    protected SequenceNode composeSequenceNode(Optional<Anchor> anchor) {
        enter();
        SequenceNode list = super.composeSequenceNode(anchor);
        depth--;
        return list;
    }

    @Override
    protected Node composeMappingNode(Optional<Anchor> anchor) {
        enter();
        Node map = super.composeMappingNode(anchor);
        depth--;
        return map;
    }

    private void enter() {
        if (depth == DEEPEST) {
            throw new TooDeepException(events.peekEvent().getStartMark());
        }
        depth++;
    }
}
