package org.ccmessaging.filestream.routes.check;

import java.util.Collection;
import java.util.Optional;
import org.ccmessaging.filestream.settings.NearestName;

/** Names of steps, fields and beans: what somebody meant who misspelt one. */
public final class Names {

    private Names() {
    }

    /** The known name that is nearest to a wrong one, if one is near. */
    static Optional<String> nearest(String wrong, Collection<String> known) {
        return NearestName.of(wrong, known);
    }

    /** A hint that names what was meant; {@code otherwise} if nothing is near. */
    public static String didYouMean(String wrong, Collection<String> known, String otherwise) {
        return nearest(wrong, known).map(name -> "did you mean " + name + "?").orElse(otherwise);
    }
}
