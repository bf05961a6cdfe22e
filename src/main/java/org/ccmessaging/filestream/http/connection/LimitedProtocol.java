package org.ccmessaging.filestream.http.connection;

import java.util.List;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;

/** Tomcat's HTTP/1.1 with the limits of {@code filestream.http}. Tomcat makes it by its class name. */
public final class LimitedProtocol extends Http11NioProtocol {

    private final LimitedEndpoint endpoint;

    /** The connections have no limits before {@link #limit}, so call that before the connector starts. */
    public LimitedProtocol() {
        this(new LimitedEndpoint());
    }

    private LimitedProtocol(LimitedEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    /**
     * Sets the limits.
     *
     * @param mostBodies requests that may wait for the rest of their bodies at the same time, at least 1
     * @param mostWriters responses that may wait for slow clients at the same time, at least 1
     */
    public void limit(HttpSettings settings, Addresses addresses, Cuts cuts, int mostBodies, int mostWriters) {
        setConnectionTimeout((int) settings.idleTimeout().toMillis());
        endpoint.limit(new Limits(settings, addresses, cuts, mostBodies, mostWriters));
    }

    /**
     * Sets the same limits of time, for a port on which no address has a limit.
     *
     * @param mostBodies as above
     * @param mostWriters as above
     */
    public void limit(HttpSettings settings, Cuts cuts, int mostBodies, int mostWriters) {
        limit(settings, new Addresses(0, List.of()), cuts, mostBodies, mostWriters);
    }

    /** Lowers the number of connections, so that those with TLS, which keep their buffers, fit into the heap. */
    public void fitTlsIntoHeap() {
        setMaxConnections((int) Math.min(getMaxConnections(), Limits.mostTlsConnections()));
    }

    @Override
    protected Processor createProcessor() {
        return new RequestProcessor(this, getAdapter());
    }
}
