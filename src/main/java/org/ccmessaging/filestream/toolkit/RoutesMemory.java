package org.ccmessaging.filestream.toolkit;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.stereotype.Component;

/**
 * Memory for the values of routes of all exchanges together: an eighth of the heap, because a value exists several
 * times while it is made. Exchanges take and return it through their {@link ExchangeBudget}.
 */
@Component
public final class RoutesMemory implements CamelContextConfiguration {

    private static final int PART_OF_HEAP = 8;

    private final AtomicLong free;

    RoutesMemory() {
        this(Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    RoutesMemory(long bytes) {
        this.free = new AtomicLong(bytes);
    }

    /** Attaches the memory to the Camel context of a generation. */
    @Override
    public void beforeApplicationStart(CamelContext camel) {
        camel.getCamelContextExtension().addContextPlugin(RoutesMemory.class, this);
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {
        // Attached before.
    }

    /** Takes bytes if there are as many, and returns whether it did. A negative number gives bytes back. */
    boolean take(long bytes) {
        long before = free.getAndUpdate(left -> bytes > left && bytes > 0 ? left : left - bytes);
        return bytes <= before || bytes <= 0;
    }
}
