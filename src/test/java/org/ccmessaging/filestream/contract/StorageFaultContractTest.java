package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import org.ccmessaging.filestream.reliability.FaultMatrix;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Contract sections 4.1 and 4.3: a store that refuses, is unreachable or breaks off for good is never a success. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3", texts = "Response rejected")
class StorageFaultContractTest extends FaultMatrix {

    StorageFaultContractTest() {
        // The threads and files of this process are also those of the store and of the clients.
        super(FEW_SIZES, 10_000);
    }

    @Override
    protected Stage start(Map<String, Object> settings) throws Exception {
        return Stage.impatient(settings);
    }

    @Test
    void storeThatCannotBeReachedGivesCode13IoException() throws Exception {
        try (Socket nobody = new Socket()) {
            // It has the port, and does not listen.
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (Stage alone = Stage.impatient(Map.of(
                    "filestream.s3.endpoint", "http://127.0.0.1:" + nobody.getLocalPort()))) {
                assertThat(Stage.BRANCHES).allSatisfy(branch ->
                        assertThat(alone.api().download(request(branch, "hello.txt")).text()).isEqualTo(READ_BROKEN));
            }
        }
    }
}
