package org.ccmessaging.filestream.reliability;

import static org.ccmessaging.filestream.support.Api.APPLY_TOKEN;
import static org.ccmessaging.filestream.support.Api.DOWNLOAD;
import static org.ccmessaging.filestream.support.Api.TOKEN_BY_AK_SK;
import static org.ccmessaging.filestream.support.Api.request;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ccmessaging.filestream.support.Api;

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

    private static final String[] PATHS = {DOWNLOAD, DOWNLOAD, DOWNLOAD, TOKEN_BY_AK_SK, APPLY_TOKEN,
        "/openapi/filestream.yaml", "/apiaccess/ccmessaging/uploadFileStream", "/error", "/actuator/health", "/", "*",
        "http://localhost" + DOWNLOAD, "http://other.example:99999/x", "//" + DOWNLOAD, DOWNLOAD + "/../x",
        "/..", "/../../etc/passwd", "/%2e%2e/%2e%2e/x", "/a%00b", "/%", "/%zz", "/%c0%af", DOWNLOAD + ";jsessionid=1",
        DOWNLOAD + "?x=%00", DOWNLOAD + "?" + "a=1&".repeat(300), DOWNLOAD + "#x", "/\\..\\x", "/{x}", "/|", "/\"",
        "/ä", "/" + "a".repeat(9000), "localhost:80", "", "x", "/apiaccess//ccmessaging/downloadFileStream",
        "/apiaccess/./ccmessaging/downloadFileStream", "/APIACCESS/ccmessaging/downloadFileStream", "/<script>"};

    private static final String[] METHODS = {"POST", "POST", "POST", "POST", "GET", "PUT", "DELETE", "PATCH", "OPTIONS",
        "TRACE", "CONNECT", "post", "POST\t", "P OST", "PRI", "FOO", "G\u00e4T", "M-SEARCH", "", "X".repeat(5000),
        "<x>",
        "POST\0", "PROPFIND", "LOCK", "BREW"};

    private static final String[] VERSIONS = {"HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0",
        "HTTP/0.9", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9", "http/1.1", "HTTP/1.10", "HTTP/1", "HTTP", "HTTPS/1.1", "",
        "XTTP/1.1",
        "HTTP/1.1 x", "HTTP/-1.1", "HTTP/1.1\t", "HTTP/1.1\0"};

    private static final String[] HEADERS = {"Host: localhost", "Host: a, b", "Host: [::1", "Host: a:99999", "Host:",
        "Host: \u00e4", "Content-Length: 5", "Content-Length: -1", "Content-Length: +5", "Content-Length: 0x10",
        "Content-Length: 99999999999999999999", "Content-Length: 5, 5", "Content-Length: 1 1", "Content-Length:",
        "Transfer-Encoding: chunked", "Transfer-Encoding: Chunked", "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: gzip", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: identity",
        "Transfer-Encoding: xchunked", "Transfer-Encoding:\u000bchunked", "Transfer-Encoding : chunked",
        "Transfer-Encoding: chunked\r\n x", "TE: trailers", "Trailer: x", "Expect: 100-continue", "Expect: 200-ok",
        "Connection: keep-alive", "Connection: close", "Connection: upgrade", "Connection: \0", "Upgrade: h2c",
        "HTTP2-Settings: AAMAAABkAAQAAP__", "Upgrade: websocket", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Range: bytes=0-1", "If-None-Match: *", "If-Modified-Since: nonsense", "Accept: text/html",
        "Accept: nonsense/\"", "Accept-Charset: utf-7", "Accept-Encoding: gzip", "Accept-Language: x-${jndi:ldap://x}",
        "Content-Type: multipart/form-data; boundary=\u0000", "Content-Type: text/html; charset=nonsense",
        "Content-Type: application/x-www-form-urlencoded", "Content-Encoding: gzip", "Content-MD5: x",
        "Cookie: a=b; $Version=1; c=\"", "Cookie: " + "a".repeat(5000), "X-Forwarded-For: 1.2.3.4",
        "X-Forwarded-Proto: https", "X-HTTP-Method-Override: DELETE", "Origin: http://evil.example",
        "Origin: null", "traceparent: 00-00000000000000000000000000000000-0000000000000000-01", "traceparent: x",
        "X-Request-Id: \u001b[31mred", "CamelHttpUri: http://evil.example", "CamelAwsS3Key: other/secret.txt",
        "X-Token-Expire: 99999999999", "X-Token-Expire: -1", "no colon", ": no name", "a b: c", "A\0B: c", "\u00e4: c",
        " folded: x", "X: a\r\n folded", "X: " + "y".repeat(20_000), "X:\r\nY:", "X: \u0007", "X: \u007f", "X: \u0085"};

    private static final String[] BODIES = {"", "{}", "[]", "null", "{", "\0", "{\"a\":1,\"a\":2}",
        "{\"" + "n".repeat(9000) + "\":1,\"" + "n".repeat(9000) + "\":2}", "[".repeat(5000), "{\"a\":".repeat(3000),
        "1e999999999", "\"\\uD800\"", "{\"channel\":\"WEB\",\"fileType\":\"txt\",\"fileId\":\"../../etc/passwd\"}",
        "{\"channel\":\"WEB\",\"fileType\":\"txt\",\"fileId\":\"${jndi:ldap://x}\"}", " ".repeat(70_000),
        "{\"channel\":\"" + "\u0001".repeat(10) + "\"}", "{\"channel\":\"\u00ff\"}", "\u00ef\u00bb\u00bf{}",
        "{\"app_key\":\"demo-app\",\"app_secret\":\"wrong\"}", "{\"app_key\":\"\\u2028\",\"app_secret\":\"\"}",
        "{\"userId\":\"" + "u".repeat(40) + "\",\"userName\":\"\\u202E\",\"channelId\":\"c\",\"locale\":\"en\"}"};

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
