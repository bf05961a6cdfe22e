package org.ccmessaging.filestream.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Development mode shows what it does below the lines of its log. */
class StatusLineTest {

    @Test
    void lineOfTheLogIsWrittenWhileTheStateIsAskedFor() {
        ByteArrayOutputStream screen = new ByteArrayOutputStream();
        AtomicReference<StatusLine> line = new AtomicReference<>();
        line.set(new StatusLine(new PrintStream(screen), false, () -> CompletableFuture.supplyAsync(() -> {
            try {
                line.get().write('x');
                return "written";
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }).completeOnTimeout("held up", 10, TimeUnit.SECONDS).join()));

        line.get().turn(0);

        assertThat(screen).hasToString("xwritten\n");
    }
}
