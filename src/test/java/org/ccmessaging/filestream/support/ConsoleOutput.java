package org.ccmessaging.filestream.support;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Takes what the process prints during a test, log lines of every level among it, and keeps it off the real console.
 * A class that registers it runs alone, since all tests share the console.
 */
public final class ConsoleOutput implements BeforeEachCallback, AfterEachCallback {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private PrintStream out;
    private PrintStream err;

    @Override
    public void beforeEach(ExtensionContext context) {
        printed.reset();
        out = System.out;
        err = System.err;
        PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setOut(both);
        System.setErr(both);
        QuietConsole.open(true);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        QuietConsole.open(false);
        System.setOut(out);
        System.setErr(err);
    }

    public String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }
}
