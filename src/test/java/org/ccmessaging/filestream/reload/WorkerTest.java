package org.ccmessaging.filestream.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.ccmessaging.filestream.reload.Canary.Verdict;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Served;
import org.ccmessaging.filestream.reload.LiveRoutes.Stage;
import org.ccmessaging.filestream.reload.LiveRoutes.State;
import org.ccmessaging.filestream.routes.check.InvalidRoutesException;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.LoggedLines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds while edits, canaries, operators and restarts meet in any order. */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.reload", texts = {"are rejected", "is rolled back",
        "are not tried", "cannot serve any more", "is not in", "An operation on the routes",
        "was active since"})
class WorkerTest {

    private static final Verdict PROMOTE = new Verdict(Canary.Decision.PROMOTE, "");
    private static final Verdict HARM = new Verdict(Canary.Decision.ROLL_BACK, "5 sessions failed");

    private final WorkerRig rig = new WorkerRig();

    private State state(int number) {
        return rig.status().generation(Integer.toString(number)).state();
    }

    @Test
    void setThatWasActiveBeforeIsReportedWithItsNumberAndHash() {
        rig.percent = 0;
        rig.start().save("two");
        try (LoggedLines lines = new LoggedLines(Journal.class.getName())) {
            rig.save("three").save("two");

            assertThat(lines.texts()).filteredOn(text -> text.contains("again")).singleElement().asString()
                    .contains("generation 2 again", rig.status().serving().sha256());
        }
    }

