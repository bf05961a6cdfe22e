package org.ccmessaging.filestream.routes.check;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.routes.RouteFiles;

/**
 * The proof that a set of route files came through the pipeline of its installation (R005): a signed list of exactly
 * its files with their hashes.
 */
record SignedSet(RouteFiles files, TrustedKeys keys, Findings findings) {

    private static final String RULE = "R005";

    /** A line of {@code sha256sum}, for a text file or a binary one. Names that it escapes are not those of routes. */
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *]([^/\\\\\\p{Cntrl}]+)");

    void check() {
        Path sums = files.folder().resolve(RouteFiles.SUMS);
        Path signature = files.folder().resolve(RouteFiles.SIGNATURE);
        byte[] list = files.proof().get(sums);
        byte[] signed = files.proof().get(signature);
        if (list == null) {
            error(Place.of(sums), "missing: filestream.routes.trusted-keys demands a signed list of the files");
        } else if (list.length > RouteFiles.LARGEST) {
            error(Place.of(sums), "larger than " + RouteFiles.LARGEST + " bytes");
        } else {
            compare(sums, new String(list, StandardCharsets.UTF_8));
        }
        if (signed == null) {
            error(Place.of(signature), "missing: filestream.routes.trusted-keys demands a signature of "
                    + RouteFiles.SUMS);
        } else if (signed.length != TrustedKeys.SIGNATURE_LENGTH) {
            error(Place.of(signature), "not an Ed25519 signature: it has " + (signed.length > RouteFiles.LARGEST
                    ? "more than " + RouteFiles.LARGEST : signed.length) + " bytes and not "
                    + TrustedKeys.SIGNATURE_LENGTH);
        } else if (list != null && !keys.haveSigned(list, signed)) {
            error(Place.of(signature), "not a signature of " + RouteFiles.SUMS + " by one of the "
                    + keys.keys().size() + " keys of filestream.routes.trusted-keys");
        }
    }

    private void compare(Path sums, String list) {
        Map<String, Path> unlisted = files.contents().keySet().stream()
                .collect(Collectors.toMap(file -> file.getFileName().toString(), Function.identity()));
        Map<String, Integer> lines = new HashMap<>();
        String[] all = list.split("\n", -1);
        if (!all[all.length - 1].isEmpty()) {
            error(new Place(sums, all.length, 0), "the last line has no end, so the list may not be complete");
        }
        for (int i = 0; i < all.length - 1; i++) {
            Place place = new Place(sums, i + 1, 0);
            Matcher line = LINE.matcher(all[i]);
            if (!line.matches()) {
                error(place, "not a line of sha256sum: a hash, two blanks, and the name of a file of this folder");
                continue;
            }
            Integer before = lines.putIfAbsent(line.group(2), i + 1);
            Path file = unlisted.remove(line.group(2));
            if (before != null) {
                error(place, line.group(2) + " is listed already, in line " + before);
            } else if (file == null) {
                error(place, line.group(2) + " is listed, and the folder has no such route file");
            } else if (!DigestUtils.sha256Hex(files.contents().get(file)).equals(line.group(1))) {
                error(Place.of(file), "another content than " + RouteFiles.SUMS + " lists in line " + (i + 1));
            }
        }
        unlisted.values().forEach(file -> error(Place.of(file), "not listed in " + RouteFiles.SUMS));
    }

    private void error(Place place, String what) {
        findings.error(RULE, place, what, "let the pipeline list and sign the set again (docs/editing-routes.md)");
    }
}
