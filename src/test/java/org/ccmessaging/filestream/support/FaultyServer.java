package org.ccmessaging.filestream.support;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.springframework.util.StringUtils;

/**
 * A server over bare sockets that fails as a test tells it to. With a server behind it, such as the embedded S3 server,
 * it relays, and spoils responses on the way. Without one, it responds to the GETs of each key by a script, which can
 * break any rule of HTTP. Each connection has its own thread.
 */
public final class FaultyServer implements AutoCloseable {

    public interface Script {
        void respond(Turn turn) throws IOException;
    }

    /**
     * Faults of a relayed response after a number of bytes. SILENCE sends nothing more on the open connection, DRIP
     * delays the next bytes, CHANGE alters a byte, and SURPLUS repeats the response before the next response.
     */
    public enum Fault { CLOSE, RESET, SILENCE, DRIP, CHANGE, SURPLUS }

    /**
     * A fault, or {@code null}, of a response of which some bytes pass. Something happens elsewhere before the client
     * notices the fault, and the next plan follows; {@code null} stands for the same again.
     */
    private record Plan(Fault fault, long bytes, Runnable meanwhile, Plan next) {

        private static final Plan SOUND = new Plan(null, 0, () -> { }, null);
    }

    private record Stored(byte[] content, Script script, AtomicInteger requests) {
    }

    private interface Pumped {
        void accept(byte[] buffer, int count) throws IOException;
    }

    private static final int LONGEST_HEAD = 65_536;
    private static final Pattern LANGUAGE = Pattern.compile("[?&]response-content-language=([^&]*)");

    private final ServerSocket server;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    /** The server behind this one, or {@code null}. */
    private final URI target;
    /** {@code null} if clients connect without TLS. */
    private volatile SSLContext tls;
    private volatile boolean demands;
    private volatile Plan plan = Plan.SOUND;
    private final Map<String, Stored> byKey = new ConcurrentHashMap<>();
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private volatile Stored other;
    private volatile Script probes = turn -> turn.head(200, "Content-Length: 0");
    private volatile boolean echoes = true;

    public FaultyServer() {
        this(null, null);
    }

    public FaultyServer(URI target) {
        this(target, null);
    }

