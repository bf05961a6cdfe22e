package org.ccmessaging.filestream.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A store that speaks HTTP over bare sockets, so that a script can break any rule of it. Each key has a script of its
 * own, and many keys are served at the same time. A script answers one GET after the other of its key.
 */
public final class ScriptedStore implements AutoCloseable {

    /** What the store does with a GET. */
    public interface Script {
        void respond(StoreTurn turn) throws IOException;
    }

    private record Line(byte[] content, Script script, AtomicInteger requests) {
    }

    private static final String LANGUAGE = "response-content-language=";

    private final StoreServer server;
    private final Map<String, Line> byKey = new ConcurrentHashMap<>();
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private volatile Line other;
    private volatile Script probes = turn -> turn.head(200, "Content-Length: 0");
    private volatile boolean echoes = true;

    /** Listens on a free port. */
    public ScriptedStore() {
        this(0);
    }

    /** Listens on a port, for a store that comes back. */
    public ScriptedStore(int port) {
        try {
            server = new StoreServer(port, this::respond);
        } catch (IOException taken) {
            throw new UncheckedIOException(taken);
        }
    }

    public URI endpoint() {
        return server.endpoint();
    }

    public int port() {
        return server.endpoint().getPort();
    }

    /** Whether responses carry the request's {@code response-content-language}, as S3's do. They do by default. */
    public void echo(boolean on) {
        echoes = on;
    }

    /** Stores an object of tenant demo, in every bucket. */
    public void put(String name, byte[] content, Script script) {
        putAt("demo/" + name, content, script);
    }

    /** Stores an object under its complete key, in every bucket. */
    public void putAt(String key, byte[] content, Script script) {
        byKey.put(key, new Line(content, script, new AtomicInteger()));
    }

    /** Stores an object under all keys, in every bucket, in place of everything that is stored. */
    public void putEverywhere(byte[] content, Script script) {
        byKey.clear();
        other = new Line(content, script, new AtomicInteger());
    }

    /** How the store responds to health checks, and to all other requests that are no GETs. It is well by default. */
    public void probes(Script script) {
        probes = script;
    }

    /** Methods and targets of the requests that have come, other than the HEADs of health checks. */
    public Queue<String> received() {
        return received;
    }

    /** Removes an object of tenant demo. */
    public void forget(String name) {
        byKey.remove("demo/" + name);
    }

    /** How many GETs for an object of tenant demo have come. */
    public int requests(String name) {
        return byKey.get("demo/" + name).requests.get();
    }

    /** Closes all connections. */
    public void drop() {
        server.drop();
    }

    private void respond(String head, Socket connection, InputStream in) throws IOException {
        String[] target = head.split(" ", 3)[1].split("\\?", 2);
        String[] bucketAndKey = decoded(target[0].replace("+", "%2B")).substring(1).split("/", 2);
        Line line = bucketAndKey.length < 2 ? other : byKey.getOrDefault(bucketAndKey[1], other);
        if (!head.startsWith("HEAD")) {
            received.add(head.substring(0, head.indexOf(" HTTP/")));
        }
        StoreTurn turn = new StoreTurn(head, connection, in, line == null ? new byte[0] : line.content,
                line == null ? 0 : line.requests.incrementAndGet(), echoes ? language(target) : null);
        if (!head.startsWith("GET")) {
            probes.respond(turn);
        } else if (line == null) {
            turn.error(404, "NoSuchKey");
        } else {
            line.script.respond(turn);
        }
    }

    /** What {@code Content-Language} must be, or {@code null}. */
    private static String language(String[] target) {
        return Stream.of(target).skip(1).flatMap(query -> Stream.of(query.split("&")))
                .filter(each -> each.startsWith(LANGUAGE)).map(each -> decoded(each.substring(LANGUAGE.length())))
                .findFirst().orElse(null);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.close();
    }
}
