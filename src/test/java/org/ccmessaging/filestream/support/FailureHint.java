package org.ccmessaging.filestream.support;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/** Tells once where the services log to, when a test has failed. JUnit finds this class through its services file. */
public final class FailureHint implements AfterEachCallback, AfterAllCallback {

    private static final AtomicBoolean TOLD = new AtomicBoolean();

    @Override
    public void afterEach(ExtensionContext context) {
        tell(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        tell(context);
    }

    private static void tell(ExtensionContext context) {
        String log = System.getProperty("test.log");
        // A test that its own assumption skips ends with an exception, too.
        boolean failed = context.getExecutionException().filter(it -> !(it instanceof TestAbortedException)).isPresent();
        if (log != null && failed && TOLD.compareAndSet(false, true)) {
            System.out.println("A test has failed. Its services log to " + Path.of(log).getParent());
        }
    }
}
