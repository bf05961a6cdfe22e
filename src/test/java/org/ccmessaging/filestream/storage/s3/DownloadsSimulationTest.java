package org.ccmessaging.filestream.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.http.Header;
import org.apache.http.HttpResponse;
import org.apache.http.HttpVersion;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.entity.InputStreamEntity;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.execchain.ClientExecChain;
import org.apache.http.message.BasicHttpResponse;
import org.ccmessaging.filestream.admission.Admit;
import org.ccmessaging.filestream.admission.Admits;
import org.ccmessaging.filestream.failure.ReadBrokenException;
import org.ccmessaging.filestream.failure.ServiceBusyException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.storage.Confined;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageOf;
import org.ccmessaging.filestream.storage.StoredObject;
import org.ccmessaging.filestream.support.Seeds;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.ccmessaging.filestream.toolkit.ObjectLocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Runs the code between a permit and the last byte in simulated lives: downloads and disconnects of customers, and a
 * store that refuses, hangs, drips, breaks and lies. Time passes only when the store, a pause or the seed says so.
 */
class DownloadsSimulationTest {

    private static final int SEEDS = 300;

    /** Faults that the service once had. */
    private enum Fault {
        /** The end of a download reads the rest of the object. */
        CLOSE_READS_THE_REST,
        /** A surplus response on a kept connection is served to the next request. */
        SURPLUS_IS_SERVED
    }

    @Test
    void whatMustHoldHoldsInEveryLife() {
        Seeds.hold(SEEDS, seed -> new Life(seed, null));
    }

    @ParameterizedTest
    @EnumSource
    void faultThatIsPutBackIsFound(Fault fault) {
        Seeds.find(fault.name(), SEEDS, seed -> new Life(seed, fault));
    }

    private enum Act {
        RIGHT, REFUSE, HANG, LATE, INTERNAL_ERROR, SLOW_DOWN, NOT_FOUND, RESET, STALL, DRIP, SURPLUS, OTHER_NONCE,
        PART, NO_ETAG
    }

    private enum Mood {
        WELL(Act.RIGHT),
        FLAKY(Act.values()),
        DOWN(Act.REFUSE, Act.HANG, Act.SLOW_DOWN, Act.INTERNAL_ERROR),
        SLOW(Act.RIGHT, Act.LATE, Act.DRIP, Act.STALL),
        LYING(Act.RIGHT, Act.RIGHT, Act.RIGHT, Act.SURPLUS, Act.OTHER_NONCE, Act.PART, Act.RESET);

        private final List<Act> acts;

        Mood(Act... acts) {
            this.acts = List.of(acts);
        }
    }

    private static final class Life implements Seeds.Life {

        private static final int CHUNK = 48 * 1024;
        private static final int PAUSE_MILLIS = 20;
        private static final int[] SIZES = {1, 1_000, CHUNK, 60_000, 150_000};
        private static final Pattern TARGET = Pattern.compile("/standard/([^?]+)\\?.*content-language=([^&]+).*");
        private static final CamelContext CAMEL = new DefaultCamelContext();
        private static final DownloadSettings DOWNLOADS = ShippedSettings.of("filestream.download",
                DownloadSettings.class, Map.of("filestream.download.max-in-flight", 12,
                        "filestream.download.max-in-flight-per-session", 4));
        private static final S3Settings SETTINGS = ObjectGets.settings("filestream.s3", Map.of("endpoint",
                "http://store.example", "access-key", "id", "secret-key", "secret", "path-style-access", true));

        private volatile long now;
        private final List<String> trace = new ArrayList<>();
        private final Random random;
        private final Fault fault;
        private final boolean echoes;
        private final MeterRegistry meters = new SimpleMeterRegistry();
        /** The service's own pauses are random, up to 400 ms. */
        private final Deadlines deadlines = ObjectGets.deadlines(() -> now, millis -> pass(PAUSE_MILLIS), DOWNLOADS);
        private final Admit admit = Admits.started(DOWNLOADS, meters);
        private final RequestObject request =
                new RequestObject(StorageOf.all(StorageOf.bucket("standard", null)), deadlines);
        private final TakeObject take = new TakeObject(DOWNLOADS, deadlines, meters);
        private final Map<String, Integer> versions = new HashMap<>();
        private final List<Download> downloads = new ArrayList<>();
        private final List<Queue<Reply>> idle = new ArrayList<>();
        private S3Store store;
        private Mood mood = Mood.WELL;
        private int leased;

        Life(long seed, Fault fault) {
            this.random = new Random(seed);
            this.fault = fault;
            this.echoes = fault == Fault.SURPLUS_IS_SERVED || random.nextInt(4) > 0;
        }

        @Override
        public List<String> trace() {
            return trace;
        }

        private <T> T pick(List<T> some) {
            return some.get(random.nextInt(some.size()));
        }

        private void pass(long millis) {
            now += TimeUnit.MILLISECONDS.toNanos(millis);
        }

        private double inFlight() {
            return meters.get("filestream.downloads.in.flight").gauge().value();
        }

