package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** The progress of a command in a terminal and in a log. */
class OutputTest {

    private static String shown(boolean terminal) {
        StringWriter screen = new StringWriter();
        Output out = new Output(new PrintWriter(screen), terminal);
        out.stage("reading");
        for (int i = 1; i <= 20; i++) {
            out.count(i, 20, "");
            if (i == 15) {
                out.println("FAILED  a");
            }
        }
        out.stage("");
        return screen.toString();
    }

    @Test
    void terminalShowsOneLineBelowWhatStays() {
        assertThat(shown(true).split("\r\033\\[K", -1)).hasSize(23)
                .startsWith("reading", "[#.............................] 1 of 20")
                .containsSequence("[######################........] 15 of 20",
                        "FAILED  a\n[######################........] 15 of 20",
                        "[########################......] 16 of 20")
                .endsWith("[##############################] 20 of 20", "");
    }

    @Test
    void logHasALineForEachTenTests() {
        assertThat(shown(false).lines()).containsExactly("reading", "10 of 20", "FAILED  a", "20 of 20");
    }
}
