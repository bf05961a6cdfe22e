package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.ReactiveExecutor;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.routes.OwnRoutes;
import org.ccmessaging.filestream.routes.Serving;
import org.ccmessaging.filestream.routes.check.Report;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ApplicationContext;
import org.springframework.context.event.ContextClosedEvent;

/** A set of routes is activated in one step, and one that fails changes nothing. */
@Tag("service")
@ResourceLock(Stage.MBEANS)
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.reload.Journal", texts = {"are rejected", "is undone"})
@ExpectedErrors.Of(logger = "filestream", texts = "Method with name: key")
class LiveRoutesTest {

    private static final String CLAUSE = "                      expression: Unauthorized operation.\n";
    private static final byte[] FILE = Stage.content(2_500_000);

    @TempDir
    private static Path folder;

    private static OwnRoutes routes;
    @AutoClose
    private static Stage stage;

    /** The number of the generation that serves the shipped routes at the start of a test. */
    private int first;
    private String text = "Unauthorized operation.";

    @BeforeAll
    static void start() throws Exception {
        routes = new OwnRoutes(folder.resolve("routes"));
        stage = stage(routes, true);
    }

    private static Stage stage(OwnRoutes routes, boolean mbeans) throws Exception {
        Stage stage = new Stage(Stage.Kind.FILESYSTEM, Map.of(
                "filestream.routes.directory", routes.folder().toString(), "filestream.routes.label", "release 7",
                "filestream.routes.language", "src/test/resources/more-components.yaml",
                "filestream.download.max-file-size", "100MB",
                // As the console turns it on, whose start would take as long as that of all else. MBeans are the JVM's.
                "camel.main.jmx-enabled", mbeans), FailingStart.class, Application.class, Checks.class);
        stage.put("standard", "large.bin", FILE);
        return stage;
    }

    /** Serves the shipped routes again, as if nothing had been rejected. */
    @BeforeEach
    void begin() throws Exception {
        routes.restore();
        stage.service().bean(FailingStart.class).fails = null;
        checks().instead = null;
        live().reload("the test before");
        await().until(() -> live().status().draining().isEmpty());
        first = live().status().serving().number();
    }

    private static LiveRoutes live() {
        return stage.service().bean(LiveRoutes.class);
    }

    private Api api() {
        return new Api(stage.service().api().base());
    }

    private Checks checks() {
        return stage.service().bean(Checks.class);
    }

    private Answer refused() {
        return api().download(Api.request("standard", "large.bin"), "x-app-key", "nobody");
    }

    /** Changes the text of a 401. */
    private void write(String newText) throws IOException {
        routes.replace("result-codes", "expression: " + text + "\n", "expression: " + newText + "\n");
        text = newText;
    }

    private Attempt swap(String newText) throws IOException {
        write(newText);
        return live().reload("test");
    }

    @Test
    void newTextAppliesToEveryRequestAfterTheSwap() throws Exception {
        assertThat(refused().text()).contains("Unauthorized operation.");

        Attempt attempt = swap("No.");

        assertThat(attempt.outcome()).isEqualTo(Outcome.SERVES);
        assertThat(attempt.generation()).isEqualTo(first + 1);
        assertThat(refused().text()).contains("\"No.\"");
        assertThat(live().status().serving().number()).isEqualTo(first + 1);
        assertThat(live().status().filesDiffer()).isFalse();
        assertThat(live().status().stages().keySet())
                .containsExactly("checking", "starting", "serves");
        assertThat(live().reload("test").outcome()).isEqualTo(Outcome.UNCHANGED);

        // Another edit starts a new list of stages.
        checks().instead = () -> {
            assertThat(live().status().stages().keySet()).containsExactly("checking");
            return Checks.GOOD;
        };
        assertThat(swap("Never.").outcome()).isEqualTo(Outcome.SERVES);
    }

    /** What a thread keeps of a generation stays as long as the thread, which is as long as the service. */
    @Test
    void threadsKeepTheSameQueueInEveryGeneration() throws Exception {
        ReactiveExecutor before = queues();

        swap("No.");

        assertThat(queues()).isSameAs(before);
    }

    private ReactiveExecutor queues() {
        return stage.service().bean(Serving.class).current().camel().getCamelContextExtension().getReactiveExecutor();
    }

    /** A request that no route sees gets its text from a clause as well. */
    @Test
    void unknownPathHasTheTextOfTheNewGeneration() throws Exception {
        routes.replace("result-codes", "The requested content is not found.", "There is nothing.");

        live().reload("test");

        assertThat(api().get("/nowhere").text()).contains("There is nothing.");
    }

