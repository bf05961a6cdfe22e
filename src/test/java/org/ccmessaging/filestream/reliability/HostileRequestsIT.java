package org.ccmessaging.filestream.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.request;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.ccmessaging.filestream.reliability.HostileRequest.Ending;
import org.ccmessaging.filestream.support.JarProcess;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever a client sends, it gets responses of the contract or a closed connection, and the log gets single lines.
 * System property {@code hostile.requests} says how many requests, {@code hostile.seed} which.
 */
@Tag("full")
@Tag("jar")
class HostileRequestsIT {

    private static final int REQUESTS = Integer.getInteger("hostile.requests", 3_000);
    private static final long SEED = Long.getLong("hostile.seed", 1);
    private static final int CLIENTS = 16;

    /** Longer than any time limit of the service for a request; a client that waits longer is one too many. */
    private static final int PATIENCE_MS = 60_000;

    /** How long a client waits that does not say it has sent all. The service may wait for more of it. */
    private static final int WAIT_MS = 300;

    private static final String LINE = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S* [A-Z]+ +\\[.*";

    @AutoClose
    private static Stage stage;
    private static Resources before;

    @BeforeAll
    static void start() throws Exception {
        stage = Stage.ofJar(Stage.Kind.FILESYSTEM, Map.of("filestream.download.max-in-flight-per-session", "200"));
        stage.put("standard", "hello.txt", Stage.content(100));
        run(LongStream.range(0, 200).mapToObj(i -> new HostileRequest(
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII), List.of(),
                Ending.HALF_CLOSE)));
        before = Resources.of(stage.service());
    }

    private static final class Findings {

        private final Map<String, String> faults = new TreeMap<>();
        private final Map<Integer, Integer> byStatus = new TreeMap<>();

        synchronized void add(HostileRequest request, RawResponses responses, String more) {
            responses.complete().forEach(each -> byStatus.merge(each.status(), 1, Integer::sum));
            List<String> all = new ArrayList<>(responses.faults());
            if (more != null) {
                all.add(more);
            }
            // One example of each fault is enough, the shortest.
            all.forEach(fault -> faults.merge(fault.length() > 150 ? fault.substring(0, 150) : fault, request.shown(),
                    (one, other) -> one.length() <= other.length() ? one : other));
        }
    }

    private static Findings run(Stream<HostileRequest> requests) throws Exception {
        Findings findings = new Findings();
        URI api = stage.api().base();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> all = new ArrayList<>();
            requests.forEach(request -> all.add(clients.submit(() -> send(api, request, findings))));
            for (Future<?> each : all) {
                each.get(10, TimeUnit.MINUTES);
            }
        } finally {
            clients.shutdownNow();
        }
        return findings;
    }

    private static Void send(URI api, HostileRequest request, Findings findings) throws Exception {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        String fault = null;
        try (Socket socket = new Socket(api.getHost(), api.getPort())) {
            socket.setSoTimeout(request.ending() == Ending.READ ? WAIT_MS : PATIENCE_MS);
            socket.setTcpNoDelay(true);
            try {
                write(socket, request);
                if (request.ending() == Ending.HALF_CLOSE || request.ending() == Ending.READ) {
                    if (request.ending() == Ending.HALF_CLOSE) {
                        socket.shutdownOutput();
                    }
                    InputStream in = socket.getInputStream();
                    for (int next = in.read(); next >= 0; next = in.read()) {
                        received.write(next);
                        received.write(in.readNBytes(Math.max(0, in.available())));
                    }
                }
            } catch (SocketTimeoutException unanswered) {
                fault = request.ending() == Ending.READ ? null : "no end after " + PATIENCE_MS + " ms";
            } catch (SocketException closed) {
                // The service hung up before it had all.
            }
            socket.setSoLinger(request.ending() == Ending.RESET, 0);
        }
        findings.add(request, RawResponses.of(received.toByteArray()), fault);
        return null;
    }

    private static void write(Socket socket, HostileRequest request) throws Exception {
        int from = 0;
        for (int split : request.splits()) {
            socket.getOutputStream().write(request.bytes(), from, split - from);
            Thread.sleep(2);
            from = split;
        }
        socket.getOutputStream().write(request.bytes(), from, request.bytes().length - from);
    }

    @Test
    void whateverAClientSendsItGetsResponsesOfTheContractOrAClosedConnection() throws Exception {
        Findings findings = run(LongStream.range(0, REQUESTS).mapToObj(i -> HostileRequest.of(SEED * 1_000_000 + i)));

        System.out.println(REQUESTS + " hostile requests with seed " + SEED + ", responses by status: "
                + findings.byStatus);
        assertThat(findings.faults).as("seed %d", SEED).isEmpty();
        assertThat(findings.byStatus).containsKeys(200, 400, 401, 404, 405);
        assertThat(stage.api().download(request("standard", "hello.txt")).file()).isEqualTo(Stage.content(100));
        before.awaitBack(stage.service(), CLIENTS);
        assertLogOfLines();
    }

    /** The first lines may be the JVM's. */
    private static void assertLogOfLines() {
        assertThat(((JarProcess) stage.service()).output().lines().dropWhile(line -> !line.matches(LINE))
                .filter(line -> !line.matches(LINE)).limit(5))
                .as("lines of the log that belong to others before them").isEmpty();
    }
}
