package org.ccmessaging.filestream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.TestIssuer;
import org.ccmessaging.filestream.support.TestTokens;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.FileSystemUtils;

/** {@code doctor} reports faults of issuers, tokens, route files and settings. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.auth", texts = "cannot be fetched")
@ExpectedErrors.Of(logger = "org.springframework.boot.diagnostics", texts = "APPLICATION FAILED TO START")
class DoctorTest {

    @AutoClose
    private TestIssuer issuer;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        issuer = new TestIssuer();
    }

    @Test
    void keysOfAnIssuerAreFetchedAndVerifyItsToken() {
        Doctor doctor = Doctor.json(Map.of("filestream.auth.access-token.issuer-uri", issuer.uri()),
                "--access-token", issuer.sign(TestTokens.access()));

        assertThat(doctor.of("filestream.auth.access-token.issuer-uri")).singleElement().asString()
                .startsWith("ok issuer: 2 keys, fetched at ");
        assertThat(doctor.of("filestream.auth.signing-key")).containsExactly("ok algorithms: HS256, with keys: 1");
        assertThat(doctor.of("tokens")).singleElement().asString()
                .startsWith("ok AccessToken: accepted, filestream.auth.access-token.issuer-uri, until ");
        assertThat(doctor.status()).isZero();
    }

    @Test
    void issuerThatDoesNotRespondIsBrokenAndNamedWithItsAddress() throws Exception {
        issuer.down(true);
        Doctor doctor = Doctor.json(Map.of("filestream.auth.jwk-set-uri", issuer.keySet()));

        assertThat(doctor.of("filestream.auth.jwk-set-uri")).containsExactly(
                "broken issuer: filestream.auth.jwk-set-uri: status 503 of " + issuer.keySet());
        assertThat(doctor.status()).isEqualTo(1);

        String nobody;
        try (ServerSocket closed = new ServerSocket(0)) {
            nobody = "http://127.0.0.1:" + closed.getLocalPort();
        }
        assertThat(Doctor.json(Map.of("filestream.auth.jwk-set-uri", nobody + "/keys"))
                .of("filestream.auth.jwk-set-uri")).containsExactly(
                        "broken issuer: filestream.auth.jwk-set-uri: ConnectException at " + nobody + "/keys");
    }

    static Stream<Arguments> tokens() {
        String access = TestTokens.access().sign();
        return Stream.of(
                Arguments.of(access, TestTokens.session().sign(),
                        "ok apps: demo-app of the AccessToken, demo-app of the session token"),
                Arguments.of(access, TestTokens.session().claim("azp", "another").sign(),
                        "broken apps: demo-app of the AccessToken, another of the session token"),
                Arguments.of(TestTokens.access().expiring(-3600).sign(), null,
                        "broken refused: AccessToken: expired at "),
                Arguments.of(TestTokens.session().sign(), null, "broken refused: AccessToken: another aud"),
                Arguments.of("no-token", null, "broken refused: AccessToken: "),
                Arguments.of(null, access, "broken refused: session token: another aud"));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void tokenIsAcceptedOrTheCheckThatRefusesItIsNamed(String access, String session, String finding) throws Exception {
        Path options = Files.writeString(folder.resolve("options"), (access == null ? "" : "--access-token " + access
                + "\n") + (session == null ? "" : "--session-token " + session + "\n"));
        Doctor doctor = Doctor.json(Map.of(), "@" + options);

        assertThat(doctor.of("tokens")).last().asString().startsWith(finding);
        assertThat(Stream.of(access, session)).filteredOn(token -> token != null)
                .allSatisfy(token -> assertThat(doctor.output()).doesNotContain(token));
    }

    @Test
    void fileOfASecretThatDoesNotExistIsAWrongSetting() {
        Doctor doctor = Doctor.json(Map.of("filestream.auth.signing-key", "",
                "filestream.auth.signing-key-file", folder.resolve("key").toString()));
        assertThat(doctor.of("all")).singleElement().asString()
                .startsWith("broken ").contains("filestream.auth.signing-key-file");
        assertThat(doctor.status()).isEqualTo(1);
    }

    @Test
    void tableHasARowForEachAreaAndTheCount() {
        Doctor doctor = Doctor.run(Map.of());

        assertThat(doctor.output().lines()).anyMatch(line -> line.matches("ok +settings +all: names and values"))
                .anyMatch(line -> line.matches("ok +stores +local, multimedia-library, standard: storage: there"))
                .anyMatch(line -> line.matches("ok +identity +filestream.auth.signing-key: .*"))
                .anyMatch(line -> line.matches("ok +host +routes: check: \\d+ files, 0 errors"))
                .last().asString().matches("\\d+ ok, 0 warn, 0 broken, \\d+\\.\\d s");
        assertThat(doctor.status()).isZero();
    }

    @Test
    void errorInARouteIsBrokenWithItsAdvice() throws Exception {
        FileSystemUtils.copyRecursively(Path.of("routes"), folder);
        Path frame = folder.resolve("download-file-stream.camel.yaml");
        Files.writeString(frame, Files.readString(frame).replace("ref: authenticate", "ref: authentikate"));
        Doctor doctor = Doctor.run(Map.of("filestream.routes.directory", folder));

        assertThat(doctor.output()).containsPattern("broken +host +routes: check: .* no bean .authentikate.")
                .containsPattern("\n +-> `routes check` lists all\n");
        assertThat(doctor.status()).isEqualTo(1);
    }

    @Test
    void unknownSettingIsBrokenAsAtStartup() {
        Doctor doctor = Doctor.json(Map.of("filestream.downlod.max-in-flight", 3));

        assertThat(doctor.of("all")).singleElement().asString()
                .startsWith("broken No such setting: filestream.downlod.max-in-flight");
        assertThat(doctor.status()).isEqualTo(1);
    }
}
