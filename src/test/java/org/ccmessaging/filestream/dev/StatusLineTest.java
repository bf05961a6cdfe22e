package org.ccmessaging.filestream.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The lines of development mode in a terminal and in a log while something is in progress. */
class StatusLineTest {

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private String state = "starting";

    private String shown(boolean terminal) throws IOException {
        StatusLine line = new StatusLine(new PrintStream(screen, true), terminal, () -> state);
        line.turn(0);
        line.turn(1_200);
        line.write("a line of the log\n".getBytes(StandardCharsets.UTF_8));
        line.turn(2_100);
        state = "tests: 10 of 20";
        line.turn(2_200);
        state = null;
        line.turn(2_300);
        line.turn(9_000);
        return screen.toString();
    }

    @Test
    void terminalShowsOneLineBelowTheLog() throws IOException {
        assertThat(shown(true).split("\r\033\\[K")).containsExactly("", "starting", "starting (1 s)",
                "a line of the log\n", "starting (2 s)", "", "tests: 10 of 20");
    }

    @Test
    void logShowsEachChangeAndThatTimePasses() throws IOException {
        assertThat(shown(false).lines()).containsExactly("starting", "a line of the log", "starting (2 s)",
                "tests: 10 of 20");
    }
}
