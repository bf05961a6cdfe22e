package org.ccmessaging.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Load with many sessions, which tells what was carried from what was refused; prints one line of JSON. Either as many
 * requests at a time as there are workers, or so many a second, however long they take.
 *
 * <p>Arguments: address, file with the tokens (app key, AccessToken, session tokens; one a line), size of the file,
 * seconds, workers, and requests a second (0: each worker sends its next one at once).
 */
public final class Overload {

    private static final int TAIL_BYTES = "\",\"resultCode\":\"0\"}".length();
    private static final int HEAD_BYTES = "{\"fileStream\":\"".length();
    /** Above a limit of the session or tenant, and above that of the service. */
    private static final Set<Integer> REFUSED = Set.of(429, 503);
    private static final double MILLISECOND = 1e6;

    private final URI address;
    private final List<String> tokens;
    private final byte[] body;
    private final long length;
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

    private Overload(URI address, List<String> tokens, long size) {
        this.address = address;
        this.tokens = tokens;
        this.body = ("{\"fileId\":\"file-" + size + "\",\"channel\":\"WEB\",\"fileType\":\"zip\"}")
                .getBytes(StandardCharsets.US_ASCII);
        this.length = HEAD_BYTES + (size + 2) / 3 * 4 + TAIL_BYTES;
    }

    /**
     * @param start nanoseconds from the start of the load to the request
     * @param took nanoseconds to the last byte
     * @param wrong {@code null} for a complete file, or for a refusal with 429 or 503
     */
    private record Outcome(long start, long took, boolean carried, String wrong) {
    }

    public static void main(String[] arguments) throws Exception {
        int workers = Integer.parseInt(arguments[4]);
        System.setProperty("sun.net.http.retryPost", "false");
        System.setProperty("http.maxConnections", Integer.toString(workers));
        Overload load = new Overload(URI.create(arguments[0]), Files.readAllLines(Path.of(arguments[1])),
                Long.parseLong(arguments[2]));
        int seconds = Integer.parseInt(arguments[3]);
        load.run(workers, Integer.parseInt(arguments[5]), TimeUnit.SECONDS.toNanos(seconds));
        System.out.println(load.json(seconds));
    }

    private void run(int workers, int rate, long nanoseconds) throws InterruptedException {
        AtomicLong next = new AtomicLong();
        long start = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        for (int worker = 0; worker < workers; worker++) {
            threads.execute(() -> {
                while (true) {
                    long request = next.getAndIncrement();
                    long due = rate == 0 ? System.nanoTime() - start : request * 1_000_000_000L / rate;
                    // One that is late is sent at once, and none after the end, so that the load ends in time.
                    if (due >= nanoseconds || System.nanoTime() - start >= nanoseconds || !sleepUntil(start + due)) {
                        return;
                    }
                    outcomes.add(download(request, start));
                }
            });
        }
        threads.shutdown();
        threads.awaitTermination(nanoseconds + TimeUnit.SECONDS.toNanos(60), TimeUnit.NANOSECONDS);
        threads.shutdownNow();
    }

    private static boolean sleepUntil(long due) {
        try {
            TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            return true;
        } catch (InterruptedException end) {
            return false;
        }
    }

    private Outcome download(long request, long start) {
        long begin = System.nanoTime();
        String wrong;
        boolean carried = false;
        try {
            HttpURLConnection connection = post(request);
            int status = connection.getResponseCode();
            carried = status == HttpURLConnection.HTTP_OK;
            try (InputStream response = carried ? connection.getInputStream() : connection.getErrorStream()) {
                long bytes = response.transferTo(OutputStream.nullOutputStream());
                wrong = carried && bytes != length ? bytes + " of " + length + " bytes" : null;
            }
            wrong = carried || REFUSED.contains(status) ? wrong : "status " + status;
        } catch (IOException broken) {
            wrong = broken.getClass().getSimpleName() + ": " + broken.getMessage();
        }
        return new Outcome(begin - start, System.nanoTime() - begin, carried, wrong);
    }

    private HttpURLConnection post(long request) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setDoOutput(true);
        connection.setConnectTimeout(30_000);
        connection.setReadTimeout(60_000);
        connection.setFixedLengthStreamingMode(body.length);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setRequestProperty("x-app-key", tokens.get(0));
        connection.setRequestProperty("Authorization", "Bearer " + tokens.get(1));
        connection.setRequestProperty("ccmessaging-token", tokens.get(2 + (int) (request % (tokens.size() - 2))));
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        return connection;
    }

    private String json(int seconds) {
        List<Outcome> right = outcomes.stream().filter(outcome -> outcome.wrong() == null).toList();
        List<Outcome> carried = right.stream().filter(Outcome::carried).toList();
        List<Outcome> refused = right.stream().filter(outcome -> !outcome.carried()).toList();
        List<String> each = new ArrayList<>();
        for (int second = 0; second < seconds; second++) {
            int at = second;
            each.add(times(carried.stream().filter(outcome -> TimeUnit.NANOSECONDS.toSeconds(outcome.start()) == at)
                    .toList()));
        }
        String wrong = outcomes.stream().map(Outcome::wrong).filter(why -> why != null).distinct().limit(5)
                .map(why -> "\"" + why.replaceAll("[^ -~]|[\"\\\\]", "?") + "\"").collect(Collectors.joining(","));
        return "{\"requests\":" + outcomes.size() + ",\"carried\":" + times(carried) + ",\"refused\":" + times(refused)
                + ",\"failed\":" + (outcomes.size() - right.size()) + ",\"wrong\":[" + wrong + "],\"each_second\":"
                + each + "}";
    }

    private static String times(Collection<Outcome> some) {
        long[] sorted = some.stream().mapToLong(Outcome::took).sorted().toArray();
        return String.format(Locale.ROOT, "{\"count\":%d,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"most_ms\":%.2f}",
                sorted.length, percentile(sorted, 0.5), percentile(sorted, 0.99), percentile(sorted, 1));
    }

    private static double percentile(long[] sorted, double share) {
        return sorted.length == 0 ? 0
                : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / MILLISECOND;
    }
}
