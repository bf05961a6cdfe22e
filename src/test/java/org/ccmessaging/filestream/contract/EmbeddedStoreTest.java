package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.support.FaultyServer.Fault;
import org.junit.jupiter.api.Test;

/** The store of development mode and of the other tests. */
class EmbeddedStoreTest extends S3StoreContract {

    private EmbeddedS3 s3;

    EmbeddedStoreTest() {
        super("s3proxy", "any", "secret");
    }

    @Override
    URI start(Path folder) throws Exception {
        s3 = EmbeddedS3.inMemory(List.of(), "any", "secret");
        return ready(s3.endpoint());
    }

    @Override
    void stop() throws Exception {
        super.stop();
        s3.close();
    }

    private double reads(String outcome) {
        return service.metric("filestream_reads_resumed_total{outcome=\"" + outcome + "\"}");
    }

    @Test
    void metricCountsEachReadThatResumesAndEachThatIsGivenUp() {
        double resumed = reads("resumed");
        double givenUp = reads("given-up");
        link.breakAfter(300_000, Fault.CLOSE);
        assertServed("large.bin", LARGE);
        assertThat(reads("resumed")).isEqualTo(resumed + 6);

        link.breakForGood(1_000_000, Fault.RESET);
        assertBrokenOff("large.bin", LARGE);
        assertThat(reads("given-up")).isEqualTo(givenUp + 1);
    }
}
