package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The progress of a command in a terminal and in a log. */
class ProgressTest {

    private static void show(Progress progress) {
        progress.stage("reading");
        for (int i = 1; i <= 20; i++) {
            progress.count(i, 20, "");
            if (i == 15) {
                progress.print(List.of("FAILED  a"));
            }
        }
        progress.end();
    }

    @Test
    void terminalShowsOneLineBelowWhatStays() {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        show(new Progress(new LinePrinter(new Progress.Terminal(new PrintStream(screen, true)))));

        assertThat(screen.toString().split("\r\033\\[K", -1)).hasSize(25)
                .startsWith("", "reading", "[#.............................] 1 of 20")
                .containsSequence("[######################........] 15 of 20", "FAILED  a\n",
                        "[######################........] 15 of 20", "[########################......] 16 of 20")
                .endsWith("[##############################] 20 of 20", "");
    }

    @Test
    void logHasALineForEachTenTests() {
        StringWriter log = new StringWriter();
        show(new Progress(new LinePrinter(new PrintWriter(log, true))));

        assertThat(log.toString().lines()).containsExactly("reading", "10 of 20", "FAILED  a", "20 of 20");
    }
}
