package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.http.HttpVersion;
import org.apache.http.message.BasicHttpResponse;
import org.ccmessaging.filestream.toolkit.LogText;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** From any body of a store, the service reads no text of another file, and the log gets one line of it. */
class StoreErrorFuzzTest {

    private static final String CANARY = "text of another file";

    @TempDir
    private static Path folder;
    private static String address;

    @BeforeAll
    static void start() throws IOException {
        address = Files.writeString(folder.resolve("canary"), CANARY).toUri().toString();
    }

    static Stream<byte[]> bodies() {
        String entity = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY e SYSTEM \"CANARY\"><!ENTITY f \"ffffffff\">]>";
        String error = "<Error><Code>NoSuchKey</Code><Message>No &lt;key&gt;\n</Message><RequestId>1</RequestId>"
                + "<HostId>h</HostId></Error>";
        String tags = "<Tagging xmlns=\"a\"><TagSet><Tag><Key>scan</Key><Value>cl&#x65;an</Value></Tag><Tag><Key/>"
                + "<Value></Value></Tag></TagSet></Tagging>";
        return Stream.of(error, entity + error.replace("1", "&e;&f;"),
                error.replace("NoSuchKey", "<![CDATA[NoSuchBucket]]>"),
                "<a xmlns:a=\"b\"><!--&amp;--><?a ?><a:Code/><Code>&#x41;</Code><Code>b</Code></a>",
                "<html><p>Bad gateway",
                // The JDK's parser throws another exception for this character, and a code may have any.
                "<!DOCTYPE a [\u0010",
                error.replace("NoSuchKey", "a\nERROR b\u202e" + "c".repeat(5_000)),
                tags, entity + tags.replace("&#x65;", "&e;")).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("bodies")
    @FuzzTest
    void body(byte[] body) {
        byte[] sent = new String(body, StandardCharsets.UTF_8).replace("CANARY", address)
                .getBytes(StandardCharsets.UTF_8);
        S3Exception error = StoreError.of(new BasicHttpResponse(HttpVersion.HTTP_1_1, 404, null), sent);
        String code = error.awsErrorDetails().errorCode();

        assertThat(code + error.awsErrorDetails().errorMessage() + error.requestId() + error.extendedRequestId())
                .doesNotContain(CANARY);
        assertThat(error instanceof NoSuchKeyException).isEqualTo("NoSuchKey".equals(code));
        assertThat(error instanceof NoSuchBucketException).isEqualTo("NoSuchBucket".equals(code));
        // Code and message have 300 characters, of which the log escapes some as six.
        assertThat(StoreFault.text(error)).hasSizeLessThan(3_700).isEqualTo(LogText.visible(StoreFault.text(error)));
        try {
            assertThat(RequiredTags.read(new ByteArrayInputStream(sent)).toString()).doesNotContain(CANARY);
        } catch (IOException malformed) {
            // The customer does not get the file.
        }
    }
}
