package org.ccmessaging.filestream.reliability;

import static org.ccmessaging.filestream.reliability.Promise.EXACT_FILE;
import static org.ccmessaging.filestream.reliability.Promise.READ_BROKE;
import static org.ccmessaging.filestream.reliability.Promise.REFUSED;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.apache.commons.codec.digest.DigestUtils;
import org.ccmessaging.filestream.support.FaultyServer.Script;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.Stage;
import org.springframework.util.StringUtils;

/**
 * A way in which a store fails, and what the service promises then. {@link #ALL} is the table.
 *
 * @param name what the store does
 * @param shortest the shortest file, in bytes, that this can happen to
 * @param promise what a client gets
 * @param slow whether each case takes as long as a time-out
 * @param script the store
 */
record StoreFault(String name, int shortest, Promise promise, boolean slow, Script script) {

    private static final String ETAG = "\"one\"";

    /**
     * The faults of one response that the service rejects and requests once more. They need all of their one
     * repetition, so none of them may meet the surplus response of another fault.
     */
    static final List<StoreFault> REJECTED_ONCE = List.of(
            fault("the response to another request, once", 1, EXACT_FILE,
                    once(store -> store.withLanguage("x-another").right())),
            fault("a response that names no request, once", 1, EXACT_FILE,
                    once(store -> store.withLanguage(null).right())));

    /** Every kind of fault. */
    static final List<StoreFault> ALL = Stream.of(
            REJECTED_ONCE, sound(), unreachable(), breaks(), silences(), lengths(), chunks(), withoutLength(),
            checksums(), restsOfAnother(), statuses(), heads(), errorBodies(), ofAnotherRequest(),
            ofAPart(), withoutEnd()).flatMap(List::stream).toList();

    private static StoreFault fault(String name, int shortest, Promise promise, Script script) {
        return new StoreFault(name, shortest, promise, false, script);
    }

    private static StoreFault slow(String name, int shortest, Promise promise, Script script) {
        return new StoreFault(name, shortest, promise, true, script);
    }

    /** Fails at the first request, and is right from then on. */
    private static Script once(Script fault) {
        return either(Turn::isFirst, fault, Turn::right);
    }

    private static Script either(Predicate<Turn> condition, Script then, Script otherwise) {
        return store -> {
            Script script = condition.test(store) ? then : otherwise;
            script.respond(store);
        };
    }

    /** Sends a text and hangs up. */
    private static Script lastWords(String text) {
        return store -> {
            store.send(text);
            store.close();
        };
    }

    /** Sends the right body after another head, and hangs up. */
    private static Script bodyAfter(int status, String... headers) {
        return store -> {
            store.head(status, headers);
            store.endAfter(store.length());
        };
    }

    /** The store is odd, and right. */
    private static List<StoreFault> sound() {
        return List.of(
                fault("sound", 0, EXACT_FILE, Turn::right),
                fault("hangs up after each response", 0, EXACT_FILE, store -> {
                    store.right("Connection: close");
                    store.close();
                }),
                fault("HTTP/1.0 with a length", 0, EXACT_FILE, store -> {
                    store.headOf(ETAG, "HTTP/1.0 200 OK", "Content-Length: " + store.length());
                    store.endAfter(store.length());
                }),
                fault("no reason in the status line", 0, EXACT_FILE, store -> {
                    store.headOf(ETAG, "HTTP/1.1 200", "Content-Length: " + store.length());
                    store.upTo(store.length());
                }),
                fault("100, 102 and 103 before the response", 0, EXACT_FILE, store -> {
                    store.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n");
                    store.send("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\nContent-Length: 5\r\n\r\n");
                    store.right();
                }),
                fault("trickles", 1, EXACT_FILE, store -> {
                    store.rightHead();
                    byte[] rest = Arrays.copyOfRange(store.content(), store.from(), store.length());
                    for (int i = 0; i < 10; i++) {
                        store.send(Arrays.copyOfRange(rest, rest.length * i / 10, rest.length * (i + 1) / 10));
                        store.pause(20);
                    }
                }),
                fault("its head trickles", 0, EXACT_FILE, store -> {
                    String head = store.headText(ETAG, "HTTP/1.1 200 OK", "Content-Length: " + store.length());
                    for (int at = 0; at < head.length(); at += 20) {
                        store.send(head.substring(at, Math.min(head.length(), at + 20)));
                        store.pause(20);
                    }
                    store.upTo(store.length());
                }));
    }

