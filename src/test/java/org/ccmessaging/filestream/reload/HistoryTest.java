package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.LoggedLines;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The last generations: in memory, over restarts, and with a folder that fails. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.reload.History", texts = "history")
class HistoryTest {

    @AutoClose
    private final LoggedLines log = new LoggedLines(History.class.getName());

    @TempDir
    private Path temp;
    private Path folder;

    @BeforeEach
    void listen() {
        folder = temp.resolve("data/history");
    }

    private List<String> warnings() {
        return log.list().stream().filter(line -> line.getLevel() == Level.WARN).map(ILoggingEvent::getFormattedMessage)
                // Other tests fill other disks at the same time.
                .filter(line -> line.contains(temp.toString())).toList();
    }

    private static History history(Path folder) {
        return new History(folder);
    }

    private static Served generation(int number) {
        return new Served(number, "sha-" + number, Instant.parse("2026-11-26T10:15:30.123456Z").plusSeconds(number),
                number % 2 == 0 ? "file change" : "console user admin", number % 2 == 0 ? null : "0".repeat(40),
                number % 3 == 0 ? number - 2 : null, null, LiveRoutes.State.FORMER, null,
                Map.of("a.camel.yaml", "- route: # Grüße " + number + "\n", "b.camel.yaml", "two"));
    }

    private static void add(History history, int from, int to) {
        IntStream.rangeClosed(from, to).mapToObj(HistoryTest::generation).forEach(each -> history.put(each));
    }

    private static List<Served> expected(int newest, int oldest) {
        return IntStream.iterate(newest, number -> number >= oldest, number -> number - 1)
                .mapToObj(HistoryTest::generation).toList();
    }

    private Path file() {
        return folder.resolve("history.json");
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void folderKeepsThemOverARestartAndNumbersGoOn() throws IOException {
        add(history(folder), 1, 13);
        assertThat(files()).containsExactly("history.json");

        History later = history(folder);

        assertThat(later.newestFirst()).isEqualTo(expected(13, 4));
        assertThat(later.lastNumber()).isEqualTo(13);
        later.put(generation(14));
        assertThat(history(folder).newestFirst()).isEqualTo(expected(14, 5));
        assertThat(warnings()).isEmpty();
    }

    @Test
    void fileIsJsonThatPeopleRead() throws IOException {
        history(folder).put(generation(1));

        assertThat(Files.readString(file())).contains("\"number\" : 1",
                "\"since\" : \"2026-11-26T10:15:31.123456Z\"", "\"by\" : \"console user admin\"", "Grüße 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"number\": 2, \"sha", "", "null", "[null]", "[{\"number\": 6}]", "text"})
    void fileThatCannotBeReadIsNamedAndStartsANewHistory(String text) throws IOException {
        add(history(folder), 1, 3);
        Files.writeString(file(), text);

        History history = history(folder);

        assertThat(history.newestFirst()).isEmpty();
        assertThat(warnings()).singleElement().asString()
                .startsWith("The history of routes in " + file() + " cannot be read (");
        history.put(generation(1));
        assertThat(history(folder).newestFirst()).containsExactly(generation(1));
    }

    @Test
    void membersOfALaterVersionDoNotMatter() throws IOException {
        add(history(folder), 1, 1);
        Files.writeString(file(), Files.readString(file()).replace("\"number\" : 1", "\"number\" : 1, \"later\" : {}"));

        assertThat(history(folder).newestFirst()).containsExactly(generation(1));
        assertThat(warnings()).isEmpty();
    }

    /** What a process left that was killed while it wrote. */
    @Test
    void halfWrittenFileIsNoHistoryAndIsRemovedWithTheNextOne() throws IOException {
        add(history(folder), 1, 1);
        Files.writeString(folder.resolve("history.json.tmp"), "[{\"num");

        History history = history(folder);

        assertThat(history.newestFirst()).containsExactly(generation(1));
        history.put(generation(2));
        assertThat(files()).containsExactly("history.json");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void folderThatCannotBeMadeCostsTheFilesAndNothingElse() throws IOException {
        Files.writeString(temp.resolve("data"), "a file in its place");
        History history = history(folder);
        add(history, 1, 2);

        assertThat(history.newestFirst()).isEqualTo(expected(2, 1));
        assertThat(warnings()).singleElement().asString().startsWith("Generation 1 is not in " + file() + " (")
                .endsWith("): the history in memory continues, and a restart forgets it");
    }

    /** A full disk: {@code /dev/full} takes no byte, as which the temporary file shows here. */
    @Test
    void fullDiskLeavesTheOldFileAndMemoryContinues() throws IOException {
        assumeThat(Path.of("/dev/full")).exists();
        History history = history(folder);
        history.put(generation(1));
        Files.createSymbolicLink(folder.resolve("history.json.tmp"), Path.of("/dev/full"));
        history.put(generation(2));

        assertThat(history.newestFirst()).isEqualTo(expected(2, 1));
        assertThat(warnings()).singleElement().asString().contains("Generation 2 is not in", "continues");
        assertThat(history(folder).newestFirst()).containsExactly(generation(1));
        history.put(generation(3));
        assertThat(history(folder).newestFirst()).isEqualTo(expected(3, 1));
    }
}
