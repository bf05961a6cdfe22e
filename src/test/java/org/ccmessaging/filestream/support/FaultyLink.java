package org.ccmessaging.filestream.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A network link between the service and its store that breaks when a test tells it to. */
public final class FaultyLink implements AutoCloseable {

    /** What happens to a connection once it has carried its bytes. */
    public enum Fault {
        /** Nothing. */
        NONE,
        /** The link closes it in good order, in the middle of a response. */
        CLOSE,
        /** The link resets it. */
        RESET,
        /** It stays open and carries nothing more. */
        SILENCE
    }

    /** @param next the plan once a connection has broken, or {@code null} for the same again */
    private record Plan(Fault fault, long bytes, Runnable meanwhile, Plan next) {

        private static final Plan SOUND = new Plan(Fault.NONE, 0, () -> { }, null);
    }

    private final StoreServer server;
    private final URI target;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Plan plan = Plan.SOUND;
    /** {@code null} if the link carries bytes as they are. */
    private volatile SSLContext tls;

    /** A link that the service reaches by https; the server behind it stays plain. */
    public FaultyLink(URI target, SSLContext tls) throws IOException {
        this(target);
        this.tls = tls;
    }

    public FaultyLink(URI target) throws IOException {
        this.target = target;
        this.server = new StoreServer(this::carry, 0);
    }

    public URI endpoint() {
        return URI.create((tls == null ? "http" : "https") + "://" + server.endpoint().getAuthority());
    }

    /** Breaks every response after so many of its bytes, from now on and on open connections too. */
    public void breakAfter(long bytes, Fault fault) {
        plan = new Plan(fault, bytes, () -> { }, null);
    }

    /** Breaks one response after so many of its bytes. The link is then sound again. */
    public void breakOnce(long bytes, Fault fault) {
        breakOnce(bytes, fault, () -> { });
    }

    /** @param meanwhile what happens elsewhere before the service notices the break */
    public void breakOnce(long bytes, Fault fault, Runnable meanwhile) {
        plan = new Plan(fault, bytes, meanwhile, Plan.SOUND);
    }

    /** Breaks a response after so many of its bytes, and lets nothing pass from then on. */
    public void breakForGood(long bytes, Fault fault) {
        plan = new Plan(fault, bytes, () -> { }, new Plan(fault, 0, () -> { }, null));
    }

    /** Closes the connections that are open. */
    public void drop() {
        server.drop();
    }

    /** Shows another certificate to connections that open from now on. */
    public void renew(SSLContext renewed) {
        tls = renewed;
    }

    public void heal() {
        plan = Plan.SOUND;
    }

    private void carry(Socket accepted) throws IOException {
        try (Socket client = secured(accepted); Socket store = new Socket(target.getHost(), target.getPort())) {
            // The count of a response's bytes starts at its request.
            long[] carried = new long[1];
            StoreServer.start(() -> pump(client, store, carried, true));
            pump(store, client, carried, false);
        }
    }

    private Socket secured(Socket accepted) throws IOException {
        SSLContext context = tls;
        if (context == null) {
            return accepted;
        }
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(accepted, null, 0, true);
        socket.setUseClientMode(false);
        return socket;
    }

    private void pump(Socket from, Socket to, long[] carried, boolean request) {
        byte[] buffer = new byte[4096];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                carried[0] = request ? 0 : carried[0] + count;
                Plan now = plan;
                long over = carried[0] - now.bytes;
                if (!request && now.fault != Fault.NONE && over > 0) {
                    out.write(buffer, 0, (int) Math.max(0, count - over));
                    out.flush();
                    if (now.next != null) {
                        plan = now.next;
                    }
                    now.meanwhile.run();
                    fail(now.fault, to);
                    break;
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException end) {
            // One side has gone; so will the other.
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        StoreServer.close(to);
        StoreServer.close(from);
    }

    private void fail(Fault fault, Socket client) throws IOException, InterruptedException {
        if (fault == Fault.SILENCE) {
            closed.await();
        }
        if (fault == Fault.RESET) {
            client.setSoLinger(true, 0);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.close();
    }
}