    private static List<StoreFault> unreachable() {
        List<StoreFault> faults = new ArrayList<>();
        Map.of("closes before a response", (Script) Turn::close, "resets before a response", Turn::reset,
                "closes in the head", lastWords("HTTP/1.1 200 OK\r\nContent-Le")).forEach((name, script) -> {
                    faults.add(fault(name, 0, READ_BROKE, script));
                    faults.add(fault(name + ", once", 0, EXACT_FILE, once(script)));
                });
        return faults;
    }

    /** The connection breaks in the body: at its start, in its middle, before its last byte. */
    private static List<StoreFault> breaks() {
        List<StoreFault> faults = new ArrayList<>();
        addBreaks(faults, false, "closes", Turn::close);
        addBreaks(faults, false, "resets", Turn::reset);
        addBreaks(faults, false, "half-closes", Turn::halfClose);
        addBreaks(faults, true, "is silent", Turn::stall);
        faults.add(fault("breaks off six times on the way", 7, EXACT_FILE, store -> {
            store.rightHead();
            int next = store.from() + (store.length() + 6) / 7;
            store.upTo(Math.min(store.length(), next));
            if (next < store.length()) {
                store.close();
            }
        }));
        faults.add(fault("breaks off a hundred times on the way", 100, READ_BROKE, store -> {
            store.rightHead();
            store.endAfter(Math.min(store.length(), store.from() + store.length() / 100));
        }));
        for (String etag : new String[] {"W/\"one\"", null}) {
            Script first = store -> {
                store.headOf(etag, "HTTP/1.1 200 OK", "Content-Length: " + store.length());
                store.endAfter(store.length() / 2);
            };
            faults.add(fault("breaks off with ETag " + etag, 1, READ_BROKE,
                    either(Turn::isForRest, Turn::right, first)));
        }
        return faults;
    }

    private static void addBreaks(List<StoreFault> faults, boolean slow, String how, Script end) {
        Map<String, IntUnaryOperator> places = Map.of("before the first byte", length -> 0,
                "in the middle", length -> length / 2, "before the last byte", length -> length - 1);
        places.forEach((place, of) -> {
            Script script = store -> {
                store.rightHead();
                store.upTo(of.applyAsInt(store.length()));
                end.respond(store);
            };
            faults.add(new StoreFault(how + " " + place + ", once", 1, EXACT_FILE, slow, once(script)));
            faults.add(new StoreFault(how + " " + place + ", for good", 1, READ_BROKE, slow, script));
        });
    }

    /** The connection stays, and carries nothing. */
    private static List<StoreFault> silences() {
        return List.of(
                slow("silent before a response, once", 0, EXACT_FILE, once(Turn::stall)),
                slow("silent before a response", 0, READ_BROKE, Turn::stall),
                slow("silent in the head", 0, READ_BROKE, store -> {
                    store.send("HTTP/1.1 200 OK\r\nContent-Le");
                    store.stall();
                }));
    }

    private static List<StoreFault> lengths() {
        return List.of(
                fault("announces a byte more than it has", 1, READ_BROKE, either(Turn::isForRest,
                        store -> store.error(416, "InvalidRange"), store -> {
                            store.head(200, "Content-Length: " + (store.length() + 1));
                            store.endAfter(store.length());
                        })),
                fault("announces a byte less than its checksum is of", 2, READ_BROKE, store -> {
                    store.head(200, "x-amz-checksum-crc32c: " + crc(new CRC32C(), store.content()),
                            "Content-Length: " + (store.length() - 1));
                    store.endAfter(store.length() - 1);
                }),
                fault("content encoding gzip", 0, READ_BROKE, store -> store.right("Content-Encoding: gzip")),
                twoLengths("two lengths, the first too short", 1, 0),
                twoLengths("two lengths, the second too short", 0, 1),
                length("a length of letters", "many"),
                length("a length of 20 digits", "99999999999999999999"),
                length("a list of lengths", "5, 6"),
                fault("a length above the limit", 0, REFUSED, store -> {
                    store.head(200, "Content-Length: 999999999");
                    store.close();
                }));
    }

    private static StoreFault twoLengths(String name, int lessFirst, int lessSecond) {
        return fault(name, 2, READ_BROKE, store -> {
            store.head(200, "Content-Length: " + (store.length() - lessFirst),
                    "Content-Length: " + (store.length() - lessSecond));
            store.endAfter(store.length());
        });
    }

    private static StoreFault length(String name, String value) {
        return fault(name, 1, READ_BROKE, bodyAfter(200, "Content-Length: " + value));
    }