    public FaultyServer(URI target, SSLContext tls) {
        this.target = target;
        this.tls = tls;
        try {
            server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        start(this::accept);
    }

    public URI endpoint() {
        return URI.create((tls == null ? "http" : "https") + "://127.0.0.1:" + server.getLocalPort());
    }

    /** Spoils every response after so many of its bytes, from now on and on open connections too. */
    public void breakAfter(long bytes, Fault fault) {
        plan = new Plan(fault, bytes, () -> { }, null);
    }

    /** Spoils one response after so many of its bytes. */
    public void breakOnce(long bytes, Fault fault) {
        breakOnce(bytes, fault, () -> { });
    }

    /** @param meanwhile what happens elsewhere before the client notices the fault */
    public void breakOnce(long bytes, Fault fault, Runnable meanwhile) {
        plan = new Plan(fault, bytes, meanwhile, Plan.SOUND);
    }

    /** Spoils a response after so many of its bytes, and lets nothing pass from then on. */
    public void breakForGood(long bytes, Fault fault) {
        plan = new Plan(fault, bytes, () -> { }, new Plan(fault, 0, () -> { }, null));
    }

    public void heal() {
        plan = Plan.SOUND;
    }

    public void drop() {
        connections.forEach(FaultyServer::close);
    }

    /** The number of open connections. */
    public int connections() {
        return connections.size();
    }

    /** Shows another certificate to connections that open from now on. */
    public void renew(SSLContext renewed) {
        tls = renewed;
    }

    /** Demands a certificate from clients that connect from now on. */
    public void demandClientCertificates(SSLContext trusting) {
        demands = true;
        tls = trusting;
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
        byKey.put(key, new Stored(content, script, new AtomicInteger()));
    }

    /** Stores an object under all keys, in every bucket, in place of everything that is stored. */
    public void putEverywhere(byte[] content, Script script) {
        byKey.clear();
        other = new Stored(content, script, new AtomicInteger());
    }

    /** How the server responds to health checks, and to all other requests that are no GETs. It is well by default. */
    public void probes(Script script) {
        probes = script;
    }

    /** Methods and targets of the requests that have come, other than the HEADs of health checks. */
    public Queue<String> received() {
        return received;
    }

    public void forget(String name) {
        byKey.remove("demo/" + name);
    }

    public int requests(String name) {
        return byKey.get("demo/" + name).requests.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = server.accept();
                connection.setTcpNoDelay(true);
                connections.add(connection);
                start(() -> serve(connection));
            }
        } catch (IOException ended) {
            drop();
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            if (target != null) {
                relay(connection);
                return;
            }
            InputStream in = new BufferedInputStream(connection.getInputStream());
            for (String head = head(in); head != null && !connection.isClosed(); head = head(in)) {
                respond(head, connection, in);
            }
        } catch (IOException broken) {
            // One of the two hung up, as a fault or the client wants it.
        } finally {
            connections.remove(connection);
        }
    }

    /** @return the request line and the headers; {@code null} if the client has hung up */
    private static String head(InputStream in) throws IOException {
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

    private void respond(String head, Socket connection, InputStream in) throws IOException {
        String target = head.split(" ", 3)[1];
        String path = target.split("\\?", 2)[0].replace("+", "%2B");
        String[] bucketAndKey = URLDecoder.decode(path, StandardCharsets.UTF_8).substring(1).split("/", 2);
        Stored stored = bucketAndKey.length < 2 ? other : byKey.getOrDefault(bucketAndKey[1], other);
        if (!head.startsWith("HEAD")) {
            received.add(head.substring(0, head.indexOf(" HTTP/")));
        }
        Turn turn = new Turn(head, connection, in, stored == null ? new byte[0] : stored.content,
                stored == null ? 0 : stored.requests.incrementAndGet(), echoes ? language(target) : null);
        if (!head.startsWith("GET")) {
            probes.respond(turn);
        } else if (stored == null) {
            turn.error(404, "NoSuchKey");
        } else {
            stored.script.respond(turn);
        }
    }

    /** What {@code Content-Language} must be, or {@code null}. */
    private static String language(String target) {
        Matcher language = LANGUAGE.matcher(target);
        return language.find() ? URLDecoder.decode(language.group(1), StandardCharsets.UTF_8) : null;
    }

    private void relay(Socket accepted) throws IOException {
        try (Socket client = secured(accepted); Socket next = new Socket(target.getHost(), target.getPort())) {
            Responses responses = new Responses(client);
            start(() -> pump(client, next, (buffer, count) -> {
                responses.request();
                next.getOutputStream().write(buffer, 0, count);
            }));
            pump(next, client, responses::relay);
        }
    }

    private Socket secured(Socket accepted) throws IOException {
        SSLContext context = tls;
        if (context == null) {
            return accepted;
        }
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(accepted, null, 0, true);
        socket.setUseClientMode(false);
        socket.setNeedClientAuth(demands);
        return socket;
    }

    private static void pump(Socket from, Socket to, Pumped pumped) {
        byte[] buffer = new byte[4096];
        try {
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                pumped.accept(buffer, count);
            }
        } catch (IOException end) {
            // One side has gone; so will the other.
        }
        close(to);
        close(from);
    }

    private final class Responses {

        private final Socket client;
        private final ByteArrayOutputStream last = new ByteArrayOutputStream();
        /** Bytes of responses since the last request. */
        private volatile long carried;

        Responses(Socket client) {
            this.client = client;
        }

        void request() throws IOException {
            carried = 0;
            if (last.size() > 0) {
                plan = Plan.SOUND;
                client.getOutputStream().write(last.toByteArray());
                last.reset();
            }
        }

        void relay(byte[] buffer, int count) throws IOException {
            Plan now = plan;
            int sound = (int) Math.max(0, Math.min(count, now.bytes - carried));
            carried += count;
            if (now.fault == Fault.SURPLUS) {
                last.write(buffer, 0, count);
            } else if (now.fault != null && sound < count) {
                fail(now, buffer, sound);
            }
            client.getOutputStream().write(buffer, 0, count);
        }

        private void fail(Plan now, byte[] buffer, int sound) throws IOException {
            if (now.next != null) {
                plan = now.next;
            }
            if (now.fault == Fault.DRIP) {
                LockSupport.parkNanos(20_000_000);
                return;
            }
            if (now.fault == Fault.CHANGE) {
                buffer[sound]++;
                return;
            }
            client.getOutputStream().write(buffer, 0, sound);
            now.meanwhile.run();
            if (now.fault == Fault.RESET) {
                client.setSoLinger(true, 0);
            } else if (now.fault == Fault.SILENCE) {
                closed.join();
            }
            throw new EOFException("as the plan says");
        }
    }

    /**
     * One request to a server of scripts, and the server's turn to respond. Offsets are those of the object: a script
     * that breaks the first response at its middle breaks a response with the rest at the same place.
     */
    public record Turn(String request, Socket connection, InputStream in, byte[] content, int number, String language) {

        private static final String ETAG = "\"one\"";

        /** The same turn, of a store that names another language than the request asks for; {@code null} for none. */
        public Turn withLanguage(String another) {
            return new Turn(request, connection, in, content, number, another);
        }

        /** The target of the request: the authority of a CONNECT, otherwise path and query. */
        public String target() {
            return request.split(" ", 3)[1];
        }

        public List<String> headers(String name) {
            return request.lines().filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip()).toList();
        }

        /** The version whose tags the request is for: empty without versions, {@code null} if it is for no tags. */
        public String versionOfTags() {
            String[] query = request.split(" ")[1].split("\\?tagging=?(&versionId=)?", 2);
            return query.length < 2 ? null : query[1];
        }

        /** Sends a list of tags; each is a key and a value. */
        public void tags(String... keysAndValues) throws IOException {
            StringBuilder tags = new StringBuilder();
            for (int i = 0; i < keysAndValues.length; i += 2) {
                tags.append("<Tag><Key>%s</Key><Value>%s</Value></Tag>"
                        .formatted(keysAndValues[i], keysAndValues[i + 1]));
            }
            String list = "<?xml version=\"1.0\"?><Tagging xmlns=\"http://s3.amazonaws.com/doc/\"><TagSet>" + tags
                    + "</TagSet></Tagging>";
            head(200, "Content-Length: " + list.length());
            send(list);
        }

        public boolean isFirst() {
            return number == 1;
        }

        public boolean isForRest() {
            return !headers("Range").isEmpty();
        }

        public int from() {
            return headers("Range").stream().map(range -> range.replaceAll("bytes=(\\d+)-.*", "$1"))
                    .mapToInt(Integer::parseInt).findFirst().orElse(0);
        }

        public int length() {
            return content.length;
        }

        /** Sends a status line and headers with the strong ETag, and the language that the request asks for. */
        public void head(int status, String... headers) throws IOException {
            headOf(ETAG, "HTTP/1.1 " + status + " Text", headers);
        }

        /** Sends a head with another status line, or another ETag; {@code null} for none. */
        public void headOf(String etag, String statusLine, String... headers) throws IOException {
            send(headText(etag, statusLine, headers));
        }

        /** Makes a head, for a script that sends it in its own way. */
        public String headText(String etag, String statusLine, String... headers) {
            StringBuilder head = new StringBuilder(statusLine).append("\r\n")
                    .append(etag == null ? "" : "ETag: " + etag + "\r\n")
                    .append(language == null ? "" : "Content-Language: " + language + "\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            return head.append("\r\n").toString();
        }

        /** Sends the head of the right response, with more headers. */
        public void rightHead(String... more) throws IOException {
            String length = "Content-Length: " + (length() - from());
            String[] own = isForRest() ? new String[] {length, contentRange()} : new String[] {length};
            head(isForRest() ? 206 : 200, StringUtils.concatenateStringArrays(more, own));
        }

        public String contentRange() {
            return "Content-Range: bytes " + from() + "-" + (length() - 1) + "/" + length();
        }

        /** Sends the right response: the object, or the rest of it, with more headers. */
        public void right(String... more) throws IOException {
            if (!headers("If-Match").stream().allMatch(ETAG::equals)) {
                error(412, "PreconditionFailed");
            } else if (isForRest() && from() >= length()) {
                error(416, "InvalidRange");
            } else {
                rightHead(more);
                upTo(length());
            }
        }

        /** Sends the object's bytes from the requested offset up to another. */
        public void upTo(int end) throws IOException {
            if (end > from()) {
                connection.getOutputStream().write(content, from(), end - from());
            }
        }

        public void endAfter(int end) throws IOException {
            upTo(end);
            close();
        }

        /** Sends the object's bytes up to an offset in chunks of HTTP, without the last chunk. */
        public void chunksUpTo(int end) throws IOException {
            for (int at = from(); at < end; at += 10_000) {
                int count = Math.min(10_000, end - at);
                send(Integer.toHexString(count) + "\r\n");
                connection.getOutputStream().write(content, at, count);
                send("\r\n");
            }
        }

        /** Sends an error as Ceph tells it. */
        public void error(int status, String code) throws IOException {
            error(status, code, "");
        }

        /** Sends an error as S3 tells it, with more headers. */
        public void error(int status, String code, String message, String... more) throws IOException {
            String body = "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>";
            String[] own = {"Content-Type: application/xml", "Content-Length: " + body.length()};
            head(status, StringUtils.concatenateStringArrays(own, more));
            send(body);
        }

        public void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        public void send(byte[] bytes) throws IOException {
            connection.getOutputStream().write(bytes);
        }

        public void sendForEver(String text, long everyMillis) throws IOException {
            while (!connection.isClosed()) {
                send(text);
                pause(everyMillis);
            }
        }

        /** Carries bytes to and from another server, as a proxy does. */
        public void tunnel(String authority) throws IOException {
            URI to = URI.create("http://" + authority);
            try (Socket next = new Socket(to.getHost(), to.getPort())) {
                start(() -> pump(connection, next, (buffer, count) -> next.getOutputStream().write(buffer, 0, count)));
                pump(next, connection, (buffer, count) -> connection.getOutputStream().write(buffer, 0, count));
            }
        }

        public void pause(long millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }

        public void close() throws IOException {
            connection.close();
        }

        public void reset() throws IOException {
            connection.setSoLinger(true, 0);
            connection.close();
        }

        /** Ends what the store sends, and keeps the connection until the service hangs up. */
        public void halfClose() throws IOException {
            connection.shutdownOutput();
            stall();
        }

        public void stall() throws IOException {
            in.transferTo(OutputStream.nullOutputStream());
            connection.close();
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "server-of-tests");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Closeable each) {
        try {
            each.close();
        } catch (IOException gone) {
            // It is gone.
        }
    }

    @Override
    public void close() {
        closed.complete(null);
        close(server);
        drop();
    }
}
