package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ccmessaging.filestream.observe.RecentRequests.Asked;
import org.ccmessaging.filestream.observe.RecentRequests.Seen;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.DownloadRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The process that tries a set cannot harm the service. A script takes the place of Java. */
class TrialTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String GOOD = outcome("");
    private static final String READY = "echo '{\"stage\":null,\"outcome\":{}}'";

    private static final List<Seen> REQUESTS = List.of(new Seen(new Asked("acme", "web-1", "app",
            new DownloadRequest("a.txt", "WEB", "txt", null), Map.of()), "0", "standard", "acme/a.txt", 5, null));
    private static final String LOST = """
            {"request":0,"text":"got 0 and get 13: step get-object","code":"0","lost":true}""";

    @TempDir
    private Path temp;
    private Path folder;
    private Path told;
    private Path temporary;
    private final AtomicLong now = new AtomicLong();

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

    /** Returns the end of a script that leaves an outcome with these failures. */
    private static String outcome(String failures) {
        return outcome(failures, "null");
    }

    private static String outcome(String failures, String replayed) {
        return "; sha256=$(cat $DIR/routes/*.camel.yaml | sha256sum | cut -d' ' -f1); "
                + "echo '{\"stage\":null,\"outcome\":{\"sha256\":\"'$sha256'\",\"failures\":[" + failures
                + "],\"replayed\":" + replayed + "}}'";
    }

    /** @param script sees the place as {@code $DIR} and all arguments as {@code $@} */
    private Trial trial(Boolean tests, Duration limit, String script) throws IOException {
        Path text = temp.resolve("script");
        Path java = temp.resolve("java");
        Files.writeString(text, "#!/bin/sh\nPATH=" + System.getenv("PATH") + "\nTOLD=" + told
                + "\nfor a; do case $a in *tmpdir=*) DIR=${a#*=}; DIR=${DIR%/*};; esac; done\n" + script + "\n");
        // A process that another test starts in this moment may hold a file that this one writes, and a file that is
        // open for writing cannot be run.
        run("cp", text, java);
        run("chmod", "+x", java);
        return new Trial(settings(tests, limit), new JavaCommand(java.toString(), "x.jar", "x.jar", List.of()),
                temporary, files -> Map.of("scanner.address", "http://scanner"), now::get, List::of);
    }

    private static RoutesSettings settings(Boolean tests, Duration limit) {
        Map<String, Object> settings = new HashMap<>(Map.of("filestream.routes.expose", "HOME",
                "filestream.routes.tests-timeout", limit.toString()));
        settings.computeIfAbsent("filestream.routes.tests-before-swap", key -> tests);
        return ShippedSettings.of("filestream.routes", RoutesSettings.class, settings);
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
        return run(trial(null, LONG, script)).messages();
    }

    private Verdict run(Trial trial) {
        return run(trial, FolderContent.read(folder), stage -> { });
    }

    private Verdict run(Trial trial, FolderContent content, Consumer<String> progress) {
        return trial.run(content, RouteFiles.of(folder, Map.of("a.camel.yaml", "active routes")), false, progress);
    }

    private List<String> told() throws IOException {
        return Files.readAllLines(told);
    }

    @Test
    void processGetsACopyOfRoutesAndTestsThatIsRemovedAfterwards() throws IOException {
        writeTests();
        FolderContent content = FolderContent.read(folder);
        Files.writeString(folder.resolve("a.camel.yaml"), "edited meanwhile");
        Files.writeString(folder.resolve("tests/a.test.yaml"), "edited meanwhile");
        Trial trial = trial(null, LONG, "echo $DIR >$TOLD; (cd $DIR && find . -type f | sort) >>$TOLD;"
                + " cat $DIR/routes/a.camel.yaml >>$TOLD; echo >>$TOLD; cat $DIR/routes/tests/a.test.yaml >>$TOLD"
                + GOOD);
        assertThat(run(trial, content, stage -> { })).isEqualTo(new Verdict(null, List.of()));

        assertThat(told().subList(1, 6)).containsExactly("./errors", "./routes/a.camel.yaml",
                "./routes/tests/a.test.yaml", "the routes", "the tests");
        assertThat(Path.of(told().get(0))).doesNotExist();
    }

    @Test
    void processIsSmallHasRoomForCompiledCodeAndEndsWithTheService() throws IOException {
        assertThat(run("echo \"$@\" >$TOLD" + GOOD)).isEmpty();

        assertThat(told()).singleElement().asString().contains("-Xmx256m -XX:TieredStopAtLevel=1"
                + " -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -Djava.io.tmpdir=",
                " -jar x.jar routes trial ")
                .endsWith(" " + ProcessHandle.current().pid());
    }

    @Test
    void settingsReachTheProcessInNoFileAndOnlyTheOwnerReadsItsFolder() throws IOException {
        assertThat(run("read -r task; stat -c %a $DIR >$TOLD; grep -rc scanner $DIR/* >>$TOLD; echo \"$task\" >>$TOLD"
                + GOOD)).isEmpty();

        assertThat(told()).startsWith("700").last().asString()
                .contains("\"settings\":{\"scanner.address\":\"http://scanner\"}");
        assertThat(told().subList(1, told().size() - 1)).allMatch(line -> line.endsWith(":0"));
    }

    @ParameterizedTest
    @CsvSource(nullValues = "not set", value = {"not set, true, true", "true, true, true", "false, true, false",
        "not set, false, false", "false, false, false"})
    void settingDecidesWhetherTestsOfTheFolderRun(Boolean setting, boolean there, boolean run) throws IOException {
        if (there) {
            writeTests();
        }
        assertThat(run(trial(setting, LONG, "ls $DIR/routes/tests >$TOLD" + GOOD)).passed()).isTrue();

        assertThat(told().contains("a.test.yaml")).isEqualTo(run);
    }

    @Test
    void testsThatTheSettingDemandsMustBeThere() throws IOException {
        assertThat(run(trial(true, LONG, "touch $TOLD")).messages()).containsExactly(folder.resolve("tests")
                + ": there is no *.test.yaml, and filestream.routes.tests-before-swap is true");
        assertThat(told).doesNotExist();
    }

    @Test
    void outcomeOfOtherFilesIsNone() throws IOException {
        assertThat(run(trial(null, LONG, "echo changed >$DIR/routes/a.camel.yaml" + GOOD)).messages())
                .containsExactly("could not run: other files were tried");
    }

    @Test
    void failuresNameTheFolderThatPeopleKnow() throws IOException {
        assertThat(run(trial(null, LONG, "true" + outcome("\"'$DIR'/routes/a.camel.yaml:3:5  error\","
                + "\"'$DIR'/routes: late\"") + "; exit 1"))).isEqualTo(new Verdict("try",
                        List.of(folder.resolve("a.camel.yaml") + ":3:5  error", folder + ": late")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exit 3                        | the tests took more than the 256 MB of memory that they have
            kill -9 $$                    | the system ended the process, as it does where memory is short
            echo 'test: there is no x' >&2; exit 2 | exit status 2: test: there is no x
            exit 0                        | exit status 0
            exit 1                        | exit status 1
            exit 134                      | exit status 134
            printf '{"stage":"try'; exit 3 | the tests took more than the 256 MB of memory that they have
            """)
    void processThatCouldNotRunIsReportedWithTheReason(String script, String reason) throws IOException {
        assertThat(run(script)).containsExactly("could not run: " + reason);
    }

    /** The process gets the requests by its standard input, and the active routes in its folder. */
    private Trial rehearsing(String policy, String difference) throws IOException {
        trial(null, LONG, "(cd $DIR && find . -type f | sort; cat active/a.camel.yaml) >$TOLD; echo >>$TOLD;"
                + " read -r task; echo \"$task\" >>$TOLD; echo '{\"stage\":\"rehearsing\"}'"
                + outcome("", "{\"count\":1,\"millis\":7,\"differences\":[" + difference + "]}"));
        return new Trial(ShippedSettings.of("filestream.routes", RoutesSettings.class,
                Map.of("filestream.routes.rehearsal-policy", policy)), new JavaCommand(temp.resolve("java").toString(),
                        "x.jar", "x.jar", List.of()), temporary, files -> Map.of(), now::get, () -> REQUESTS);
    }

    @Test
    void requestsOfCustomersReachTheProcessInNoFile() throws IOException {
        List<String> stages = new ArrayList<>();
        Verdict verdict = run(rehearsing("report", ""), FolderContent.read(folder), stages::add);

        assertThat(verdict.stage()).isNull();
        assertThat(told().subList(0, 4)).containsExactly("./active/a.camel.yaml", "./errors", "./routes/a.camel.yaml",
                "active routes");
        assertThat(told().get(4)).contains("\"tenant\":\"acme\"", "\"fileId\":\"a.txt\"");
        assertThat(verdict.rehearsal().lines()).containsExactly("1 requests in 0.0 s: no difference");
        assertThat(stages).last().isEqualTo("rehearsing");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "passed", value = {"report, false, passed", "refuse, false, rehearsal",
        "refuse, true, passed"})
    void policyDecidesWhetherAnEditMayLoseRequests(String policy, boolean accepted, String stage) throws IOException {
        Verdict verdict = rehearsing(policy, LOST).run(FolderContent.read(folder), RouteFiles.read(folder), accepted,
                progress -> { });

        assertThat(verdict.stage()).isEqualTo(stage);
        assertThat(verdict.rehearsal().lines()).containsExactly("1 requests in 0.0 s: 1 differ",
                "1 of 1 got 0 and get 13: step get-object");
        assertThat(verdict.messages()).hasSize(stage == null ? 0 : 3);
    }

    @Test
    void missingJavaIsAReason() {
        Trial trial = new Trial(settings(null, LONG), new JavaCommand("/nowhere/java", "x.jar", null, List.of()),
                temporary, files -> Map.of(), now::get, List::of);
        // With nice, which then says so.
        assertThat(run(trial).messages()).singleElement().asString()
                .startsWith("could not run: ").contains("/nowhere/java");
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
        Trial trial = trial(null, LONG, "touch $TOLD");
        assertThat(run(trial)).isEqualTo(Trial.untried("the trial cannot write in the temporary folder " + temporary
                + " (" + cause + "). Make room for it there, or start the service with another folder:"
                + " java -Djava.io.tmpdir=<folder>"));
        assertThat(told).doesNotExist();
    }

    @Test
    void temporaryFolderThatTakesHalfACopyIsLeftEmpty() throws IOException {
        // No file has a longer name, so the copy of the tests fails when that of the routes is there.
        FolderContent content = FolderContent.read(folder);
        content.routes().contents().put(folder.resolve("x".repeat(300)), new byte[1]);
        Trial trial = trial(null, LONG, "touch $TOLD");
        assertThat(run(trial, content, stage -> { }).messages()).singleElement().asString()
                .contains(temporary + " (File name too long)");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void processThatDoesNotEndIsKilledWithAllThatItStarted() throws Exception {
        assertThat(run(trial(null, Duration.ofSeconds(5), "sleep 600 & echo $! $$ $DIR >$TOLD; wait")).messages())
                .containsExactly("could not run: the tests took longer than filestream.routes.tests-timeout (5s)");
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
    void stageFollowsTheTestsThatHaveEnded() throws Exception {
        List<String> stages = new CopyOnWriteArrayList<>();
        Trial trial = trial(null, LONG, "seen() { while [ ! -e $TOLD$1 ]; do sleep 0.02; done; }; seen 0;"
                + " echo '{\"stage\":\"trying 1 of 91\"}'; seen 1; echo '{\"stage\":\"rehearsing\"}'; seen 2" + GOOD);
        assertThat(run(trial, FolderContent.read(folder), stage -> {
            if (stages.isEmpty() || !stages.get(stages.size() - 1).equals(stage)) {
                run("touch", told + Integer.toString(stages.size()));
                stages.add(stage);
            }
        }).passed()).isTrue();

        assertThat(stages).containsExactly("trying", "trying 1 of 91", "rehearsing");
    }

    @Test
    void trialThatNoLongerMattersIsKilledAndHasNoOutcome() throws Exception {
        Trial trial = trial(null, LONG, "echo $$ >$TOLD.new; mv $TOLD.new $TOLD; exec sleep 600");

        assertThatThrownBy(() -> run(trial, FolderContent.read(folder), stage -> {
            if (Files.exists(told)) {
                throw new CancellationException();
            }
        })).isInstanceOf(CancellationException.class);

        awaitEnd(told().get(0));
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void interruptKillsTheProcessAndStays() throws Exception {
        Trial trial = trial(null, LONG, "echo $$ >$TOLD.new; mv $TOLD.new $TOLD; exec sleep 600");
        CompletableFuture<Verdict> outcome = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                outcome.complete(run(trial));
            } catch (CancellationException cancelled) {
                outcome.cancel(false);
            }
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        thread.start();
        await().until(() -> Files.exists(told));
        thread.interrupt();

        assertThatThrownBy(() -> outcome.get(60, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
        awaitEnd(told().get(0));
    }

    @Test
    void outputWithoutEndNeitherBlocksTheProcessNorFillsTheService() throws IOException {
        assertThat(run("i=0; while [ $i -lt 5000 ]; do echo line $i of many >&2; echo noise; i=$((i+1)); done;"
                + " exit 1"))
                .singleElement().asString().startsWith("could not run: exit status 1: line 0 of many; ")
                .hasSizeLessThan(400);
    }

    @Test
    void kernelTakesTheProcessFirstAndTheServiceHasPriority() throws IOException {
        assumeThat(Path.of("/proc/self/oom_score_adj")).exists();
        assertThat(run("until grep -qx 1000 /proc/$$/oom_score_adj; do sleep 0.05; done; nice >$TOLD" + GOOD))
                .isEmpty();

        assertThat(told()).containsExactly(Integer.toString(niceOfThisProcess() + 5));
    }

    private static int niceOfThisProcess() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }

    /** The shell adds some of its own. */
    @Test
    void processHasTheLanguageOfTheServiceWhatRoutesMayReadAndNothingElseOfTheEnvironment() throws IOException {
        assertThat(System.getenv()).containsKey("HOME").hasSizeGreaterThan(5);
        assertThat(run("env >$TOLD" + GOOD)).isEmpty();

        assertThat(told()).contains("HOME=" + System.getenv("HOME")).allMatch(
                line -> line.matches("(LANG|LC_ALL|LC_CTYPE|HOME|PWD|OLDPWD|SHLVL|_|PATH)=.*"));
    }

    @Test
    void nothingIsLeftInTheTemporaryFolder() throws IOException {
        run("exit 0" + GOOD);
        run("echo x >$DIR/../tmp/left; exit 1");

        assertThat(temporary).isEmptyDirectory();
    }

    /**
     * Runs a trial, and waits until the process for the next one has read the active set. Each process writes its ID
     * when it tries a set.
     *
     * @param ready what the process that waits does to be ready
     */
    private Trial waiting(String ready) throws IOException {
        Trial trial = trial(null, LONG, "read -r task; if [ -e $DIR/warm-up ]; then cat $DIR/warm-up/*.yaml >$DIR/seen;"
                + ready + "; mv $DIR/seen $TOLD.active; read -r task; fi; echo $$ >>$TOLD" + GOOD);
        assertThat(run(trial).passed()).isTrue();
        now.addAndGet(TimeUnit.SECONDS.toNanos(3));
        trial.prepare(() -> RouteFiles.read(folder));
        await().until(() -> Files.exists(Path.of(told + ".active")) && (ready.equals("true") || trial.isReady()));
        return trial;
    }

    private String process() {
        return ProcessHandle.current().descendants().map(ProcessHandle::pid).map(Object::toString)
                .filter(pid -> {
                    try {
                        return Files.readString(Path.of("/proc", pid, "cmdline")).contains(temporary.toString());
                    } catch (IOException ended) {
                        return false;
                    }
                }).findFirst().orElseThrow();
    }

    @Test
    void processThatHasLoadedItsClassesByTheActiveSetTriesTheNextOne() throws IOException {
        try (Trial trial = waiting(READY)) {
            assertThat(Path.of(told + ".active")).hasContent("the routes");
            String waits = process();
            Files.writeString(folder.resolve("a.camel.yaml"), "the next routes");

            assertThat(run(trial).passed()).isTrue();
            assertThat(told()).hasSize(2).endsWith(waits);
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"not ready, false", "killed, true"})
    void processThatWouldBeLateIsReplaced(String which, boolean killed) throws Exception {
        try (Trial trial = waiting(killed ? READY : "true")) {
            String late = process();
            if (killed) {
                run("kill", "-9", late);
                awaitEnd(late);
            }

            assertThat(run(trial).passed()).isTrue();
            awaitEnd(late);
            assertThat(told()).hasSize(2).doesNotContain(late);
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void processWaitsAQuarterOfAnHour() throws Exception {
        try (Trial trial = waiting(READY)) {
            String waits = process();
            now.addAndGet(TimeUnit.MINUTES.toNanos(15));
            trial.prepare(() -> RouteFiles.read(folder));

            awaitEnd(waits);
            assertThat(temporary).isEmptyDirectory();
            now.addAndGet(TimeUnit.SECONDS.toNanos(3));
            trial.prepare(() -> RouteFiles.read(folder));
            assertThat(temporary).isEmptyDirectory();
        }
    }
}