    @Test
    void setWithErrorsChangesNothingAndIsReportedWithThePlace() throws Exception {
        routes.replace("result-codes", CLAUSE, "                      expresion: Unauthorized operation.\n");

        Attempt attempt = live().reload("test");

        assertThat(attempt.outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(attempt.stage()).isEqualTo(LiveRoutes.Stage.CHECK);
        assertThat(attempt.generation()).isEqualTo(first);
        assertThat(attempt.messages().get(0)).contains("result-codes.camel.yaml:52:23");
        assertThat(refused().text()).contains("Unauthorized operation.");
        assertThat(live().status().filesDiffer()).isTrue();
        assertThat(live().status().rejected().errors()).isEqualTo(attempt.messages());
        assertThat(live().status().rejected().sources().get(0)).isEqualTo("expresion: Unauthorized operation.");
        assertThat(live().status().stages().keySet()).containsExactly("checking", "rejected");
        Attempt check = live().check("test");
        assertThat(check.outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(check.stage()).isEqualTo(LiveRoutes.Stage.CHECK);
        assertThat(check.messages()).isEqualTo(attempt.messages());
    }

    /** A hard link or a copy of a host's file is a file of the folder. */
    @ParameterizedTest
    @ValueSource(strings = {"FILESTREAM_SECRET=secret\n", "password: secret\n", "- password: secret\n",
        "secret: a\nsecret: b\n", "root:secret:1:0:\nbin: [secret\n"})
    void fileThatIsNoListOfRoutesIsReportedWithoutItsText(String text) throws Exception {
        routes.add("host", text);

        assertThat(live().reload("test").stage()).hasToString("check");

        assertThat(live().status().rejected().toString()).contains("host.camel.yaml").doesNotContain("secret");
    }

    private Report recurse() {
        return recurse();
    }

    @Test
    void checkThatFailsRejectsTheSetAndTheNextIsChecked() throws Exception {
        checks().instead = this::recurse;

        Attempt attempt = swap("No.");

        assertThat(attempt.stage()).isEqualTo(LiveRoutes.Stage.CHECK);
        assertThat(attempt.messages()).containsExactly(
                routes.folder() + ": cannot be checked: java.lang.StackOverflowError");
        checks().instead = null;
        assertThat(live().reload("test").outcome()).isEqualTo(Outcome.SERVES);
    }

    /** What Camel finds when a route starts, and no check sees. */
    static class FailingStart implements CamelContextConfiguration {

        private volatile Runnable fails;

        @Override
        public void beforeApplicationStart(CamelContext generation) {
            // Too early for a failure of a route.
        }

        @Override
        public void afterApplicationStart(CamelContext generation) {
            if (fails != null) {
                fails.run();
            }
        }
    }

    @Test
    void routeThatCannotBeStartedChangesNothing() throws Exception {
        FailingStart start = stage.service().bean(FailingStart.class);
        start.fails = () -> {
            throw new NoClassDefFoundError("no queue");
        };

        Attempt attempt = swap("No.");

        assertThat(attempt.outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(attempt.stage()).isEqualTo(LiveRoutes.Stage.START);
        assertThat(attempt.messages()).singleElement().asString().startsWith("A route cannot be started: ")
                .endsWith("no queue");
        assertThat(refused().text()).contains("Unauthorized operation.");
        assertThat(live().status().serving().number()).isEqualTo(first);
        assertThat(mbeans()).containsExactly("filestream");

        start.fails = null;
        assertThat(live().reload("test").generation()).isEqualTo(first + 1);
    }

    @Test
    void routeThatCannotBeStartedIsOneLineOfTheLogAndOneOfTheAudit() throws Exception {
        routes.add("again", """
                - route:
                    id: again
                    description: Starts at the same time as another route.
                    from:
                      uri: file:/nowhere/at-all
                      description: A folder that is not there.
                      parameters:
                        autoCreate: false
                        startingDirectoryMustExist: true
                      steps:
                        - log:
                            id: log-tick
                            description: Tells the time.
                            message: tick
                """);
        Attempt attempt;
        List<ILoggingEvent> lines;
        try (LoggedLines log = LoggedLines.ofAll()) {
            attempt = live().reload("test");
            lines = linesOfTheWorker(log);
        }

        assertThat(attempt.stage()).as("%s", attempt.messages()).hasToString("start");
        assertThat(attempt.messages()).singleElement().asString().matches(routes.folder()
                + "/again\\.camel\\.yaml:5:12  route again cannot be started: Starting directory does not exist: .*");
        assertThat(lines).extracting(ILoggingEvent::getLoggerName).containsExactly(Journal.class.getName(), "audit");
        assertThat(lines).extracting(ILoggingEvent::getThrowableProxy).containsOnlyNulls();
        assertThat(lines.get(0).getFormattedMessage()).contains(attempt.messages().get(0)).doesNotContain("Exception");
    }

    /** Services of other tests log as well. */
    private List<ILoggingEvent> linesOfTheWorker(LoggedLines log) {
        return log.list().stream().filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO)
                && (line.getLoggerName().equals(Journal.class.getName()) || line.getLoggerName().equals("audit"))
                && (line.getFormattedMessage() + line.getKeyValuePairs())
                        .contains(routes.folder().toString())).toList();
    }

    /** Gives the test the context, for the event of its end. */
    record Application(ApplicationContext context) {
    }

    @Test
    void checkThatEndsWithTheServiceRejectsNothing() throws Exception {
        OwnRoutes own = new OwnRoutes(folder.resolve("own"));
        try (Stage another = stage(own, false)) {
            Reload reload = another.service().bean(Reload.class);
            ContextClosedEvent closed = new ContextClosedEvent(another.service().bean(Application.class).context());
            another.service().bean(Checks.class).instead = () -> {
                Thread stop = new Thread(() -> assertThatNoException().isThrownBy(() -> reload.stop(closed)));
                stop.start();
                // The stop interrupts the check.
                new CountDownLatch(1).await();
                return Checks.GOOD;
            };
            own.replace("result-codes", "expression: Unauthorized operation.\n", "expression: No.\n");

            Attempt attempt = reload.reload("test");

            assertThat(attempt.outcome()).isEqualTo(Outcome.UNTRIED);
            assertThat(attempt.stage()).isNull();
            assertThat(attempt.messages()).containsExactly("the service stops");
            assertThat(reload.status().rejected()).isNull();
            assertThat(reload.rollback(1, "test").messages()).containsExactly("the service stops");
        }
    }

    @Test
    void fileOfAnotherNameIsAnotherSetThoughTheBytesAreTheSame() throws Exception {
        Files.move(routes.folder().resolve("storage-local.camel.yaml"), routes.folder().resolve("local.camel.yaml"));
        await().until(() -> live().status().filesDiffer());

        assertThat(live().reload("test").outcome()).isEqualTo(Outcome.SERVES);

        assertThat(live().status().serving().files()).containsKey("local.camel.yaml");
        assertThat(live().status().filesDiffer()).isFalse();
    }

    @Test
    void folderThatCannotBeReadIsNotTriedAndReportedWithTheReason() throws Exception {
        Path away = Files.move(routes.folder(), routes.folder().resolveSibling("away"));

        Attempt attempt = live().reload("test");

        assertThat(attempt.outcome()).isEqualTo(Outcome.UNTRIED);
        assertThat(attempt.messages()).containsExactly(routes.folder()
                + " cannot be read: it does not exist");
        assertThat(live().check("test").messages()).isEqualTo(attempt.messages());
        assertThat(live().status().note()).isEqualTo("The files in the folder cannot be loaded: " + routes.folder()
                + " cannot be read: it does not exist. Generation " + first + " stays active.");
        Files.move(away, routes.folder());
        Path empty = Files.writeString(routes.folder().resolve("tokens.camel.yaml"), "");
        await().until(() -> live().status().note(), note -> note.contains("cannot be loaded: " + empty + " is empty."));
    }

    @Test
    void downloadThatHasStartedEndsOnItsGeneration() throws Exception {
        // More than the buffers of both ends hold.
        byte[] huge = Stage.content(24_000_000);
        stage.put("standard", "huge.bin", huge);
        try (InputStream body = stage.api().downloadStream(Api.request("standard", "huge.bin"))) {
            body.readNBytes(10_000);

            swap("No.");

            assertThat(live().status().draining()).containsExactly(first);
            assertThat(mbeans()).containsExactlyInAnyOrder("filestream", "filestream-draining-" + first);
            assertThat(body.readAllBytes().length).isGreaterThan(huge.length / 3 * 4 - 10_000);
        }
        await().until(() -> live().status().draining().isEmpty());
        assertThat(mbeans()).containsExactly("filestream");
    }

    /** The names of the generations in the console, which shows key {@code name} in its tree. */
    private static Set<String> mbeans() throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("org.apache.camel:type=context,*"), null).stream()
                .peek(name -> assertThat(name.getKeyProperty("name"))
                        .isEqualTo(ObjectName.quote(name.getKeyProperty("context"))))
                .map(name -> name.getKeyProperty("context")).collect(Collectors.toSet());
    }

    @Test
    void eachResponseIsOfOneGenerationAndNoneFails() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService clients = Executors.newFixedThreadPool(8);
        List<Future<List<String>>> texts = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                boolean downloads = i % 2 == 0;
                texts.add(clients.submit(() -> {
                    List<String> seen = new ArrayList<>();
                    while (!done.get()) {
                        if (downloads) {
                            seen.add(stage.api().download(Api.request("standard", "large.bin")).file().length
                                    + " bytes");
                        } else {
                            Answer answer = refused();
                            seen.add(answer.status() + " " + answer.json().at("/exceptionInfo").asText() + " "
                                    + answer.header("resultDesc"));
                        }
                    }
                    return seen;
                }));
            }
            for (int i = 1; i <= 5; i++) {
                assertThat(swap("Text " + i + ".").outcome()).isEqualTo(Outcome.SERVES);
            }
        } finally {
            done.set(true);
            clients.shutdown();
        }
        Set<String> expected = Stream.concat(Stream.of(FILE.length + " bytes",
                        "401 Unauthorized operation. Unauthorized operation."),
                IntStream.rangeClosed(1, 5).mapToObj(i -> "401 Text " + i + ". Text " + i + "."))
                .collect(Collectors.toSet());
        for (Future<List<String>> each : texts) {
            assertThat(expected).containsAll(each.get());
        }
        assertThat(live().status().serving().number()).isEqualTo(first + 5);
    }
}