    /** Chunks of HTTP. The store announces no length. */
    private static List<StoreFault> chunks() {
        return List.of(
                fault("in chunks, complete", 1, EXACT_FILE, store -> {
                    store.head(200, "Transfer-Encoding: chunked");
                    store.chunksUpTo(store.length());
                    store.send("0\r\n\r\n");
                }),
                fault("in chunks, with a checksum", 1, EXACT_FILE, store -> {
                    store.head(200, "Transfer-Encoding: chunked",
                            "x-amz-checksum-crc32c: " + crc(new CRC32C(), store.content()));
                    store.chunksUpTo(store.length());
                    store.send("0\r\n\r\n");
                }),
                chunked("in chunks, closes in a chunk", length -> length / 2, "5\r\nab"),
                chunked("in chunks, closes between chunks", length -> length / 2, ""),
                chunked("in chunks, without the last chunk", length -> length, ""),
                chunked("a chunk whose size is no number", length -> length / 2, "zz\r\nabc\r\n0\r\n\r\n"),
                chunked("a chunk whose size is too large", length -> length / 2, "FFFFFFFFFFFFFFFFF\r\nabc"),
                chunked("a chunk whose size is negative", length -> length / 2, "-5\r\nabcde\r\n0\r\n\r\n"),
                chunked("a chunk without its line end", length -> 0, "1\r\nxx\r\n0\r\n\r\n"));
    }

    /** Hangs up after some of the object in chunks, and other bytes after them. */
    private static StoreFault chunked(String name, IntUnaryOperator place, String then) {
        return fault(name, 1, READ_BROKE, store -> {
            store.head(200, "Transfer-Encoding: chunked");
            store.chunksUpTo(place.applyAsInt(store.length()));
            store.send(then);
            store.close();
        });
    }

    /** Nothing but the connection's end ends the body. */
    private static List<StoreFault> withoutLength() {
        return List.of(
                fault("until it closes, with a checksum", 1, EXACT_FILE, store -> {
                    store.head(200, "x-amz-checksum-crc32c: " + crc(new CRC32C(), store.content()));
                    store.endAfter(store.length());
                }),
                fault("until it closes, with a checksum, cut", 1, READ_BROKE, store -> {
                    store.head(200, "x-amz-checksum-crc32c: " + crc(new CRC32C(), store.content()));
                    store.endAfter(store.length() - 1);
                }));
    }

    private static List<StoreFault> checksums() {
        List<StoreFault> faults = new ArrayList<>();
        for (String algorithm : List.of("crc32c", "crc32", "sha1", "sha256")) {
            String header = "x-amz-checksum-" + algorithm + ": ";
            faults.add(fault("right bytes under " + algorithm, 1, EXACT_FILE,
                    store -> store.right(header + checksum(algorithm, store.content()))));
            faults.add(fault("wrong last byte under " + algorithm, 1, READ_BROKE, store -> {
                byte[] wrong = store.content().clone();
                wrong[wrong.length - 1]++;
                store.rightHead(header + checksum(algorithm, store.content()));
                store.send(Arrays.copyOfRange(wrong, store.from(), wrong.length));
            }));
        }
        faults.add(resumed("resumed under a checksum", EXACT_FILE, store -> crc(new CRC32C(), store.content())));
        faults.add(resumed("resumed under a checksum of parts", EXACT_FILE, store -> "AAAAAA==-3"));
        faults.add(resumed("resumed under the checksum of other bytes", READ_BROKE, store -> "AAAAAA=="));
        return faults;
    }

    /** The read breaks once, of an object whose store has a checksum. */
    private static StoreFault resumed(String name, Promise promise, Function<Turn, String> checksum) {
        return fault(name, 2, promise, store -> {
            store.rightHead("x-amz-checksum-crc32c: " + checksum.apply(store));
            if (store.isFirst()) {
                store.endAfter(store.length() / 2);
            } else {
                store.upTo(store.length());
            }
        });
    }

    private static String checksum(String algorithm, byte[] content) {
        return switch (algorithm) {
            case "crc32c" -> crc(new CRC32C(), content);
            case "crc32" -> crc(new CRC32(), content);
            case "sha1" -> Base64.getEncoder().encodeToString(DigestUtils.sha1(content));
            default -> Base64.getEncoder().encodeToString(DigestUtils.sha256(content));
        };
    }

