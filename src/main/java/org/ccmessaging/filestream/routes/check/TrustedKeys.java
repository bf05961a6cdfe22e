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
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.settings.InvalidSettingException;

/** The keys of {@code filestream.routes.trusted-keys}, one of which must have signed each set of route files. */
record TrustedKeys(List<PublicKey> keys) {

    /** Length of a signature, in bytes. */
    static final int SIGNATURE_LENGTH = 64;

    private static final String ED25519 = "Ed25519";
    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    /** Maximum size of a file: a key has 113 bytes. */
    private static final int LARGEST = 64 * 1024;

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

    /** Returns whether one of the keys has signed the text. */
    boolean haveSigned(byte[] text, byte[] signature) {
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