    @Test
    void folderThatIsRejectedAtAStartIsReportedAndTheLastPromotedSetServes() {
        rig.start().worker.stop();
        rig.save("broken");
        rig.start();

        assertThat(rig.active()).isEqualTo("one");
        assertThat(rig.status().rejected().stage()).isEqualTo(Stage.CHECK);
        assertThat(rig.status().filesDiffer()).isTrue();
        assertThat(rig.counts).contains("rejected");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void deployersFilesServeAfterARestartWithoutLiveReloadToo(boolean canary) {
        rig.live = false;
        rig.percent = canary ? 10 : 0;
        rig.start().worker.stop();
        rig.save("two");
        rig.start();
        assertThat(canary ? rig.canary() : rig.active()).isEqualTo("two");
        assertThat(rig.status().history().get(0).by()).isEqualTo("start");
    }

    @ParameterizedTest
    @ValueSource(strings = {"harm", "hand", "kill"})
    void setThatWasRolledBackIsNotTriedAgainByARestart(String how) {
        rig.start().save("two");
        if (how.equals("hand")) {
            rig.rollback(1);
        } else if (how.equals("harm")) {
            rig.verdict = HARM;
            rig.turn();
        }
        rig.start();

        assertThat(rig.active()).isEqualTo("one");
        assertThat(rig.canary()).isNull();
        assertThat(rig.status().rejected().outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(rig.run(rig.worker.load("jo", Edit.Kind.LOAD)).outcome()).isEqualTo(Outcome.CANARY);
    }

    @Test
    void setThatEndsTheProcessWhileItStartsIsNotTriedAgainByARestart() {
        rig.start();
        rig.save("two");
        rig.verdict = PROMOTE;
        rig.turn();
        rig.verdict = WorkerRig.WATCH;
        rig.killsAtStart = true;
        rig.save("fatal");
        rig.killsAtStart = false;
        rig.start();

        assertThat(rig.active()).isEqualTo("two");
        assertThat(rig.canary()).isNull();
    }

    @Test
    void startWithALastSetThatNoLongerPassesServesTheFolderAndStopsIfThatFailsToo() {
        rig.start().worker.stop();
        rig.save("two");
        rig.refused = "one";
        assertThat(rig.start().active()).isEqualTo("two");
        assertThat(rig.status().history()).extracting(Served::state).containsExactly(State.ACTIVE, State.FORMER);

        rig.refused = "two";
        rig.save("broken");
        rig.worker.stop();
        assertThatExceptionOfType(InvalidRoutesException.class).isThrownBy(rig::start);
    }

    @Test
    void historyThatTheDiskDidNotTakeIsWrittenLater() {
        rig.start().diskFails = true;
        rig.save("two").verdict = PROMOTE;
        rig.turn();
        rig.diskFails = false;
        rig.pass(61);

        assertThat(rig.start().active()).isEqualTo("two");
    }

    @Test
    void checkThatTakesTooLongIsRejectedAndNoOtherRunsBesideIt() {
        rig.start().holdsChecks = true;
        rig.save("slow");
        rig.pass(31);
        assertThat(rig.status().rejected().messages()).containsExactly("routes: cannot be checked within 30 s");
        assertThat(rig.held.get(0)).isCancelled();

        rig.checksStuck = true;
        rig.save("two").pass(31);
        assertThat(rig.held).hasSize(1);
        assertThat(rig.status().note()).contains("are not tried yet: a check of other files has not ended");

        rig.checksStuck = false;
        rig.holdsChecks = false;
        rig.pass(61);
        assertThat(rig.canary()).isEqualTo("two");
    }

    @Test
    void checkThatFailsRejectsTheSetWhichIsNotTriedAgainAndTheNextIsChecked() {
        rig.start().holdsChecks = true;
        rig.save("two").held.get(0).completeExceptionally(new StackOverflowError());
        rig.turn();
        assertThat(rig.status().rejected().messages())
                .containsExactly("routes: cannot be checked: java.lang.StackOverflowError");
        rig.pass(61);
        assertThat(rig.held).hasSize(1);

        rig.holdsChecks = false;
        assertThat(rig.save("three").canary()).isEqualTo("three");
    }

    @Test
    void filesThatChangeDuringTheirCheckDoNotServe() {
        rig.live = false;
        rig.start().holdsChecks = true;
        rig.save("two");
        CompletableFuture<Attempt> loaded = rig.worker.load("jo", Edit.Kind.LOAD);
        rig.turn().save("newer").held.get(0).complete(Checks.GOOD);
        rig.audit.clear();
        Attempt attempt = rig.run(loaded);

        assertThat(RoutesTexts.lines(attempt)).hasSize(2).last()
                .isEqualTo("the files in routes changed while they were checked; reload once more");
        assertThat(attempt.outcome()).isEqualTo(Outcome.SUPERSEDED);
        assertThat(attempt.outcome().isFailure()).isTrue();
        assertThat(rig.status().rejected()).isNull();
        assertThat(rig.active()).isEqualTo("one");
        assertThat(rig.audit).containsExactly("routes superseded");
        assertThat(rig.counts).containsExactly("superseded");
    }

    /** Tools write the same files once more, and are seen when they are half done. */
    @Test
    void editThatIsThereAgainAfterItsCheckServes() {
        rig.start().holdsChecks = true;
        rig.save("two").text = "two, half";
        rig.held.get(0).complete(Checks.GOOD);
        rig.turn();
        assertThat(rig.counts).containsExactly("superseded");
        rig.holdsChecks = false;

        assertThat(rig.pass(31).save("two").canary()).isEqualTo("two");
    }

    @Test
    void folderThatCannotBeReadWhenTheCheckOfItsFilesEndsSupersedesNothing() {
        rig.start().holdsChecks = true;
        rig.save("two").unreadable = "a file is empty";
        rig.held.get(0).complete(Checks.GOOD);

        assertThat(rig.turn().canary()).isEqualTo("two");
    }

    @Test
    void acceptedEditServesAllSessionsAtOnceDuringItsCanaryOrWithoutOne() {
        rig.start().save("two");
        assertThat(rig.run(rig.worker.load("jo", Edit.Kind.ACCEPT)).outcome()).isEqualTo(Outcome.SERVES);
        assertThat(rig.active()).isEqualTo("two");

        rig.notices = false;
        rig.save("three");
        assertThat(rig.run(rig.worker.load("jo", Edit.Kind.ACCEPT)).outcome()).isEqualTo(Outcome.SERVES);
        assertThat(rig.active()).isEqualTo("three");
    }

    @Test
    void filesThatWaitForAnotherAttemptStayOutAfterARollbackThoughNobodyCouldReadTheFolder() {
        rig.percent = 0;
        rig.start().save("two").checksStuck = true;
        rig.save("three").pass(31);
        rig.unreadable = "the folder is away";
        rig.rollback(1);
        rig.unreadable = null;
        rig.checksStuck = false;

        assertThat(rig.pass(61).active()).isEqualTo("one");
    }

    @Test
    void rejectedEditIsNotShownAnyMoreOnceTheFolderHasTheFilesOfTheCanaryAgain() {
        rig.start().save("two").save("broken");
        assertThat(rig.status().rejected()).isNotNull();

        assertThat(rig.save("two").status().rejected()).isNull();
    }

    @Test
    void outcomeOfACanaryIsShownThoughAnotherEditBeginsAtOnce() {
        rig.start().save("two").holdsChecks = true;
        rig.verdict = HARM;
        rig.save("three");

        assertThat(rig.status().stages().keySet()).containsExactly("rolled back", "checking");
    }

    @Test
    void rollbackSupersedesAnAttemptAndTheAttemptsThatWait() {
        rig.percent = 0;
        rig.start().save("two").holdsChecks = true;
        rig.save("three");
        CompletableFuture<Attempt> waiting = rig.worker.load("jo", Edit.Kind.LOAD);
        CompletableFuture<Attempt> check = rig.worker.load("jo", Edit.Kind.CHECK);
        rig.turn().holdsChecks = false;

        assertThat(rig.rollback(1).outcome()).isEqualTo(Outcome.SERVES);

        assertThat(rig.run(waiting).outcome()).isEqualTo(Outcome.SUPERSEDED);
        assertThat(waiting.join().messages())
                .containsExactly("somebody rolled back meanwhile, so generation 3 stays active");
        assertThat(rig.run(check).outcome()).isEqualTo(Outcome.PASSED);
        assertThat(rig.status().rejected()).isNull();
        assertThat(rig.pass(61).active()).isEqualTo("one");
        assertThat(state(2)).isEqualTo(State.ROLLED_BACK);
    }

    @Test
    void labelIsThatOfTheFilesAtStartup() {
        rig.percent = 0;
        rig.label = "release 7";
        rig.start().save("two").rollback(1);

        assertThat(rig.status().history()).extracting(Served::label).containsExactly("release 7", null, "release 7");
    }

    @Test
    void leftOversOfTrialsOfOlderVersionsAreRemoved(@TempDir Path temporary) throws IOException {
        Files.createDirectories(temporary.resolve("filestream-trial123/jar"));
        Path other = Files.createFile(temporary.resolve("other"));
        Files.createSymbolicLink(temporary.resolve("filestream-trial-link"), other);
        Reload.removeTrials(temporary);

        assertThat(temporary).isDirectoryContaining(other::equals).isDirectoryNotContaining("glob:**trial*");
    }
}
