package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.support.OwnThread;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the process that tries a set, whatever it does. A script takes the place of Java. */
class TrialTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path temp;
    private Path folder;
    private Path told;
    private Path temporary;

    @BeforeEach
    void writeRoutes() throws IOException {
        folder = Files.createDirectory(temp.resolve("routes"));
        told = temp.resolve("told");
        temporary = Files.createDirectory(temp.resolve("temporary"));
        Files.writeString(folder.resolve("a.camel.yaml"), "the routes");
        Files.writeString(folder.resolve("README.md"), "no routes");
    }

    private void writeTests() throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve("tests")).resolve("a.test.yaml"), "the tests");
    }

    /** @param script sees the folder as {@code $DIR}, and all arguments as {@code $@} */
    private Trial trial(Boolean tests, Duration limit, String script) throws IOException {
        Path text = temp.resolve("script");
        Path java = temp.resolve("java");
        Files.writeString(text, "#!/bin/sh\nTOLD=" + told + "\nfor a; do case $b in test) DIR=$a;; esac; b=$a; done\n"
                + script + "\n");
        // A process that another test starts in this moment may hold a file that this one writes, and a file that is
        // open for writing cannot be run.
        run("cp", text, java);
        run("chmod", "+x", java);
        return new Trial(tests, limit, new JavaCommand(java.toString(), "x.jar", "x.jar", List.of(), List.of()),
                temporary);
    }

    private static void run(Object... command) {
        try {
            assertThat(new ProcessBuilder(Stream.of(command).map(Object::toString).toList()).start().waitFor())
                    .isZero();
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    private List<String> run(String script) throws IOException {
        try (Trial trial = trial(null, LONG, script)) {
            return trial.run(RouteFiles.read(folder));
        }
    }

    private List<String> told() throws IOException {
        return Files.readAllLines(told);
    }

    @Test
    void processGetsACopyOfRoutesAndTestsThatIsRemovedAfterwards() throws IOException {
        writeTests();
        RouteFiles files = RouteFiles.read(folder);
        Files.writeString(folder.resolve("a.camel.yaml"), "edited meanwhile");
        try (Trial trial = trial(null, LONG, "echo $DIR >$TOLD; (cd $DIR && find . -type f | sort) >>$TOLD;"
                + " cat $DIR/a.camel.yaml >>$TOLD; echo >>$TOLD; cat $DIR/tests/a.test.yaml >>$TOLD")) {
            assertThat(trial.run(files)).isEmpty();
        }

        assertThat(told().subList(1, 5)).containsExactly("./a.camel.yaml", "./tests/a.test.yaml", "the routes",
                "the tests");
        assertThat(Path.of(told().get(0))).isNotEqualTo(folder).doesNotExist();
        assertThat(Path.of(told().get(0)).getParent()).doesNotExist();
    }

    @Test
    void processIsSmallAndEndsWithTheService() throws IOException {
        assertThat(run("echo \"$@\" >$TOLD")).isEmpty();

        assertThat(told()).singleElement().asString().contains("-Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
                + " -XX:+ExitOnOutOfMemoryError -Djava.io.tmpdir=", " -jar x.jar routes test ")
                .endsWith(" --only-smoke --end-with " + ProcessHandle.current().pid());
    }

    @ParameterizedTest
    @CsvSource(nullValues = "not set", value = {"not set, true, --smoke", "true, true, --smoke",
        "false, true, --only-smoke", "not set, false, --only-smoke", "false, false, --only-smoke"})
    void testsOfTheFolderRunAsTheSettingSays(Boolean setting, boolean there, String option) throws IOException {
        if (there) {
            writeTests();
        }
        try (Trial trial = trial(setting, LONG, "echo \"$@\" >$TOLD")) {
            assertThat(trial.run(RouteFiles.read(folder))).isEmpty();
        }

        assertThat(told().get(0)).contains(" " + option + " ");
    }

    @Test
    void testsThatTheSettingDemandsMustBeThere() throws IOException {
        try (Trial trial = trial(true, LONG, "touch $TOLD")) {
            assertThat(trial.run(RouteFiles.read(folder))).containsExactly(folder.resolve("tests")
                    + ": there is no *.test.yaml, and filestream.routes.tests-before-swap is true");
        }
        assertThat(told).doesNotExist();
    }

    @Test
    void testsThatCannotBeReadAreNamedWithTheCause() throws IOException {
        writeTests();
        Path large = folder.resolve("tests/large.test.yaml");
        Files.write(large, new byte[1_048_577]);
        String tests = "could not run: the tests in " + folder.resolve("tests") + " cannot be read (";

        assertThat(run("touch $TOLD")).containsExactly(tests + large + " is larger than 1048576 bytes)");

        Files.delete(large);
        Files.createSymbolicLink(large, Path.of("nowhere"));
        assertThat(run("touch $TOLD")).containsExactly(tests + large + " does not exist)");
        assertThat(told).doesNotExist();
    }

    @Test
    void failuresNameTheFolderThatPeopleKnow() throws IOException {
        assertThat(run("echo 'FAILED  a'; echo \"$DIR/tests/a.test.yaml:3:5  status\"; echo '    - 200';"
                + " echo '    + 500'; echo '1 tests, 1 failed, 0 % of the steps, 1.0 s'; exit 1")).containsExactly(
                folder.resolve("tests/a.test.yaml") + ":3:5  status: expected 200; came 500 (test \"a\")");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exit 3                            | the tests took more than the 256 MB of memory that they have
            kill -9 $$                        | the system ended the process, as it does where memory is short
            echo 'test: there is no x'; exit 2 | exit status 2: test: there is no x
            exit 1                            | exit status 1
            exit 134                          | exit status 134
            """)
    void processThatCouldNotRunSaysWhy(String script, String reason) throws IOException {
        assertThat(run(script)).containsExactly("could not run: " + reason);
    }

    @Test
    void missingJavaIsAReason() {
        try (Trial trial = new Trial(null, LONG, new JavaCommand("/nowhere/java", "x.jar", null, List.of(),
                List.of()), temporary)) {
            // With nice, which then says so.
            assertThat(trial.run(RouteFiles.read(folder))).singleElement().asString().startsWith("could not run: ")
                    .contains("/nowhere/java");
        }
    }

    /** As root, who may write everywhere, nothing but its kind keeps a folder from being written. */
    @ParameterizedTest
    @CsvSource({"false, it does not exist", "true, Not a directory"})
    void temporaryFolderThatTakesNothingIsNamedWithTheCauseAndTheRemedy(boolean file, String cause)
            throws IOException {
        temporary = temp.resolve("no-folder");
        if (file) {
            Files.createFile(temporary);
        }
        try (Trial trial = trial(null, LONG, "touch $TOLD")) {
            assertThatExceptionOfType(NotTriedException.class).isThrownBy(() -> trial.run(RouteFiles.read(folder)))
                    .withMessage("the trial cannot write in the temporary folder " + temporary + " (" + cause
                            + "). Make room for it there, or start the service with another folder:"
                            + " java -Djava.io.tmpdir=<folder>");
        }
        assertThat(told).doesNotExist();
    }

    @Test
    void temporaryFolderThatTakesHalfACopyIsLeftEmpty() throws IOException {
        // No file has a longer name, so the copy of the tests fails when that of the routes is there.
        RouteFiles files = RouteFiles.read(folder);
        files.contents().put(folder.resolve("x".repeat(300)), new byte[1]);
        try (Trial trial = trial(null, LONG, "touch $TOLD")) {
            assertThatExceptionOfType(NotTriedException.class).isThrownBy(() -> trial.run(files))
                    .withMessageContaining(temporary + " (File name too long)");
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void processThatDoesNotEndIsKilledWithAllThatItStarted() throws Exception {
        try (Trial trial = trial(null, Duration.ofSeconds(15), "sleep 600 & echo $! $$ $DIR >$TOLD; wait")) {
            assertThat(trial.run(RouteFiles.read(folder))).containsExactly(
                    "could not run: the tests took longer than filestream.routes.tests-timeout (15s)");
        }
        String[] told = told().get(0).split(" ");

        awaitEnd(told[0]);
        awaitEnd(told[1]);
        assertThat(Path.of(told[2])).doesNotExist();
    }

    private static void awaitEnd(String pid) {
        // A zombie, which nobody has waited for, is no process any more.
        await().ignoreExceptionsInstanceOf(IOException.class).until(() -> ProcessHandle.of(Long.parseLong(pid))
                .filter(ProcessHandle::isAlive).isEmpty() || Files.readString(Path.of("/proc", pid, "stat"))
                .contains(") Z "));
    }

    @Test
    void endOfTheServiceKillsTheProcess() throws Exception {
        Trial trial = trial(null, LONG, "echo $$ >$TOLD.new; mv $TOLD.new $TOLD; exec sleep 600");
        CompletableFuture<List<String>> outcome = OwnThread.supply(
                () -> trial.run(RouteFiles.read(folder)));
        await().until(() -> Files.exists(told));
        trial.close();

        assertThat(outcome.get(60, TimeUnit.SECONDS)).containsExactly("could not run: the service stops");
        awaitEnd(told().get(0));
        assertThat(trial.run(RouteFiles.read(folder))).containsExactly("could not run: the service stops");
    }

    @Test
    void interruptKillsTheProcessAndStays() throws Exception {
        Trial trial = trial(null, LONG, "echo $$ >$TOLD.new; mv $TOLD.new $TOLD; exec sleep 600");
        CompletableFuture<List<String>> outcome = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            outcome.complete(trial.run(RouteFiles.read(folder)));
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        thread.start();
        await().until(() -> Files.exists(told));
        thread.interrupt();

        assertThat(outcome.get(60, TimeUnit.SECONDS)).containsExactly("could not run: the service stops");
        assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
        awaitEnd(told().get(0));
    }

    @Test
    void outputWithoutEndNeitherBlocksTheProcessNorFillsTheService() throws IOException {
        assertThat(run("i=0; while [ $i -lt 5000 ]; do echo line $i of many; i=$((i+1)); done; exit 1"))
                .hasSize(1_000);
    }

    @Test
    void kernelTakesTheProcessFirstAndTheServiceHasPriority() throws IOException {
        assumeThat(Path.of("/proc/self/oom_score_adj")).exists();
        assertThat(run("until grep -qx 1000 /proc/$$/oom_score_adj; do sleep 0.05; done; nice >$TOLD")).isEmpty();

        assertThat(told()).containsExactly(Integer.toString(niceOfThisProcess() + 5));
    }

    private static int niceOfThisProcess() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }

    @Test
    void optionsForAllJavaProcessesAreNotPassedOn() throws IOException {
        assertThat(run("env >$TOLD")).isEmpty();

        assertThat(told()).noneMatch(line -> line.matches("(JAVA_TOOL|JDK_JAVA|_JAVA)_OPTIONS=.*"))
                .anyMatch(line -> line.startsWith("PATH="));
    }

    @Test
    void nothingIsLeftInTheTemporaryFolder() throws IOException {
        run("exit 0");
        run("echo x >$DIR/../tmp/left; exit 1");

        assertThat(temporary).isEmptyDirectory();
    }
}