    private static String crc(Checksum checksum, byte[] content) {
        checksum.update(content);
        return Base64.getEncoder().encodeToString(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }

    /** The read breaks in the middle, and what comes then is not the rest of the same object. */
    private static List<StoreFault> restsOfAnother() {
        List<StoreFault> faults = new ArrayList<>(List.of(
                rest("the rest is a byte early", store -> sendRest(store, ETAG, 206, "Content-Range: bytes "
                        + (store.from() - 1) + "-" + (store.length() - 1) + "/" + store.length())),
                rest("the rest has no range", store -> sendRest(store, ETAG, 206)),
                rest("the rest is of a longer object", store -> sendRest(store, ETAG, 206, "Content-Range: bytes "
                        + store.from() + "-" + (store.length() - 1) + "/" + (store.length() + 1))),
                rest("the rest has another ETag", store -> sendRest(store, "\"two\"", 206, store.contentRange())),
                rest("the rest has no ETag", store -> sendRest(store, null, 206, store.contentRange())),
                rest("the rest comes as a complete object", store -> sendRest(store, ETAG, 200)),
                rest("the complete object instead of the rest", store -> {
                    store.head(200, "Content-Length: " + store.length());
                    store.send(store.content());
                }),
                rest("the object has changed", store -> store.error(412, "PreconditionFailed"))));
        // As Amazon does: where a request for a range asks for an appended checksum, its response has status 200.
        faults.add(fault("hides the range of a response with an appended checksum", 2, EXACT_FILE, store -> {
            if (!store.isForRest()) {
                half(store);
            } else if (store.headers("x-amz-te").isEmpty()) {
                store.right();
            } else {
                sendRest(store, ETAG, 200, "x-amz-" + store.contentRange());
            }
        }));
        IntStream.of(301, 304, 403, 404, 416).forEach(status ->
                faults.add(rest("the rest is a " + status, store -> store.error(status, "Any"))));
        return faults;
    }

    private static StoreFault rest(String name, Script rest) {
        return fault(name, 2, READ_BROKE, either(Turn::isForRest, rest, StoreFault::half));
    }

    private static void half(Turn store) throws IOException {
        store.rightHead();
        store.endAfter((store.length() + 1) / 2);
    }

    private static void sendRest(Turn store, String etag, int status, String... headers) throws IOException {
        store.headOf(etag, "HTTP/1.1 " + status + " Text",
                StringUtils.addStringToArray(headers, "Content-Length: " + (store.length() - store.from())));
        store.upTo(store.length());
    }

    /** The store responds, and does not give the object. */
    private static List<StoreFault> statuses() {
        List<StoreFault> faults = new ArrayList<>();
        IntStream.of(400, 401, 403, 404, 405, 408, 409, 410, 412, 416, 429, 451, 500, 501, 502, 503, 504, 599)
                .forEach(status -> faults.add(fault(Integer.toString(status), 1, REFUSED,
                        store -> store.error(status, "Any"))));
        IntStream.of(500, 502, 503, 504).forEach(status -> faults.add(fault(status + ", then good", 0, EXACT_FILE,
                once(store -> store.error(status, "Any")))));
        IntStream.of(301, 302, 303, 307, 308).forEach(status ->
                faults.add(fault(status + " to another object", 1, REFUSED,
                        store -> store.head(status, "Location: /standard/demo/elsewhere", "Content-Length: 0"))));
        faults.add(fault("404 without a body", 1, REFUSED, store -> store.head(404, "Content-Length: 0")));
        faults.add(fault("304 without being asked", 1, REFUSED, store -> store.head(304)));
        faults.add(fault("slow down, then good", 0, EXACT_FILE, once(store -> store.error(503, "SlowDown"))));
        return faults;
    }

    private static List<StoreFault> heads() {
        return List.of(
                fault("garbage and no HTTP", 0, READ_BROKE, lastWords("SSH-2.0-OpenSSH_9.2\r\n\0\1\2\3\r\n\r\n")),
                fault("a status line with a short status", 0, READ_BROKE, lastWords("HTTP/1.1 20\r\n\r\n")),
                fault("101 and another protocol", 0, READ_BROKE,
                        lastWords("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")),
                fault("1 MB of headers", 0, READ_BROKE, store -> {
                    String padding = ": " + "x".repeat(1000);
                    store.right(IntStream.range(0, 1000).mapToObj(i -> "X-Padding-" + i + padding)
                            .toArray(String[]::new));
                }),
                fault("a folded header", 0, EXACT_FILE, store -> store.right("X-Folded: a", " b")),
                fault("a header without a colon", 0, READ_BROKE, bodyAfter(200, "nonsense")));
    }

    private static List<StoreFault> errorBodies() {
        return List.of(
                error("500 with 1 MB of body", 500, "x".repeat(1_000_000)),
                error("404 with entities", 404, "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">"
                        + "<!ENTITY c \"&b;&b;&b;&b;&b;\">]><Error><Code>&c;</Code></Error>"),
                error("404 with a foreign entity", 404,
                        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><Error><Code>&a;</Code></Error>"),
                error("403 with half an XML", 403, "<Error><Code>AccessDen"),
                error("500 in HTML", 500, "<html><body>Bad gateway</body></html>"),
                error("503 with binary", 503, "\0\1\2\3\u00ff\u00fe"));
    }

    private static StoreFault error(String name, int status, String body) {
        return fault(name, 1, REFUSED, store -> {
            store.head(status, "Content-Type: application/xml", "Content-Length: " + body.length());
            store.send(body);
        });
    }

    private static List<StoreFault> ofAnotherRequest() {
        return List.of(
                fault("the same response once more", 0, EXACT_FILE, store -> {
                    store.right();
                    store.right();
                }),
                fault("a surplus response that comes late", 0, EXACT_FILE, store -> {
                    store.right();
                    store.pause(50);
                    store.head(200, "Content-Length: " + Stage.CANARY.length());
                    store.send(Stage.CANARY);
                }),
                fault("the response to another request", 1, READ_BROKE,
                        store -> store.withLanguage("x-another").right()));
    }

    /** Nothing proves that the response is the complete object. */
    private static List<StoreFault> ofAPart() {
        return List.of(
                length("a negative length", "-1"),
                length("a length with a sign", "+5"),
                length("a length in hexadecimal", "0x10"),
                fault("until it closes, complete", 1, READ_BROKE, bodyAfter(200)),
                fault("until it closes, cut", 2, READ_BROKE, store -> {
                    store.head(200, "Connection: close");
                    store.endAfter(store.length() / 2);
                }),
                fault("HTTP/1.0 without a length, cut", 2, READ_BROKE, store -> {
                    store.headOf(ETAG, "HTTP/1.0 200 OK");
                    store.endAfter(store.length() / 2);
                }),
                part("206 to a request without a range", 206),
                part("200 with a part", 200),
                fault("204", 1, READ_BROKE, store -> store.head(204)),
                complete("202 with the object", 202),
                complete("203 with the object", 203));
    }

    private static StoreFault part(String name, int status) {
        return fault(name, 2, READ_BROKE, store -> {
            int half = store.length() / 2;
            store.head(status, "Content-Range: bytes 0-" + (half - 1) + "/" + store.length(),
                    "Content-Length: " + half);
            store.upTo(half);
        });
    }

    private static StoreFault complete(String name, int status) {
        return fault(name, 1, READ_BROKE, store -> {
            store.head(status, "Content-Length: " + store.length());
            store.upTo(store.length());
        });
    }

    private static List<StoreFault> withoutEnd() {
        return List.of(
                fault("a header without end", 0, READ_BROKE, store -> {
                    store.send("HTTP/1.1 200 OK\r\nx-amz-meta-a: ");
                    store.sendForEver("b".repeat(1024), 0);
                }),
                slow("a head without end", 0, READ_BROKE, store -> {
                    store.send("HTTP/1.1 200 OK\r\n");
                    store.sendForEver("X-Padding: x\r\n", 20);
                }),
                slow("interim responses without end", 0, READ_BROKE,
                        store -> store.sendForEver("HTTP/1.1 103 Early Hints\r\n\r\n", 50)),
                slow("a body that trickles", 1, READ_BROKE, store -> {
                    store.rightHead();
                    trickle(store, 0);
                }),
                slow("a body that trickles after its first chunk", Promise.FIRST_CHUNK + 10_000, READ_BROKE, store -> {
                    store.rightHead();
                    store.upTo(Promise.FIRST_CHUNK + 5_000);
                    trickle(store, Promise.FIRST_CHUNK + 5_000);
                }),
                slow("an error without end", 1, REFUSED, store -> {
                    store.head(500);
                    store.sendForEver("x".repeat(10_000), 0);
                }),
                slow("an error in chunks without end", 1, REFUSED, store -> {
                    store.head(403, "Transfer-Encoding: chunked");
                    store.sendForEver("400\r\n" + "x".repeat(1024) + "\r\n", 0);
                }),
                slow("an error that trickles", 1, READ_BROKE, store -> {
                    store.head(500, "Content-Length: 1000000");
                    store.sendForEver("x", 50);
                }));
    }

    /** Sends the object from an offset on, a byte every 100 ms. */
    private static void trickle(Turn store, int from) throws IOException {
        for (int at = Math.max(from, store.from()); at < store.length(); at++) {
            store.send(new byte[] {store.content()[at]});
            store.pause(100);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
