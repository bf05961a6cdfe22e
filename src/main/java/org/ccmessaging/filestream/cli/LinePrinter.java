package org.ccmessaging.filestream.cli;

import java.io.PrintWriter;
import org.ccmessaging.filestream.toolkit.LogText;

/**
 * The output of commands. A name or value in a printed line, which an author or a customer may have chosen, cannot end
 * the line, reorder it or control the terminal. {@link #print(String)} leaves a text as it is, for JSON.
 */
final class LinePrinter extends PrintWriter {

    private final PrintWriter lines;

    LinePrinter(PrintWriter lines) {
        super(lines, true);
        this.lines = lines;
    }

    /** Returns whether a user sees the output at once. */
    boolean isTerminal() {
        return lines instanceof Progress.Terminal;
    }

    @Override
    public void println(String line) {
        lines.println(LogText.visible(line));
    }
}
