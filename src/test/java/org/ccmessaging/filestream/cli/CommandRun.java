package org.ccmessaging.filestream.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.ccmessaging.filestream.FileStreamApplication;

/** A command of the jar that ran in this process, and what it printed. */
record CommandRun(int status, String out, String err) {

    static CommandRun of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Commands.run(FileStreamApplication.class, new PrintWriter(out), new PrintWriter(err), arguments);
        return new CommandRun(status, out.toString(), err.toString());
    }
}
