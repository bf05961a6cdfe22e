package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.settings.InvalidSettingException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the signed list of a set of route files must be, and which key files stop startup. */
class TrustedKeysTest {

    private static final String HASH_OF_A = DigestUtils.sha256Hex("- route: a\n");
    private static final String HASH_OF_B = DigestUtils.sha256Hex("- route: b\n");
    private static final String GOOD = HASH_OF_A + "  a.camel.yaml\n" + HASH_OF_B + "  b.camel.yaml\n";

    @TempDir
    private Path folder;

    private final KeyPair pair = generate("Ed25519");
    private final Path sums = Path.of(RouteFiles.SUMS);

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(folder.resolve("a.camel.yaml"), "- route: a\n");
        Files.writeString(folder.resolve("b.camel.yaml"), "- route: b\n");
    }

    private static KeyPair generate(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private void sign(KeyPair with, String list) throws Exception {
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(with.getPrivate());
        signer.update(list.getBytes(StandardCharsets.UTF_8));
        Files.writeString(folder.resolve(sums), list);
        Files.write(folder.resolve(RouteFiles.SIGNATURE), signer.sign());
    }

    private Path pem(String type, byte[] key) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "key", ".pem"), "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder().encodeToString(key) + "\n-----END " + type + "-----\n");
    }

    private List<String> findings(Path... keys) {
        Findings findings = new Findings();
        TrustedKeys.read(List.of(keys)).check(RouteFiles.read(folder), findings);
        return findings.sorted().stream().map(finding -> folder.relativize(finding.place().file())
                + (finding.place().line() == 0 ? "" : ":" + finding.place().line()) + " " + finding.message()).toList();
    }

    private List<String> findings() throws IOException {
        return findings(pem("PUBLIC KEY", generate("Ed25519").getPublic().getEncoded()),
                pem("PUBLIC KEY", pair.getPublic().getEncoded()));
    }

    @Test
    void listOfExactlyTheFilesThatOneOfTheKeysHasSignedIsNoFault() throws Exception {
        sign(pair, GOOD);
        assertThat(findings()).isEmpty();

        sign(pair, GOOD.replace("  b", " *b"));
        assertThat(findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            A  a.camel.yaml/                                | b.camel.yaml not listed in SHA256SUMS
            A  a.camel.yaml/B  b.camel.yaml/A  c.camel.yaml/| SHA256SUMS:3 c.camel.yaml is not a route file of the
            A  a.camel.yaml/A  b.camel.yaml/| b.camel.yaml another content than SHA256SUMS lists in line 2
            A  a.camel.yaml/B  b.camel.yaml/B  b.camel.yaml/| SHA256SUMS:3 b.camel.yaml is not a route file of the
            A  a.camel.yaml/B  b.camel.yaml                 | SHA256SUMS:2 the last line has no end
            A  a.camel.yaml/B  .!b.camel.yaml/              | SHA256SUMS:2 not a line of sha256sum
            A  a.camel.yaml/B b.camel.yaml/                 | SHA256SUMS:2 not a line of sha256sum
            A  a.camel.yaml//B  b.camel.yaml/               | SHA256SUMS:2 not a line of sha256sum
            A  a.camel.yaml/!B  b.camel.yaml/               | SHA256SUMS:2 not a line of sha256sum
            A  a.camel.yaml/B  b.camel.yaml^/               | SHA256SUMS:2 not a line of sha256sum
            """)
    void otherListIsAFaultWithItsFile(String list, String expected) throws Exception {
        sign(pair, list.replace("/", "\n").replace("!", list.contains(".!") ? "/" : "\\").replace("^", "\r")
                .replace("A ", HASH_OF_A + " ").replace("B ", HASH_OF_B + " "));

        assertThat(findings()).anySatisfy(finding -> assertThat(finding).startsWith(expected));
    }

    @Test
    void signatureOfAnotherKeyOrAnotherListIsAFault() throws Exception {
        String foreign = "SHA256SUMS.sig not an Ed25519 signature of SHA256SUMS by one of the 2 keys of"
                + " filestream.routes.trusted-keys";
        sign(generate("Ed25519"), GOOD);
        assertThat(findings()).containsExactly(foreign);

        sign(pair, "");
        Files.writeString(folder.resolve(sums), GOOD);
        assertThat(findings()).containsExactly(foreign);

        Files.writeString(folder.resolve(RouteFiles.SIGNATURE), "c2lnbmF0dXJl\n");
        assertThat(findings()).containsExactly(foreign);
    }

    @Test
    void setWithoutProofIsAFaultWithBothFiles() throws Exception {
        assertThat(findings()).hasSize(2).allMatch(finding -> finding.matches("SHA256SUMS(.sig)? missing: .*"));
    }

    @Test
    void listIsBounded() throws Exception {
        sign(pair, GOOD + "x".repeat(RouteFiles.LARGEST));

        assertThat(findings()).containsExactly("SHA256SUMS larger than 262144 bytes",
                "SHA256SUMS.sig not an Ed25519 signature of SHA256SUMS by one of the 2 keys of"
                        + " filestream.routes.trusted-keys");
    }

    @Test
    void changeOfTheProofIsAChangeOfTheFolder() throws Exception {
        RouteFiles before = RouteFiles.read(folder);
        sign(pair, GOOD);

        assertThat(RouteFiles.read(folder).isSame(before)).isFalse();
        assertThat(RouteFiles.read(folder).sha256()).isEqualTo(before.sha256());
    }

    @Test
    void fileWithoutAPublicKeyStopsStartup() throws Exception {
        Path other = pem("PUBLIC KEY", generate("RSA").getPublic().getEncoded());
        Path secret = pem("PRIVATE KEY", pair.getPrivate().getEncoded());

        assertThatThrownBy(() -> findings(folder.resolve("none.pem"))).isInstanceOf(InvalidSettingException.class)
                .hasMessage("filestream.routes.trusted-keys = \"" + folder.resolve("none.pem")
                        + "\": expected files with Ed25519 public keys in PEM, as `openssl pkey -pubout` writes them,"
                        + " but it cannot be read (NoSuchFileException)");
        assertThatThrownBy(() -> findings(folder)).hasMessageEndingWith("but it cannot be read (IOException)");
        assertThatThrownBy(() -> findings(other)).hasMessageEndingWith("but it holds another kind of key");
        assertThatThrownBy(() -> findings(secret)).hasMessageEndingWith("but it holds a PRIVATE KEY");
        assertThatThrownBy(() -> findings(folder.resolve("a.camel.yaml"))).hasMessageEndingWith("but it holds none");
    }

    /** The commands of docs/editing-routes.md. */
    @Tag("tools")
    @Test
    void standardToolsMakeTheKeysTheListAndTheSignature() throws Exception {
        assumeThat(Stream.of("openssl", "sha256sum").allMatch(tool -> Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, tool))))).isTrue();
        String commands = Files.readString(Path.of("docs/editing-routes.md")).lines()
                .filter(line -> line.startsWith("    openssl ") || line.startsWith("    sha256sum "))
                .collect(Collectors.joining("\n"));
        assertThat(commands).contains("genpkey", "-pubout", "pkeyutl -sign -rawin");

        Process shell = new ProcessBuilder("sh", "-ec", commands).directory(folder.toFile())
                .redirectErrorStream(true).start();
        String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(shell.waitFor()).as(printed).isZero();
        assertThat(findings(folder.resolve("pipeline.pub"))).isEmpty();
    }
}
