package org.ccmessaging.filestream.routes.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A list of files passes only if it is one of those that {@code sha256sum} prints for exactly these files, and a
 * signature only for the bytes that the key has signed.
 */
class TrustedKeysFuzzTest {

    private static final Path FOLDER = Path.of("routes");
    private static final String A = DigestUtils.sha256Hex("- route: a\n");
    private static final String B = DigestUtils.sha256Hex("- route: b\n");

    /** The second name has a character that decoders of UTF-8 put in place of a malformed byte. */
    private static final RouteFiles FILES = RouteFiles.of(FOLDER,
            Map.of("a.camel.yaml", "- route: a\n", "\ufffd.camel.yaml", "- route: b\n"));
    private static final List<String> LISTS = Stream.of("  ", " *").flatMap(one -> Stream.of("  ", " *")
            .flatMap(other -> Stream.of(A + one + "a.camel.yaml\n" + B + other + "\ufffd.camel.yaml\n",
                    B + other + "\ufffd.camel.yaml\n" + A + one + "a.camel.yaml\n"))).toList();
    private static final byte[] GOOD = bytes(LISTS.get(0));

    private static final KeyPair PAIR = generate();
    private static final TrustedKeys KEYS = new TrustedKeys(List.of(PAIR.getPublic()));
    private static final TrustedKeys NO_KEYS = new TrustedKeys(List.of());
    private static final byte[] SIGNATURE = sign(GOOD);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static byte[] sign(byte[] list) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(PAIR.getPrivate());
            signer.update(list);
            return signer.sign();
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static boolean passes(byte[] list, byte[] signature) {
        return findings(list, signature).isEmpty();
    }

    private static List<Finding> findings(byte[] list, byte[] signature) {
        SortedMap<Path, byte[]> proof = new TreeMap<>(Map.of(FOLDER.resolve(RouteFiles.SUMS), list,
                FOLDER.resolve(RouteFiles.SIGNATURE), signature));
        Findings findings = new Findings();
        (signature.length == 0 ? NO_KEYS : KEYS).check(new RouteFiles(FOLDER, FILES.contents(), proof), findings);
        assertThat(findings.sorted()).allMatch(finding ->
                FOLDER.equals(finding.place().file().normalize().getParent()));
        return findings.sorted();
    }

    static Stream<byte[]> lists() {
        byte[] malformed = LISTS.get(0).replace('\ufffd', '\u00ff').getBytes(StandardCharsets.ISO_8859_1);
        return Stream.concat(Stream.of(malformed), Stream.concat(LISTS.stream(), Stream.of(LISTS.get(0).toUpperCase(),
                "\\" + LISTS.get(0), A + "  ../routes/a.camel.yaml\n", LISTS.get(0).replace("\n", "\r\n")))
                .map(TrustedKeysFuzzTest::bytes));
    }

    @MethodSource("lists")
    @FuzzTest
    void list(byte[] data) {
        boolean isList = LISTS.stream().anyMatch(list -> Arrays.equals(bytes(list), data));
        // The signature, which takes most of the time, is checked for good lists, and for every 32nd input.
        int part = Math.floorMod(Arrays.hashCode(data), 32);
        assertThat(findings(data, new byte[0])).filteredOn(finding -> !finding.place().file().endsWith(
                RouteFiles.SIGNATURE)).matches(findings -> findings.isEmpty() == isList);
        if (isList || part == 0) {
            assertThat(passes(data, sign(data))).isEqualTo(isList);
            assertThat(passes(data, SIGNATURE)).isEqualTo(Arrays.equals(data, GOOD));
        }
        if (part == 1) {
            byte[] changed = Arrays.copyOf(SIGNATURE, Math.max(data.length, SIGNATURE.length));
            for (int i = 0; i < data.length; i++) {
                changed[i] ^= data[i];
            }
            assertThat(passes(GOOD, changed)).isEqualTo(Arrays.equals(changed, SIGNATURE));
        }
    }
}
