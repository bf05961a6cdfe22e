package org.ccmessaging.filestream.dev;

import java.io.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.util.ReflectionUtils;

/**
 * Shows what development mode does now: in a terminal as a line that is rewritten below the log, and elsewhere as a
 * line when it changes and every one and a half seconds. It takes the place of {@link System#out}, to which the log
 * writes.
 */
final class StatusLine extends OutputStream {

    private static final int TURN_MILLIS = 100;
    private static final long SECOND = 1_000;
    private static final long LONGEST_SILENCE = 1_500;
    private static final String ERASE = "\r\033[K";

    private final PrintStream screen;
    private final boolean terminal;
    private final ScheduledExecutorService turns = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "status-line");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Supplier<String> state;
    private String shown;
    private long since;
    private long said;

    StatusLine(PrintStream screen, boolean terminal, Supplier<String> state) {
        this.screen = screen;
        this.terminal = terminal;
        this.state = state;
    }

    /** Returns whether a user sees the output of this process at once. */
    private static boolean isTerminal() {
        Console console = System.console();
        // Since Java 22, there may be a console without a terminal.
        Method method = ReflectionUtils.findMethod(Console.class, "isTerminal");
        return console != null && (method == null || (boolean) ReflectionUtils.invokeMethod(method, console));
    }

    /** Begins to show a state. */
    static StatusLine begin(Supplier<String> state) {
        StatusLine line = new StatusLine(System.out, isTerminal(), state);
        System.setOut(new PrintStream(line, true, StandardCharsets.UTF_8));
        line.turns.scheduleWithFixedDelay(() -> line.turn(System.currentTimeMillis()), 0, TURN_MILLIS,
                TimeUnit.MILLISECONDS);
        return line;
    }

    /** @param next returns {@code null} when there is nothing to show */
    void show(Supplier<String> next) {
        state = next;
        turn(System.currentTimeMillis());
    }

    void turn(long now) {
        // Without the lock: the state may wait for a thread that prints, and print itself.
        show(state.get(), now);
    }

    private synchronized void show(String text, long now) {
        if (text == null || !text.equals(shown)) {
            erase();
            shown = text;
            since = now;
            said = now - LONGEST_SILENCE;
        }
        if (text != null && (terminal || now - said >= LONGEST_SILENCE)) {
            said = now;
            String line = text + (now - since < SECOND ? "" : " (" + (now - since) / SECOND + " s)");
            screen.print(terminal ? ERASE + line : line + "\n");
            screen.flush();
        }
    }

    private void erase() {
        if (terminal && shown != null) {
            screen.print(ERASE);
        }
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    /** Writes to the screen above the line, which the next turn shows again. */
    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
        erase();
        screen.write(bytes, from, length);
        screen.flush();
    }
}
