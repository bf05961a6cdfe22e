package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.http.HttpResponse;
import org.apache.http.HttpVersion;
import org.apache.http.message.BasicHttpResponse;
import org.ccmessaging.filestream.storage.S3Settings.VerifyResponses;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** No customer gets the response to another request, and no part of a file as the file (decision 0012). */
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.storage.s3",
        texts = {"Response rejected", "cannot be verified"})
class VerifiedResponseTest {

    private static final int FILES = 20;
    private static final int SIZE = 40_000;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    @AutoClose
    private final FaultyServer server = new FaultyServer();
    @AutoClose
    private S3Store store;

    /** Starts a client with one connection, so that a surplus response meets every request after it. */
    private void start(String verifyResponses, boolean echo) throws IOException {
        for (int i = 0; i < FILES; i++) {
            server.put("file-" + i, content(i), Turn::right);
        }
        server.echo(echo);
        store = ObjectGets.store(server.endpoint(), meters, null, Map.of("max-connections", 1,
                "verify-responses", verifyResponses));
        if (echo) {
            assertEveryFileIsRight();
            assertThat(store.states()).containsEntry("responses", "verified").containsEntry("circuit", "closed");
        }
    }

    private static byte[] content(int file) {
        byte[] content = Stage.content(SIZE);
        content[0] = (byte) file;
        return content;
    }

    private byte[] download(String name) throws IOException {
        return ObjectGets.read(store, name);
    }

    private void assertEveryFileIsRight() throws IOException {
        for (int i = 0; i < FILES; i++) {
            assertThat(download("file-" + i)).as("file %s", i).isEqualTo(content(i));
        }
    }

    private void assertNotServed(String name) {
        assertThatExceptionOfType(SdkClientException.class).isThrownBy(() -> download(name));
    }

    private double rejected(String reason) {
        return meters.get("filestream.s3.responses.rejected").tag("reason", reason).counter().count();
    }

    @Test
    void requestAfterA304WithABodyIsSentOnce() throws Exception {
        start("auto", true);
        server.put("304", Stage.content(1), turn -> turn.error(304, "NotModified"));
        assertThatExceptionOfType(S3Exception.class).isThrownBy(() -> download("304"));
        assertThat(download("file-0")).isEqualTo(content(0));
        assertThat(server.requests("file-0")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "off"})
    void surplusResponseReachesNoOtherCustomerOfAStoreThatSendsNoNonceBack(String verifyResponses) throws Exception {
        start(verifyResponses, false);
        server.put("twice", Stage.content(SIZE), turn -> {
            turn.right();
            turn.right();
        });

        assertThat(download("twice")).isEqualTo(Stage.content(SIZE));
        assertEveryFileIsRight();
        assertThat(store.states().get("responses")).contains("each connection serves one request");
    }

    @ParameterizedTest
    @CsvSource({"auto, true", "require, false"})
    void storeThatSendsNoNonceBackIsRefusedIfItSentOneBeforeOrMustSendOne(String verifyResponses, boolean before)
            throws Exception {
        start(verifyResponses, before);
        server.echo(false);

        assertNotServed("file-0");
        assertThat(rejected("unbound")).isEqualTo(2);
    }

    /** A proxy of the store may compress. Its bytes are not those of the file. */
    @ParameterizedTest
    @CsvSource({"gzip, false", "br, false", "identity, true", "aws-chunked, true"})
    void encodedResponseIsNoSuccess(String encoding, boolean served) throws Exception {
        start("auto", true);
        List<String> accepted = new CopyOnWriteArrayList<>();
        server.put("encoded", Stage.content(SIZE), turn -> {
            accepted.addAll(turn.headers("Accept-Encoding"));
            turn.right("Content-Encoding: " + encoding);
        });

        if (served) {
            assertThat(download("encoded")).isEqualTo(Stage.content(SIZE));
        } else {
            assertNotServed("encoded");
        }
        assertThat(accepted).isNotEmpty().containsOnly("identity");
    }

    /** {@code StorageFaultContractTest} shows that none of them is a success. */
    @Test
    void rejectedResponsesAreCountedByTheirReason() throws Exception {
        start("auto", true);
        server.put("206", Stage.content(SIZE), turn -> {
            turn.head(206, "Content-Length: " + SIZE / 2);
            turn.upTo(SIZE / 2);
        });
        server.put("two-lengths", Stage.content(SIZE), turn -> {
            turn.head(200, "Content-Length: " + SIZE / 2, "Content-Length: " + SIZE);
            turn.upTo(SIZE);
        });

        assertNotServed("206");
        assertThat(rejected("partial")).isEqualTo(2);
        assertNotServed("two-lengths");
        assertThat(rejected("bad-length")).isEqualTo(2);
        assertEveryFileIsRight();
    }

    /** A response with or without the nonce, for a GET with nonce "x". */
    private static boolean accepts(ResponseVerification verification, boolean echo) {
        HttpResponse response = new BasicHttpResponse(HttpVersion.HTTP_1_1, 200, "OK");
        if (echo) {
            response.addHeader("Content-Language", "x");
        }
        return verification.rejection(response, "x", false) == null;
    }

    /** The bound response arrives while the late one is logged. */
    @Test
    void lateResponseWithoutANonceDoesNotEndTheVerification() {
        store = ObjectGets.store(server.endpoint(), Map.of());
        ResponseVerification verification =
                new ResponseVerification(VerifyResponses.AUTO, meters, Tags.empty(), false);
        AppenderBase<ILoggingEvent> meanwhile = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent late) {
                assertThat(accepts(verification, true)).isTrue();
            }
        };
        Logger log = (Logger) LoggerFactory.getLogger(ResponseVerification.class);
        meanwhile.start();
        log.addAppender(meanwhile);
        try {
            accepts(verification, false);
        } finally {
            log.detachAppender(meanwhile);
        }
        assertThat(accepts(verification, false)).isFalse();
        assertThat(verification.state()).isEqualTo("verified");
    }
}
