package org.ccmessaging.filestream.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.ccmessaging.filestream.support.Outcomes.BROKEN_TAIL;
import static org.ccmessaging.filestream.support.Outcomes.FILE_SERVICE_REFUSED;
import static org.ccmessaging.filestream.support.Outcomes.FILE_TAIL;
import static org.ccmessaging.filestream.support.Outcomes.NOT_CLEAN;
import static org.ccmessaging.filestream.support.Outcomes.READ_BROKEN;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.cli.Doctor;
import org.ccmessaging.filestream.dev.EmbeddedS3;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.FaultyServer.Fault;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/** Behaviour of downloads from a store with the interface of S3. Its row of docs/deployment.md names what it lacks. */
@Tag("service")
abstract class S3StoreContract extends RemoteStoreContract {

    /** Columns of the row after that of the access key. */
    private enum Column { VERIFIED, CHECKSUM, RESUMED, LINKS, TAGS }

    private final String name;
    private final String accessKey;
    private final String secretKey;
    private S3Client client;

    /** @param name of the store in the table of docs/deployment.md */
    S3StoreContract(String name, String accessKey, String secretKey) {
        this.name = name;
        this.accessKey = accessKey;
        this.secretKey = secretKey;
    }

    private String cell(Column column) {
        try {
            String row = Files.readAllLines(Path.of("docs", "deployment.md")).stream()
                    .filter(line -> line.startsWith("| " + name + " ")).findFirst().orElseThrow();
            return row.split("\\|")[5 + column.ordinal()].strip();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    final boolean resumes() {
        return cell(Column.RESUMED).startsWith("yes");
    }

    private Map<String, Object> settings(URI address) {
        Map<String, Object> settings = new HashMap<>(impatient());
        settings.put("filestream.s3.endpoint", address.toString().replace("127.0.0.1", "localhost"));
        settings.put("filestream.s3.path-style-access", "true");
        settings.put("filestream.s3.access-key", accessKey);
        settings.put("filestream.s3.secret-key", secretKey);
        settings.put("filestream.storage.local.type", "s3");
        settings.put("filestream.storage.local.bucket", "standard");
        settings.put("filestream.storage.local.s3.access-key", accessKey);
        settings.put("filestream.storage.local.s3.secret-key", "another");
        settings.put("filestream.storage.multimedia-library.bucket", "scanned");
        settings.put("filestream.storage.multimedia-library.s3.required-tags.verdict", "clean");
        settings.put("filestream.download.file-url", "presigned");
        return settings;
    }

    @Override
    final Service serve(URI address, Path folder) {
        return Service.start(settings(address));
    }

    /** Makes the client that stores objects, and the bucket. */
    final URI ready(URI address) {
        client = EmbeddedS3.client(address, accessKey, secretKey);
        client.createBucket(bucket -> bucket.bucket("standard"));
        return address;
    }

    @Override
    final void put(String key, byte[] content) {
        client.putObject(object -> object.bucket("standard").key(key), RequestBody.fromBytes(content));
    }

    @Override
    void stop() throws Exception {
        if (client != null) {
            client.close();
        }
    }

    @Test
    void requestWithAWrongSignatureIsRefused() {
        Answer answer = api().download(Api.request("local", "small.bin"));

        assertThat(answer.text().equals(FILE_SERVICE_REFUSED)).isEqualTo(!name.equals("S3Mock"));
    }

    @Test
    void requestThatMeetsOneBrokenConnectionIsRepeated() {
        link.breakOnce(0, Fault.RESET);

        assertServed("small.bin", Stage.content(40_000));
    }

    @Test
    void changedByteIsNoticedIfTheStoreKeepsAChecksum() {
        assumeThat(cell(Column.CHECKSUM)).isNotEqualTo("none");
        link.breakAfter(20_000, Fault.CHANGE);

        assertThat(download("small.bin").text()).isEqualTo(READ_BROKEN);
    }

    @Test
    void linkOpensTheFileWithItsTypeIfTheStoreAppliesIt() {
        Answer answer = download("small.bin");
        assertThat(answer.json().has("fileUrl")).isEqualTo(cell(Column.LINKS).startsWith("with type"));
        assumeThat(answer.json().has("fileUrl")).isTrue();

        Answer file = Api.fetch(answer.json().get("fileUrl").asText());
        assertThat(file.bytes()).isEqualTo(Stage.content(40_000));
        assertThat(file.header("Content-Type")).startsWith("text/plain");
        assertThat(file.header("Content-Disposition")).isEqualTo("inline; filename=\"small.bin.txt\"");
    }

    private Answer scanned() {
        return api().download(Api.request("multimedia-library", "a.bin"));
    }

    private void put(byte[] content, String verdict) {
        client.putObject(object -> object.bucket("scanned").key("demo/a.bin").tagging("verdict=" + verdict),
                RequestBody.fromBytes(content));
    }

    @Test
    void onlyAVersionWithTheAcceptedTagIsServed() {
        assumeThat(cell(Column.TAGS)).isEqualTo("yes");
        client.createBucket(bucket -> bucket.bucket("scanned"));
        client.putBucketVersioning(bucket -> bucket.bucket("scanned")
                .versioningConfiguration(versions -> versions.status(BucketVersioningStatus.ENABLED)));
        client.putObject(object -> object.bucket("scanned").key("demo/a.bin"), RequestBody.fromBytes(LARGE));
        assertThat(end(scanned())).isEqualTo(NOT_CLEAN);
        put(LARGE, "clean");
        assertThat(Arrays.mismatch(scanned().file(), LARGE)).isEqualTo(-1);
        put(LARGE, "infected");
        assertThat(end(scanned())).isEqualTo(NOT_CLEAN);

        put(LARGE, "clean");
        link.breakOnce(1_000_000, Fault.RESET, () -> put(Stage.content(1_999_999), "infected"));
        assertThat(end(scanned())).endsWith(BROKEN_TAIL);
        assertThat(end(scanned())).isEqualTo(NOT_CLEAN);
    }

    /** An SDK sends metadata of ASCII only, so the uploader encodes other characters by RFC 2047. */
    @Test
    void eachStoreReturnsTheMetadataThatNamesTheOwner() {
        Map<String, String> owners = Map.of("alice", "alice", "Müller", "=?UTF-8?Q?M=C3=BCller?=");
        owners.forEach((userId, metadata) -> client.putObject(object -> object.bucket("standard")
                .key("demo/of-" + userId).metadata(Map.of("user-id", metadata)), RequestBody.fromBytes(LARGE)));
        Map<String, Object> settings = settings(link.endpoint());
        settings.put("filestream.storage.standard.s3.owner-metadata", "user-id");

        try (Service owned = Service.start(settings)) {
            for (String userId : owners.keySet()) {
                for (String of : owners.keySet()) {
                    Answer answer = owned.api().download(Api.request("standard", "of-" + of),
                            Api.credentials(TestTokens.session().claim("userId", userId)));
                    assertThat(end(answer)).endsWith(of.equals(userId) ? FILE_TAIL : FILE_SERVICE_REFUSED);
                }
            }
            assertThat(owned.api().download(Api.request("standard", "small.bin")).text())
                    .isEqualTo(FILE_SERVICE_REFUSED);
        }
    }

    @Test
    void doctorNamesWhatTheTableOfStoresNames() {
        List<String> findings = Doctor.run(settings(link.endpoint()), "--object", "standard/demo/small.bin")
                .of("standard");

        assertThat(findings).contains("OK object: demo/small.bin");
        assertThat(level(findings, "response-content-language"))
                .isEqualTo(cell(Column.VERIFIED).startsWith("no") ? "warning" : "OK");
        assertThat(level(findings, "checksum")).isEqualTo(cell(Column.CHECKSUM).equals("none") ? "warning" : "OK");
        assertThat(level(findings, "Range")).isEqualTo(resumes() ? "OK" : "warning");
        assertThat(level(findings, "If-Match"))
                .isEqualTo(cell(Column.RESUMED).contains("If-Match") ? "warning" : "OK");
    }

    private static String level(List<String> findings, String ability) {
        String suffix = " " + ability + ":";
        return findings.stream().filter(finding -> finding.contains(suffix)).findFirst().orElseThrow().split(" ")[0];
    }
}
