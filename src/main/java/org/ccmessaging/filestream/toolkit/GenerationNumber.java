package org.ccmessaging.filestream.toolkit;

import org.apache.camel.CamelContext;

/**
 * The generation number attached to a Camel context. Generations of routes count up from 1; a context that serves no
 * requests has no number.
 */
public record GenerationNumber(int value) {

    /** Returns the generation number of the context; 0 if it serves no requests. */
    public static int of(CamelContext camel) {
        GenerationNumber number = camel.getCamelContextExtension().getContextPlugin(GenerationNumber.class);
        return number == null ? 0 : number.value();
    }
}
