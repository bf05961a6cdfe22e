package org.ccmessaging.filestream.support;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

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

    private final ServerSocket server;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, Line> byKey = new ConcurrentHashMap<>();
    private volatile boolean echoes = true;

    /** Listens on a free port. */
    public ScriptedStore() throws IOException {
        this(0);
    }

    /** Listens on a port, for a store that comes back. */
    public ScriptedStore(int port) throws IOException {
        server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
        start(this::accept);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    public int port() {
        return server.getLocalPort();
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
        connections.forEach(ScriptedStore::close);
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                connection.setTcpNoDelay(true);
                connections.add(connection);
                start(() -> serve(connection));
            }
        } catch (IOException closed) {
            drop();
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            for (String head = readHead(in); head != null && !connection.isClosed(); head = readHead(in)) {
                respond(head, connection, in);
            }
        } catch (IOException broken) {
            // One side hung up, as scripts and the service do.
        } finally {
            connections.remove(connection);
        }
    }

    private void respond(String head, Socket connection, InputStream in) throws IOException {
        String[] target = head.split(" ", 3)[1].split("\\?", 2);
        String[] bucketAndKey = URLDecoder.decode(target[0].replace("+", "%2B"), StandardCharsets.UTF_8)
                .substring(1).split("/", 2);
        Line line = bucketAndKey.length < 2 ? null : byKey.get(bucketAndKey[1]);
        String language = echoes && target.length > 1 ? parameter(target[1], "response-content-language") : null;
        StoreTurn turn = new StoreTurn(head, connection, in, line == null ? new byte[0] : line.content,
                line == null ? 0 : line.requests.incrementAndGet(), language);
        if (head.startsWith("HEAD")) {
            turn.head(200, "Content-Length: 0");
        } else if (line == null) {
            turn.error(404, "NoSuchKey");
        } else {
            line.script.respond(turn);
        }
    }

    private static String parameter(String query, String name) {
        for (String each : query.split("&")) {
            if (each.startsWith(name + "=")) {
                return URLDecoder.decode(each.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "scripted-store");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(AutoCloseable each) {
        try {
            each.close();
        } catch (IOException unclosable) {
            throw new UncheckedIOException(unclosable);
        } catch (Exception unclosable) {
            throw new IllegalStateException(unclosable);
        }
    }

    @Override
    public void close() {
        close(server);
        drop();
    }
}
