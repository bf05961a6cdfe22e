package org.ccmessaging.filestream.support;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes requests without a body over bare sockets, so that a server can break off in any way that a server can. Each
 * connection has a thread of its own.
 */
public final class StoreServer implements AutoCloseable {

    /** What the server does with a request. */
    @FunctionalInterface
    public interface Handler {

        /**
         * @param head the request line and the headers
         * @param connection gets the response
         * @param in has what the client sends afterwards
         * @throws IOException if the client has hung up, or the server does
         */
        void respond(String head, Socket connection, InputStream in) throws IOException;
    }

    /** Serves a connection. The server closes it afterwards. */
    interface Connected {
        void serve(Socket connection) throws IOException;
    }

    private static final int BACKLOG = 200;
    private static final int LONGEST_HEAD = 65_536;

    private final ServerSocket server = new ServerSocket();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Connected connected;

    /**
     * Listens on the loopback interface.
     *
     * @param port 0 for a free one
     */
    public StoreServer(int port, Handler handler) throws IOException {
        this(connection -> respond(connection, handler), port);
    }

    /** A server of anything but requests. */
    StoreServer(Connected connected, int port) throws IOException {
        this.connected = connected;
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        start(this::accept);
    }

    /** Where it listens. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
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
            connected.serve(connection);
        } catch (IOException broken) {
            // One of the two hung up, as a fault or the client wants it.
        } finally {
            connections.remove(connection);
        }
    }

    private static void respond(Socket connection, Handler handler) throws IOException {
        InputStream in = new BufferedInputStream(connection.getInputStream());
        for (String head = read(in); head != null && !connection.isClosed(); head = read(in)) {
            handler.respond(head, connection, in);
        }
    }

    /** @return {@code null} if the client has hung up */
    private static String read(InputStream in) throws IOException {
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

    /** Runs on a thread of its own, which does not keep the JVM. */
    static void start(Runnable work) {
        Thread thread = new Thread(work, "server-of-tests");
        thread.setDaemon(true);
        thread.start();
    }

    /** Closes all connections. */
    public void drop() {
        connections.forEach(StoreServer::close);
    }

    static void close(Closeable each) {
        try {
            each.close();
        } catch (IOException closed) {
            // It is gone.
        }
    }

    @Override
    public void close() {
        close(server);
        drop();
    }
}
