package org.ccmessaging.filestream.routes.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.ccmessaging.filestream.settings.InvalidSettingException;

/**
 * The keys of {@code filestream.routes.trusted-keys}. One of them must have signed a list of exactly the files of a set
 * with their hashes, as the proof that the set came through the pipeline of its installation (R005).
 */
record TrustedKeys(List<PublicKey> keys) {

    private static final String ED25519 = "Ed25519";
    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    /** Maximum size of a file: a key has 113 bytes. */
    private static final int LARGEST = 64 * 1024;

    /** A line of {@code sha256sum}, for a text file or a binary one. Names that it escapes are not those of routes. */
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *]([^/\\\\\\p{Cntrl}]+)");

    /** @throws InvalidSettingException if a file cannot be read, or holds something else than public keys */
    static TrustedKeys read(List<Path> files) {
        List<PublicKey> keys = new ArrayList<>();
        for (Path file : files) {
            int before = keys.size();
            try (InputStream content = Files.newInputStream(file)) {
                String text = new String(content.readNBytes(LARGEST), StandardCharsets.ISO_8859_1);
                for (MatchResult block : PEM.matcher(text).results().toList()) {
                    if (!block.group(1).equals("PUBLIC KEY")) {
                        throw wrong(file, "it holds a " + block.group(1));
                    }
                    keys.add(KeyFactory.getInstance(ED25519).generatePublic(
                            new X509EncodedKeySpec(Base64.getMimeDecoder().decode(block.group(2)))));
                }
            } catch (IOException unreadable) {
                throw wrong(file, "it cannot be read (" + unreadable.getClass().getSimpleName() + ")");
            } catch (GeneralSecurityException | IllegalArgumentException other) {
                throw wrong(file, "it holds another kind of key");
            }
            if (keys.size() == before) {
                throw wrong(file, "it holds none");
            }
        }
        return new TrustedKeys(List.copyOf(keys));
    }

    private static InvalidSettingException wrong(Path file, String reason) {
        return new InvalidSettingException("filestream.routes.trusted-keys", file, "files with Ed25519 public keys in"
                + " PEM, as `openssl pkey -pubout` writes them, but " + reason);
    }

    boolean areRequired() {
        return !keys.isEmpty();
    }

    /** Reports how the list of a set and its signature differ from the files. */
    void check(RouteFiles files, Findings findings) {
        Path sums = files.folder().resolve(RouteFiles.SUMS);
        Path signature = files.folder().resolve(RouteFiles.SIGNATURE);
        byte[] list = files.proof().get(sums);
        byte[] signed = files.proof().get(signature);
        if (list == null) {
            error(Place.of(sums), "missing: filestream.routes.trusted-keys demands a signed list of the files",
                    findings);
        } else if (list.length > RouteFiles.LARGEST) {
            error(Place.of(sums), "larger than " + RouteFiles.LARGEST + " bytes", findings);
        } else {
            String text = new String(list, StandardCharsets.UTF_8);
            if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), list)) {
                error(Place.of(sums), "not UTF-8, so it names other files to sha256sum", findings);
            }
            compare(sums, text, files, findings);
        }
        if (signed == null) {
            error(Place.of(signature), "missing: filestream.routes.trusted-keys demands a signature of "
                    + RouteFiles.SUMS, findings);
        } else if (list != null && !haveSigned(list, signed)) {
            error(Place.of(signature), "not an Ed25519 signature of " + RouteFiles.SUMS + " by one of the "
                    + keys.size() + " keys of filestream.routes.trusted-keys", findings);
        }
    }

    private static void compare(Path sums, String list, RouteFiles files, Findings findings) {
        Map<String, Path> unlisted = new HashMap<>();
        files.contents().keySet().forEach(file -> unlisted.put(file.getFileName().toString(), file));
        String[] lines = list.split("\n", -1);
        if (!lines[lines.length - 1].isEmpty()) {
            error(new Place(sums, lines.length, 0), "the last line has no end, so the list may not be complete",
                    findings);
        }
        for (int i = 0; i < lines.length - 1; i++) {
            Place place = new Place(sums, i + 1, 0);
            Matcher line = LINE.matcher(lines[i]);
            Path file = line.matches() ? unlisted.remove(line.group(2)) : null;
            if (!line.matches()) {
                error(place, "not a line of sha256sum: a hash, two blanks, and the name of a file of this folder",
                        findings);
            } else if (file == null) {
                error(place, line.group(2) + " is not a route file of the folder, or listed before", findings);
            } else if (!DigestUtils.sha256Hex(files.contents().get(file)).equals(line.group(1))) {
                error(Place.of(file), "another content than " + RouteFiles.SUMS + " lists in line " + (i + 1),
                        findings);
            }
        }
        unlisted.values().forEach(file -> error(Place.of(file), "not listed in " + RouteFiles.SUMS, findings));
    }

    private static void error(Place place, String what, Findings findings) {
        findings.error("R005", place, what, "let the pipeline list and sign the set again (docs/editing-routes.md)");
    }

    private boolean haveSigned(byte[] text, byte[] signature) {
        return keys.stream().anyMatch(key -> {
            try {
                Signature verifier = Signature.getInstance(ED25519);
                verifier.initVerify(key);
                verifier.update(text);
                return verifier.verify(signature);
            } catch (GeneralSecurityException malformed) {
                return false;
            }
        });
    }
}
