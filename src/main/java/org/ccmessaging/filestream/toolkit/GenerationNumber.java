package org.ccmessaging.filestream.toolkit;

import org.apache.camel.CamelContext;

/**
 * The number of the generation of routes whose Camel context it is. Generations count up from 1; a context that serves
 * no requests has none.
 *
 * @param value from 1
 */
public record GenerationNumber(int value) {

    /** The number of the generation; 0 if the context serves no requests. */
    public static int of(CamelContext camel) {
        GenerationNumber number = camel.getCamelContextExtension().getContextPlugin(GenerationNumber.class);
        return number == null ? 0 : number.value();
    }
}
