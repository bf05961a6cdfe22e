package org.ccmessaging.filestream.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import org.ccmessaging.filestream.toolkit.LogText;
import org.springframework.util.ReflectionUtils;

/**
 * The output of commands. A name or value in a printed line, which an author or a customer may have chosen, cannot end
 * the line, reorder it or control the terminal. {@link #print(String)} leaves a text as it is, for JSON.
 *
 * <p>Below the lines, a terminal shows how far the command is, in one line that is rewritten. A log has a line now and
 * then.
 */
public final class Output extends PrintWriter {

    private static final int WIDTH = 30;
    private static final int STEP_IN_A_LOG = 10;
    private static final String ERASE = "\r\033[K";

    private final boolean terminal;
    private String stage = "";

    /** @param terminal whether a user sees the output at once */
    Output(PrintWriter out, boolean terminal) {
        super(out, true);
        this.terminal = terminal;
    }

    /** Returns whether a user sees the output of this process at once. */
    public static boolean isTerminal() {
        Console console = System.console();
        // Since Java 22, there may be a console without a terminal.
        Method method = ReflectionUtils.findMethod(Console.class, "isTerminal");
        return console != null && (method == null || (boolean) ReflectionUtils.invokeMethod(method, console));
    }

    /** Prints a line that stays, above the one that is rewritten. */
    @Override
    public void println(String line) {
        erase();
        super.println(LogText.visible(line));
        write(stage);
        flush();
    }

    /** Shows what the command does now; nothing for an empty text, so that the result of the command follows. */
    void stage(String text) {
        if (terminal) {
            erase();
            stage = LogText.visible(text);
            write(stage);
            flush();
        } else if (!text.isEmpty()) {
            println(text);
        }
    }

    /** Shows how much of it is done. */
    void count(int done, int of, String more) {
        if (terminal) {
            int part = of == 0 ? WIDTH : Math.min(WIDTH, done * WIDTH / of);
            stage("[" + "#".repeat(part) + ".".repeat(WIDTH - part) + "] " + done + " of " + of + more);
        } else if (done % STEP_IN_A_LOG == 0) {
            println(done + " of " + of + more);
        }
    }

    private void erase() {
        if (!stage.isEmpty()) {
            write(ERASE);
        }
    }
}
