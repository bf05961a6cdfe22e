package org.ccmessaging.filestream.support;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Tells once where the services log to, when a test has failed. JUnit finds this class through its services file. */
public final class FailureHint implements TestWatcher, AfterAllCallback {

    private static final AtomicBoolean TOLD = new AtomicBoolean();

    /** Not for a test that its own assumption skips, which ends with an exception, too. */
    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        tell();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            tell();
        }
    }

    private static void tell() {
        String log = System.getProperty("test.log");
        if (log != null && TOLD.compareAndSet(false, true)) {
            System.out.println("A test has failed. Its services log to " + Path.of(log).getParent());
        }
    }
}
