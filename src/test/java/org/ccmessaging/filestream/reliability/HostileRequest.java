package org.ccmessaging.filestream.reliability;

import static org.ccmessaging.filestream.support.Api.DOWNLOAD;
import static org.ccmessaging.filestream.support.Api.request;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Escaped;
import org.springframework.core.io.ClassPathResource;

/**
 * Bytes that no well-meaning client sends, and how they arrive. The same seed makes the same request.
 *
 * @param bytes what the client sends
 * @param splits offsets at which it pauses for a moment
 * @param ending what it does when it has sent all
 */
record HostileRequest(byte[] bytes, List<Integer> splits, Ending ending) {

    /** What a client does when it has sent all. */
    enum Ending {
        /** It says so, and reads to the end. */
        HALF_CLOSE,
        /** It reads until the service has nothing more to say. */
        READ,
        /** It goes away at once. */
        CLOSE,
        /** It resets the connection. */
        RESET
    }

    private static final String[] PATHS = pieces("paths");
    private static final String[] METHODS = pieces("methods");
    private static final String[] VERSIONS = pieces("versions");
    private static final String[] HEADERS = pieces("headers");
    private static final String[] BODIES = pieces("bodies");

    /** Reads the lines of a file of {@code reliability/}. */
    private static String[] pieces(String name) {
        try {
            return new ClassPathResource("reliability/" + name + ".txt").getContentAsString(StandardCharsets.US_ASCII)
                    .lines().map(line -> line.equals("(empty)") ? "" : Escaped.text(line)).toArray(String[]::new);
        } catch (IOException absent) {
            throw new UncheckedIOException(absent);
        }
    }

    /** Makes the request of a seed. */
    static HostileRequest of(long seed) {
        Random random = new Random(seed);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int requests = random.nextInt(5) == 0 ? 2 + random.nextInt(3) : 1;
        for (int i = 0; i < requests; i++) {
            byte[] one = one(random).getBytes(StandardCharsets.ISO_8859_1);
            bytes.writeBytes(random.nextInt(4) == 0 ? damaged(one, random) : one);
        }
        List<Integer> splits = new ArrayList<>();
        if (random.nextInt(4) == 0) {
            random.ints(1 + random.nextInt(4), 0, Math.max(1, bytes.size())).sorted().forEach(splits::add);
        }
        Ending[] endings = Ending.values();
        Ending ending = random.nextInt(8) == 0 ? endings[random.nextInt(endings.length)] : Ending.HALF_CLOSE;
        return new HostileRequest(bytes.toByteArray(), splits, ending);
    }

    private static String one(Random random) {
        String body = random.nextBoolean() ? request("standard", "hello.txt") : pick(BODIES, random);
        List<String> lines = new ArrayList<>();
        boolean usual = random.nextInt(3) > 0;
        lines.add(usual ? "POST " + DOWNLOAD + " HTTP/1.1" : requestLine(random));
        List<String> headers = new ArrayList<>();
        if (random.nextInt(10) > 0) {
            headers.add("Host: localhost");
        }
        String[] credentials = Api.credentials();
        for (int i = 0; i < credentials.length; i += 2) {
            int times = random.nextInt(20) == 0 ? random.nextInt(3) : 1;
            for (int j = 0; j < times; j++) {
                headers.add(credentials[i] + ": " + credentials[i + 1]);
            }
        }
        boolean chunked = random.nextInt(4) == 0;
        headers.add(chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + (body.length()
                + (random.nextInt(10) == 0 ? random.nextInt(21) - 10 : 0)));
        int more = random.nextInt(3);
        for (int i = 0; i < more; i++) {
            headers.add(random.nextInt(headers.size() + 1), pick(HEADERS, random));
        }
        if (random.nextInt(100) == 0) {
            for (int i = 0; i < 300; i++) {
                headers.add("X-Many-" + i + ": x");
            }
        }
        lines.addAll(headers);
        String lineEnd = random.nextInt(25) == 0 ? pick(new String[] {"\n", "\r", "\r\r\n", "\n\r"}, random) : "\r\n";
        return String.join(lineEnd, lines) + lineEnd + lineEnd + (chunked ? chunked(body, random) : body);
    }

    private static String requestLine(Random random) {
        String space = random.nextInt(10) == 0 ? pick(new String[] {"  ", "\t", "", "\u000b", "\u00a0"}, random) : " ";
        return (random.nextInt(20) == 0 ? "\r\n" : "") + pick(METHODS, random) + space + pick(PATHS, random) + space
                + pick(VERSIONS, random);
    }

    private static String chunked(String body, Random random) {
        StringBuilder chunks = new StringBuilder();
        int at = 0;
        while (at < body.length()) {
            int count = 1 + random.nextInt(body.length() - at);
            String size = random.nextInt(15) == 0
                    ? pick(new String[] {"zz", "-1", "+5", "0x5", "FFFFFFFFFFFFFFFFF", "", " 5", "7fffffff"}, random)
                    : Integer.toHexString(count);
            chunks.append(size).append(random.nextInt(15) == 0 ? ";x=" + "y".repeat(random.nextInt(9000)) : "")
                    .append(random.nextInt(20) == 0 ? "\n" : "\r\n").append(body, at, at + count)
                    .append(random.nextInt(20) == 0 ? "" : "\r\n");
            at += count;
        }
        String trailer = random.nextInt(10) == 0 ? pick(HEADERS, random) + "\r\n" : "";
        return chunks.append(random.nextInt(15) == 0 ? "" : "0\r\n" + trailer + "\r\n").toString();
    }

    /** Changes, drops or repeats a few bytes. */
    private static byte[] damaged(byte[] bytes, Random random) {
        ByteArrayOutputStream damaged = new ByteArrayOutputStream();
        int at = 0;
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            int place = at + random.nextInt(bytes.length - at + 1);
            damaged.write(bytes, at, place - at);
            at = place;
            switch (random.nextInt(4)) {
                case 0 -> damaged.write(random.nextInt(256));
                case 1 -> at = Math.min(bytes.length, at + 1 + random.nextInt(20));
                case 2 -> damaged.write(bytes, at, Math.min(bytes.length - at, random.nextInt(200)));
                default -> damaged.writeBytes(new byte[] {'\r', '\n'});
            }
        }
        damaged.write(bytes, at, bytes.length - at);
        return damaged.toByteArray();
    }

    private static String pick(String[] from, Random random) {
        return from[random.nextInt(from.length)];
    }

    /** The bytes as a message can show them. */
    String shown() {
        StringBuilder shown = new StringBuilder();
        for (byte each : bytes) {
            char character = (char) (each & 0xFF);
            shown.append(character >= ' ' && character <= '~' && character != '\\' ? Character.toString(character)
                    : character == '\r' ? "\\r" : character == '\n' ? "\\n" : "\\x%02x".formatted((int) character));
        }
        String all = shown.toString().replaceAll("eyJ[A-Za-z0-9._-]{50,}", "<token>");
        return (all.length() > 1500 ? all.substring(0, 1500) + "…" : all) + "  [" + bytes.length + " bytes, splits "
                + splits + ", then " + ending + "]";
    }
}
