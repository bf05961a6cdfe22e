package org.ccmessaging.filestream.routes.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A store in memory that speaks as much S3 as routes ask: GET and HEAD of objects, ranges, ETags, the override of
 * {@code Content-Language}. It answers over bare sockets, so that it can break off in any way that a store can.
 */
final class Store implements AutoCloseable {

    /** What is kept under a bucket and a key, and the number of its ETag. */
    record Stored(byte[] content, int version) {

        String tag() {
            return "\"" + Integer.toHexString(content.length) + "-" + version + "\"";
        }
    }

    private static final int LONGEST_HEAD = 65_536;

    private final ServerSocket server;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Map<String, Stored> objects = new ConcurrentHashMap<>();
    private volatile Fault fault;

    /** Listens on a free port. */
    Store() throws IOException {
        server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    void put(String bucket, String key, byte[] content) {
        objects.put(bucket + "/" + key, new Stored(content, 0));
    }

    /** How it fails from now on; {@code null} if it does not. */
    void fail(Fault how) {
        fault = how;
    }

    /** Forgets objects and faults. */
    void reset() {
        fault = null;
        objects.clear();
    }

    /** What it does with a request. */
    private void respond(Request request, StoreResponse response) throws IOException {
        Stored object = objects.get(request.path());
        Fault told = fault;
        Fault now = request.isGet() && told != null && told.happens() ? told : null;
        if (now != null && now.kind() == Fault.Kind.STATUS) {
            response.error(now.status(), now.code());
        } else if (now != null && object == null) {
            response.end(now);
        } else if (object == null && request.isObject()) {
            response.error(404, "NoSuchKey");
        } else if (object == null) {
            response.empty();
        } else if (request.tag() != null && !request.tag().equals(object.tag())) {
            response.error(412, "PreconditionFailed");
        } else {
            if (now != null && now.changes()) {
                // Before the last byte is there, after which the next request may come.
                objects.put(request.path(), new Stored(object.content(), object.version() + 1));
            }
            response.object(object, request.from(), now);
        }
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
            connections.forEach(Store::close);
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            for (String head = readHead(in); head != null && !connection.isClosed(); head = readHead(in)) {
                Request request = Request.of(head);
                respond(request, new StoreResponse(connection, in, request.isGet(), request.language()));
            }
        } catch (IOException broken) {
            // One of the two hung up, as a fault or the service wants it.
        } finally {
            connections.remove(connection);
        }
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < LONGEST_HEAD && (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0)) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "store-of-tests");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket connection) {
        try {
            connection.close();
        } catch (IOException closed) {
            // It is gone.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /**
     * A request of the S3 client.
     *
     * @param path bucket and key
     * @param language what {@code Content-Language} must be, or {@code null}
     * @param from where a range starts
     * @param tag the ETag that the object must have, or {@code null}
     */
    private record Request(boolean isGet, String path, String language, int from, String tag) {

        static Request of(String head) {
            String[] target = head.split(" ", 3)[1].split("\\?", 2);
            String range = header(head, "range");
            return new Request(head.startsWith("GET"), decoded(target[0].replace("+", "%2B")).substring(1),
                    target.length < 2 ? null : parameter(target[1], "response-content-language"),
                    range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1")),
                    header(head, "if-match"));
        }

        boolean isObject() {
            return path.indexOf('/') >= 0;
        }

        private static String header(String head, String name) {
            return head.lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip()).findFirst().orElse(null);
        }

        private static String parameter(String query, String name) {
            for (String each : query.split("&")) {
                if (each.startsWith(name + "=")) {
                    return decoded(each.substring(name.length() + 1));
                }
            }
            return null;
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }
    }
}
