package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Outcomes.BROKEN_TAIL;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Fault;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Behaviour of downloads from a store that answers over a connection, which breaks in all ways. */
abstract class RemoteStoreContract extends StoreContract {

    static final byte[] LARGE = Stage.content(2_000_000);

    FaultyServer link;
    Service service;

    /** Starts the store, with an empty folder. Returns its address. */
    abstract URI start(Path folder) throws Exception;

    /** Starts the service, whose connections to the store go to the address. */
    abstract Service serve(URI address, Path folder) throws Exception;

    /** Stops the store. */
    abstract void stop() throws Exception;

    /** Returns whether the service can read the rest of an object after the first response broke. */
    boolean resumes() {
        return true;
    }

    @BeforeAll
    final void startAll(@TempDir Path ofStore, @TempDir Path ofService) throws Exception {
        link = new FaultyServer(start(ofStore));
        service = serve(link.endpoint(), ofService);
        put("demo/large.bin", LARGE);
        put("demo/small.bin", Stage.content(40_000));
    }

    @AfterAll
    final void stopAll() throws Exception {
        if (service != null) {
            service.close();
        }
        if (link != null) {
            link.close();
        }
        stop();
    }

    /** Settings of a service that soon gives up on a store, and does not count its failures. */
    static Map<String, Object> impatient() {
        return Map.of("filestream.health.probe-interval", "10m", "filestream.s3.circuit-open-time", "0s",
                "filestream.s3.read-timeout", "2s", "filestream.download.first-byte-timeout", "10s",
                "filestream.download.stall-timeout", "10s",
                "filestream.download.max-file-size", Stage.MAX_FILE_SIZE + "B");
    }

    @Override
    final Api api() {
        return service.api();
    }

    @AfterEach
    void heal() {
        link.heal();
    }

    final void assertBrokenOff(String name, byte[] content) {
        Answer answer = download(name);
        assertThat(end(answer)).endsWith(BROKEN_TAIL);
        byte[] received = Base64.getDecoder().decode(answer.json().get("fileStream").asText());
        assertThat(received.length).isLessThan(content.length);
        assertThat(Arrays.mismatch(received, content)).as("first difference").isEqualTo(received.length);
    }

    private void assertResumed(String name, byte[] content) {
        if (resumes()) {
            assertServed(name, content);
        } else {
            assertBrokenOff(name, content);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOSE", "RESET", "SILENCE"})
    void readThatBreaksResumesAtItsOffsetOrIsNoSuccess(Fault fault) {
        link.breakOnce(1_000_000, fault);

        assertResumed("large.bin", LARGE);
    }

    @Test
    void readThatBreaksAgainAndAgainResumesEachTime() {
        link.breakAfter(300_000, Fault.CLOSE);

        assertResumed("large.bin", LARGE);
    }

    /** {@code StorageFaultContractTest} has a store that stays silent. */
    @ParameterizedTest
    @EnumSource(names = {"CLOSE", "RESET"})
    void readThatBreaksForGoodIsNoSuccess(Fault fault) {
        link.breakForGood(1_000_000, fault);

        assertBrokenOff("large.bin", LARGE);
    }

    @ParameterizedTest
    @EnumSource(names = {"CLOSE", "RESET"})
    void storeThatBreaksBeforeItRespondsIsAnIoException(Fault fault) {
        link.breakAfter(0, fault);

        assertThat(download("small.bin").text()).isEqualTo(READ_BROKEN);
    }

    @Test
    void slowStoreIsRead() {
        link.breakAfter(0, Fault.DRIP);

        assertServed("small.bin", Stage.content(40_000));
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000_000, 1_500_000, 2_500_000})
    void objectThatIsReplacedWhileItIsReadIsNeverMixed(int newLength) {
        byte[] replacement = new byte[newLength];
        put("demo/replaced.bin", LARGE);
        link.breakOnce(1_000_000, Fault.RESET, () -> put("demo/replaced.bin", replacement));

        assertBrokenOff("replaced.bin", LARGE);
        assertServed("replaced.bin", replacement);
    }

    @Test
    void surplusResponseReachesNoOtherCustomer() {
        byte[] theirs = Stage.content(40_001);
        put("demo/theirs.bin", theirs);
        for (int i = 0; i < 3; i++) {
            link.breakAfter(0, Fault.SURPLUS);
            assertServed("small.bin", Stage.content(40_000));
            assertServed("theirs.bin", theirs);
        }
    }
}
