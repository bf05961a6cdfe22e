package org.ccmessaging.filestream.cli;

import java.io.PrintWriter;
import java.io.Writer;
import org.ccmessaging.filestream.toolkit.LogText;

/**
 * The output of commands. A name or value in a printed line, which an author or a customer may have chosen, cannot end
 * the line, reorder it or control the terminal.
 */
final class Output extends PrintWriter {

    Output(Writer out) {
        super(out, true);
    }

    @Override
    public void println(String line) {
        super.println(LogText.visible(line));
    }
}
