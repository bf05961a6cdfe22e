package org.ccmessaging.filestream.cli;

import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.util.List;
import org.ccmessaging.filestream.toolkit.LogText;
import org.springframework.util.ReflectionUtils;

/** Shows how far a command is: one line that is rewritten on a terminal, and a line now and then in a log. */
public final class Progress {

    private static final int WIDTH = 30;
    private static final int STEP_IN_A_LOG = 10;
    private static final String ERASE = "\r\033[K";

    /** The output of a process whose user sees it at once. */
    static final class Terminal extends PrintWriter {

        Terminal(PrintStream out) {
            super(out, true);
        }
    }

    private final PrintWriter out;
    private final boolean terminal;
    private String line = "";

    Progress(PrintWriter out) {
        this.out = out;
        this.terminal = out instanceof LinePrinter printer && printer.isTerminal();
    }

    /** Returns the standard output of this process. */
    static PrintWriter output() {
        return isTerminal() ? new Terminal(System.out) : new PrintWriter(System.out, true);
    }

    /** Returns whether a user sees the output of this process at once. */
    public static boolean isTerminal() {
        Console console = System.console();
        // Since Java 22, there may be a console without a terminal.
        Method method = ReflectionUtils.findMethod(Console.class, "isTerminal");
        return console != null && (method == null || (boolean) ReflectionUtils.invokeMethod(method, console));
    }

    /** Shows what the command does now. */
    void stage(String text) {
        if (terminal) {
            line = LogText.visible(text);
            out.print(ERASE + line);
            out.flush();
        } else {
            out.println(text);
        }
    }

    /** Shows how much of it is done. */
    void count(int done, int of, String more) {
        if (terminal) {
            int part = of == 0 ? WIDTH : Math.min(WIDTH, done * WIDTH / of);
            stage("[" + "#".repeat(part) + ".".repeat(WIDTH - part) + "] " + done + " of " + of + more);
        } else if (done % STEP_IN_A_LOG == 0) {
            out.println(done + " of " + of + more);
        }
    }

    /** Prints lines that stay, above the line that is rewritten. */
    void print(List<String> lines) {
        String again = line;
        end();
        lines.forEach(out::println);
        if (!again.isEmpty()) {
            stage(again);
        }
    }

    /** Takes the line away, so that the result of the command follows. */
    void end() {
        if (!line.isEmpty()) {
            line = "";
            out.print(ERASE);
            out.flush();
        }
    }
}
