package org.ccmessaging.filestream.routes.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A store in memory that speaks as much S3 as routes ask: GET and HEAD of objects, ranges, ETags, the override of
 * {@code Content-Language}.
 */
final class Store implements AutoCloseable {

    /** What is kept under a bucket and a key, and the number of its ETag. */
    record Stored(byte[] content, int version) {

        String tag() {
            return "\"" + Integer.toHexString(content.length) + "-" + version + "\"";
        }
    }

    private final StoreServer server;
    private final Map<String, Stored> objects = new ConcurrentHashMap<>();
    private volatile Fault fault;

    /** Listens on a free port. */
    Store() throws IOException {
        server = new StoreServer(0, this::respond);
    }

    URI endpoint() {
        return server.endpoint();
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
    private void respond(StoreRequest request, Socket connection, InputStream in) throws IOException {
        StoreResponse response = new StoreResponse(connection, in, request.isGet(), request.language());
        String path = request.path();
        Stored object = objects.get(path);
        Fault told = fault;
        Fault now = request.isGet() && told != null && told.happens() ? told : null;
        if (now != null && now.kind() == Fault.Kind.STATUS) {
            response.error(now.status(), now.code());
        } else if (now != null && object == null) {
            response.end(now);
        } else if (object == null && path.indexOf('/') >= 0) {
            response.error(404, "NoSuchKey");
        } else if (object == null) {
            response.empty();
        } else if (!request.headers("If-Match").stream().allMatch(object.tag()::equals)) {
            response.error(412, "PreconditionFailed");
        } else {
            if (now != null && now.changes()) {
                // Before the last byte is there, after which the next request may come.
                objects.put(path, new Stored(object.content(), object.version() + 1));
            }
            response.object(object, request.from(), now);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