        @Override
        public void run() {
            try (S3Store opened = new S3Store(SETTINGS, "standard", null, deadlines, meters, false, Connections::new,
                    null)) {
                store = opened;
                for (int i = 0; i < 80; i++) {
                    step();
                }
                List.copyOf(downloads).forEach(download -> download.end("the service stops"));
                assertThat(inFlight()).as("permits").isZero();
                assertThat(leased).as("connections").isZero();
                assertThat(opened.http.permits().availablePermits()).as("permits of the store")
                        .isEqualTo(StoreHttpClient.MOST_WAITING);
                assertThat(recovers()).as("the circuit closes, and downloads succeed").isTrue();
            }
        }

        private void step() {
            int move = random.nextInt(20);
            if (move < 8) {
                new Download(pick(List.of("bank", "shop", "clinic")), "file-" + random.nextInt(SIZES.length)).open();
            } else if (move < 15 && !downloads.isEmpty()) {
                pick(downloads).read();
            } else if (move == 15 && !downloads.isEmpty()) {
                pick(downloads).end("the client disconnects");
            } else if (move == 16) {
                mood = pick(List.of(Mood.values()));
                trace.add("the store is " + mood + ", the circuit " + store.states().get("circuit"));
            } else if (move == 17) {
                versions.merge("bank/file-" + random.nextInt(SIZES.length), 1, Integer::sum);
            } else {
                pass(random.nextInt(4_000));
            }
            assertThat(inFlight()).as("permits").isEqualTo(downloads.size());
        }

        /** After the store has recovered, GETs from before its recovery may open the circuit once more. */
        private boolean recovers() {
            mood = Mood.WELL;
            for (int round = 0; round < 3; round++) {
                pass(SETTINGS.circuitOpenTime().toMillis() + 1);
                int complete = 0;
                for (int i = 0; i < 6; i++) {
                    Download download = new Download("shop", "file-1");
                    download.open();
                    complete += download.complete ? 1 : 0;
                }
                if (complete == 6 && store.states().get("circuit").equals("closed")) {
                    return true;
                }
            }
            return false;
        }

        private static byte[] content(String key, int version) {
            byte[] content = new byte[SIZES[key.charAt(key.length() - 1) - '0']];
            Arrays.fill(content, (byte) (key.hashCode() * 31 + version));
            byte[] name = (key + version).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(name, 0, content, 0, Math.min(name.length, content.length));
            return content;
        }

        private final class Download {

            private final String key;
            private final Exchange exchange = new DefaultExchange(CAMEL);
            private final ByteArrayOutputStream received = new ByteArrayOutputStream();
            private StoredObject object;
            private boolean complete;

            Download(String tenant, String name) {
                this.key = tenant + "/" + name;
                Confined.to(exchange, new ObjectLocation("standard", tenant, key));
            }

            void open() {
                long start = now;
                try {
                    admit.process(exchange);
                    downloads.add(this);
                    request.process(exchange);
                    exchange.getMessage().setBody(
                            exchange.getProperty(ObjectGet.PROPERTY, ObjectGet.class).sendTo(store));
                    take.process(exchange);
                    object = exchange.getMessage().getBody(StoredObject.class);
                    fill();
                } catch (ServiceBusyException | SdkException | ReadBrokenException failed) {
                    end(failed.toString());
                }
                requireWithin(DOWNLOADS.firstByteTimeout().plusMillis(2 * PAUSE_MILLIS), start, "the first chunk");
            }

            void read() {
                long start = now;
                try {
                    fill();
                } catch (ReadBrokenException broken) {
                    end(broken.toString());
                }
                requireWithin(DOWNLOADS.stallTimeout().plusMillis(2 * PAUSE_MILLIS), start, "a chunk");
            }

            private void fill() {
                byte[] chunk = new byte[CHUNK];
                received.write(chunk, 0, object.fill(chunk));
                if (object.ended()) {
                    complete = true;
                    assertThat(received.toByteArray()).as("the file of the request, in one version: " + key).isIn(
                            IntStream.rangeClosed(0, versions.getOrDefault(key, 0))
                                    .mapToObj(version -> content(key, version)).toList());
                    end("complete");
                }
            }

            void end(String how) {
                trace.add(now / 1_000_000 + " ms: " + key + ": " + how);
                long start = now;
                exchange.getUnitOfWork().done(exchange);
                downloads.remove(this);
                requireWithin(Duration.ZERO, start, "the end of a download");
            }

            private void requireWithin(Duration most, long start, String what) {
                assertThat(Duration.ofNanos(now - start)).as("time of " + what).isLessThanOrEqualTo(most);
            }
        }

        /** Takes the place of connections: a kept one sends its responses in their order, whatever was asked. */
        private final class Connections extends HttpClientBuilder {

            @Override
            protected ClientExecChain decorateMainExec(ClientExecChain real) {
                return (route, request, context, abortable) -> respond((HttpGet) request.getOriginal(),
                        context.getUserToken() instanceof StoreConnections);
            }
        }

