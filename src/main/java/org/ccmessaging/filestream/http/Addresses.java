package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.catalina.util.NetMaskSet;
import org.ccmessaging.filestream.toolkit.ClientAddress;

/**
 * Limits the connections of each address to {@code filestream.http.max-per-address}. A trusted proxy has connections
 * for many clients, so it has no limit; there the requests in progress count for each address that the proxy names.
 * {@code X-Forwarded-For} of any other peer is ignored, because that peer may write any text into it.
 *
 * <p>Of an IPv6 address the first 64 bits count, because one host may have all addresses that share them.
 */
final class Addresses {

    private final int most;
    private final NetMaskSet trusted = new NetMaskSet();
    private final ConcurrentMap<String, Integer> open = new ConcurrentHashMap<>();

    Addresses(int most, List<String> trusted) {
        this.most = most;
        trusted.forEach(this.trusted::add);
    }

    boolean isTrusted(InetAddress peer) {
        return trusted.contains(peer);
    }

    /** Returns {@code false} if the address has reached its limit; then nothing is counted. */
    boolean enter(InetAddress address) {
        if (most == 0 || open.merge(ClientAddress.network(address), 1, Integer::sum) <= most) {
            return true;
        }
        leave(address);
        return false;
    }

    /** Call this method only after {@link #enter} has returned {@code true}. */
    void leave(InetAddress address) {
        if (most > 0) {
            open.computeIfPresent(ClientAddress.network(address), (key, count) -> count == 1 ? null : count - 1);
        }
    }

    /**
     * Returns the last address in {@code X-Forwarded-For} that is not a trusted proxy; {@code null} if the peer is not
     * one. The client may have written any text before it.
     */
    InetAddress behindProxy(HttpServletRequest request) {
        InetAddress peer = trusted.isEmpty() ? null : ClientAddress.parse(request.getRemoteAddr());
        if (peer == null || !isTrusted(peer)) {
            return null;
        }
        String[] named = String.join(",", Collections.list(request.getHeaders("X-Forwarded-For"))).split(",");
        for (int i = named.length - 1; i >= 0; i--) {
            InetAddress address = ClientAddress.parse(named[i].strip());
            if (address == null || !isTrusted(address)) {
                return address;
            }
        }
        return null;
    }
}
