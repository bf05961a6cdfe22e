package org.ccmessaging.filestream.routes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The servers that the patches of docs/examples call: for files, object keys and events. */
final class Outside implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server =
            HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    private final List<String> events = new CopyOnWriteArrayList<>();

    Outside() throws IOException {
        server.setExecutor(threads);
        server.createContext("/files/", exchange -> {
            boolean there = exchange.getRequestURI().getPath().equals("/files/demo/a.txt");
            respond(exchange, there ? 200 : 404, there ? "from the server" : "none");
        });
        server.createContext("/keys", exchange -> {
            boolean asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                    .contains("\"fileId\":\"a.txt\"")
                    && "demo".equals(exchange.getRequestHeaders().getFirst("X-Tenant-Id"));
            respond(exchange, asked ? 200 : 404, "{\"key\":\"films/a.txt\"}");
        });
        server.createContext("/downloads", exchange -> {
            events.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            respond(exchange, 200, "");
        });
        server.start();
    }

    private static void respond(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What the webhook got. */
    List<String> events() {
        return events;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