        private CloseableHttpResponse respond(HttpGet get, boolean mayBeUsed) throws IOException {
            boolean isNew = idle.isEmpty() || get.containsHeader("Connection") || !mayBeUsed;
            Act act = pick(mood.acts);
            if (isNew && act == Act.REFUSE) {
                throw new ConnectException("Connection refused");
            }
            Queue<Reply> connection = isNew ? new ArrayDeque<>() : idle.remove(random.nextInt(idle.size()));
            Matcher target = TARGET.matcher(get.getRequestLine().getUri());
            assertThat(target.matches()).isTrue();
            connection.add(new Reply(act, target.group(1), target.group(2), get, connection));
            if (act == Act.SURPLUS) {
                connection.add(new Reply(Act.RIGHT, target.group(1), target.group(2), get, connection));
            }
            Reply reply = connection.remove();
            reply.keeps = !get.containsHeader("Connection");
            leased++;
            get.setCancellable(reply::abort);
            Response response = new Response();
            try {
                reply.head(response, target.group(2));
            } catch (IOException | RuntimeException broken) {
                reply.release(false);
                throw broken;
            }
            return response;
        }

        private static final class Response extends BasicHttpResponse implements CloseableHttpResponse {

            Response() {
                super(HttpVersion.HTTP_1_1, 200, "");
            }

            @Override
            public void close() {
            }
        }

        /** A socket of the store waits as the real one does: until the read timeout or the deadline of the thread. */
        private void await(long millis) throws IOException {
            int most = (int) SETTINGS.readTimeout().toMillis();
            int wait = deadlines.millisLeft(most);
            pass(Math.min(wait, millis));
            if (millis >= wait) {
                if (wait < Math.min(most, 500)) {
                    deadlines.millisLeft(most);
                }
                throw new SocketTimeoutException("Read timed out");
            }
        }

        private final class Reply extends InputStream {

            private final Act act;
            private final String nonce;
            private final byte[] body;
            private final int from;
            private final int status;
            private final String etag;
            private final int breaksAt;
            private final Queue<Reply> connection;
            private boolean keeps;
            private boolean isReleased;
            private int at;

            Reply(Act act, String key, String nonce, HttpGet get, Queue<Reply> connection) {
                this.act = act;
                this.nonce = act == Act.OTHER_NONCE ? "x-other" : nonce;
                this.connection = connection;
                byte[] all = content(key, versions.getOrDefault(key, 0));
                this.etag = "\"" + versions.getOrDefault(key, 0) + "\"";
                Header range = get.getFirstHeader("Range");
                this.from = range == null ? 0 : Integer.parseInt(range.getValue().replaceAll("\\D", ""));
                boolean isChanged = range != null && !get.getFirstHeader("If-Match").getValue().equals(etag);
                this.status = switch (act) {
                    case INTERNAL_ERROR -> 500;
                    case SLOW_DOWN -> 503;
                    case NOT_FOUND -> 404;
                    case PART -> 206;
                    default -> isChanged ? 412 : range != null ? 206 : 200;
                };
                this.body = status >= 300 ? "<Error/>".getBytes(StandardCharsets.UTF_8)
                        : Arrays.copyOfRange(all, from, all.length);
                this.breaksAt = random.nextInt(body.length + 1);
            }

            void head(HttpResponse response, String expected) throws IOException {
                if (act == Act.HANG) {
                    await(Long.MAX_VALUE);
                } else if (act == Act.REFUSE) {
                    throw new SocketException("Connection reset");
                } else if (act == Act.LATE) {
                    await(random.nextInt(12_000));
                }
                response.setStatusCode(status);
                if (act != Act.NO_ETAG) {
                    response.addHeader("ETag", etag);
                }
                if (echoes) {
                    response.addHeader("Content-Language", fault == Fault.SURPLUS_IS_SERVED ? expected : nonce);
                }
                if (status == 206) {
                    response.addHeader("Content-Range",
                            "bytes %d-%d/%d".formatted(from, from + body.length - 1, from + body.length));
                }
                response.addHeader("Content-Length", String.valueOf(body.length));
                response.setEntity(new InputStreamEntity(this, body.length));
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] to, int offset, int most) throws IOException {
                if (isReleased || at == body.length) {
                    release(keeps);
                    return -1;
                }
                if (act == Act.STALL && at >= breaksAt) {
                    await(Long.MAX_VALUE);
                }
                if (act == Act.RESET && at >= breaksAt) {
                    throw new SocketException("Connection reset");
                }
                if (act == Act.DRIP) {
                    await(100);
                }
                int count = act == Act.DRIP ? 1 : Math.min(most, (at < breaksAt ? breaksAt : body.length) - at);
                System.arraycopy(body, at, to, offset, count);
                at += count;
                return count;
            }

            boolean abort() {
                if (fault == Fault.CLOSE_READS_THE_REST && !isReleased) {
                    try {
                        readNBytes(64 * 1024);
                    } catch (IOException | SdkException broken) {
                        trace.add("the rest breaks: " + broken);
                    }
                }
                release(false);
                return true;
            }

            void release(boolean kept) {
                if (!isReleased) {
                    isReleased = true;
                    leased--;
                    if (kept) {
                        idle.add(connection);
                    }
                }
            }
        }
    }
}
