package org.ccmessaging.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Downloads large files side by side and compares every byte as it arrives; prints one line of JSON. Either as fast as it
 * goes, until all is there, or slowly for some seconds.
 *
 * <p>Arguments: address, size of the file, how many at the same time, then either how often each, or
 * bytes per second and seconds. The tokens are in the environment.
 */
public final class Downloads {

    private static final byte[] HEAD = ascii("{\"fileStream\":\"");
    private static final byte[] TAIL = ascii("\",\"resultCode\":\"0\"}");
    private static final int BUFFER_BYTES = 256 * 1024;

    private final URI address;
    private final long size;
    private final byte[] end;
    private final long base64End;
    private final byte[] block = Content.repeatingBase64();

    private Downloads(URI address, long size) {
        this.address = address;
        this.size = size;
        byte[] lastGroup = Content.lastGroupBase64(size);
        this.end = Arrays.copyOf(lastGroup, lastGroup.length + TAIL.length);
        System.arraycopy(TAIL, 0, end, lastGroup.length, TAIL.length);
        this.base64End = HEAD.length + size / 3 * 4;
    }

    /** One download: {@code wrong} is {@code null} where every byte that arrived was the right one. */
    private record Outcome(long bytes, long firstByteNanos, String wrong) {
    }

    public static void main(String[] arguments) throws Exception {
        // A POST that broke must count as broken, and not be sent again.
        System.setProperty("sun.net.http.retryPost", "false");
        Downloads downloads = new Downloads(URI.create(arguments[0]), Long.parseLong(arguments[1]));
        int concurrent = Integer.parseInt(arguments[2]);
        Callable<List<Outcome>> one;
        if (arguments.length == 4) {
            int each = Integer.parseInt(arguments[3]);
            one = () -> downloads.times(each);
        } else {
            int rate = Integer.parseInt(arguments[3]);
            long deadline = System.nanoTime() + Long.parseLong(arguments[4]) * 1_000_000_000L;
            one = () -> List.of(downloads.download(rate, deadline));
        }
        long start = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(concurrent);
        List<Outcome> outcomes = new ArrayList<>();
        for (Future<List<Outcome>> future : threads.invokeAll(java.util.Collections.nCopies(concurrent, one))) {
            outcomes.addAll(future.get());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        threads.shutdown();
        System.out.println(json(outcomes, seconds));
    }

    private List<Outcome> times(int each) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            outcomes.add(download(0, 0));
            if (outcomes.get(i).wrong() != null) {
                break;
            }
        }
        return outcomes;
    }

    /** @param rate bytes per second until the deadline; 0: all of it, as fast as it goes */
    private Outcome download(int rate, long deadline) {
        long start = System.nanoTime();
        long firstByte = 0;
        long position = 0;
        HttpURLConnection connection = null;
        try {
            connection = post();
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                return new Outcome(0, 0, "status " + connection.getResponseCode());
            }
            byte[] buffer = new byte[rate == 0 ? BUFFER_BYTES : Math.max(1, rate / 10)];
            InputStream body = connection.getInputStream();
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                firstByte = firstByte == 0 ? System.nanoTime() - start : firstByte;
                if (!isRight(buffer, count, position)) {
                    return new Outcome(position, firstByte, "a wrong byte after " + position + " bytes, there: "
                            + readable(new String(buffer, 0, Math.min(count, 40), StandardCharsets.ISO_8859_1)));
                }
                position += count;
                if (rate > 0) {
                    if (System.nanoTime() > deadline) {
                        return new Outcome(position, firstByte, null);
                    }
                    long due = start + position * 1_000_000_000L / rate;
                    Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
                }
            }
            boolean whole = position == base64End + end.length;
            return new Outcome(position, firstByte, whole ? null : "ended after " + position + " bytes");
        } catch (IOException | InterruptedException broken) {
            return new Outcome(position, firstByte, broken.getClass().getSimpleName() + " after " + position + " bytes");
        } finally {
            if (connection != null && rate > 0) {
                connection.disconnect();
            }
        }
    }

    private HttpURLConnection post() throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setDoOutput(true);
        connection.setConnectTimeout(30_000);
        connection.setReadTimeout(60_000);
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setRequestProperty("x-app-key", System.getenv("BENCH_APP_KEY"));
        connection.setRequestProperty("Authorization", "Bearer " + System.getenv("BENCH_ACCESS_TOKEN"));
        connection.setRequestProperty("ccmessaging-token", System.getenv("BENCH_SESSION_TOKEN"));
        try (OutputStream request = connection.getOutputStream()) {
            request.write(ascii("{\"fileId\":\"file-" + size + "\",\"channel\":\"WEB\",\"fileType\":\"zip\"}"));
        }
        return connection;
    }

    private boolean isRight(byte[] buffer, int count, long position) {
        int done = 0;
        while (done < count) {
            long at = position + done;
            byte[] expected;
            int from;
            if (at < HEAD.length) {
                expected = HEAD;
                from = (int) at;
            } else if (at < base64End) {
                expected = block;
                from = (int) ((at - HEAD.length) % block.length);
            } else {
                expected = end;
                from = (int) Math.min(at - base64End, end.length);
            }
            long untilBase64Ends = at < base64End ? base64End - at : Long.MAX_VALUE;
            int length = (int) Math.min(Math.min(count - done, expected.length - from), untilBase64Ends);
            if (length <= 0 || Arrays.mismatch(buffer, done, done + length, expected, from, from + length) >= 0) {
                return false;
            }
            done += length;
        }
        return true;
    }

    private static String readable(String text) {
        return text.matches("[ -~\\s]*") ? text : "bytes that are no text";
    }

    private static String json(List<Outcome> outcomes, double seconds) {
        List<Outcome> exact = outcomes.stream().filter(outcome -> outcome.wrong() == null).toList();
        String wrong = outcomes.stream().map(Outcome::wrong).filter(why -> why != null).distinct().limit(5)
                .map(why -> "\"" + why.replaceAll("[^ -~]|[\"\\\\]", "?") + "\"").collect(Collectors.joining(","));
        long[] firstBytes = exact.stream().mapToLong(Outcome::firstByteNanos).sorted().toArray();
        return String.format(java.util.Locale.ROOT, "{\"downloads\":%d,\"exact\":%d,\"bytes\":%d,\"seconds\":%.3f,"
                        + "\"first_byte_ms\":%.1f,\"least_bytes\":%d,\"wrong\":[%s]}",
                outcomes.size(), exact.size(), outcomes.stream().mapToLong(Outcome::bytes).sum(), seconds,
                firstBytes.length == 0 ? 0 : firstBytes[firstBytes.length / 2] / 1e6,
                exact.stream().mapToLong(Outcome::bytes).min().orElse(0), wrong);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
