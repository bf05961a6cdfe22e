package org.ccmessaging.filestream.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collections;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.ccmessaging.filestream.http.connection.Addresses;
import org.ccmessaging.filestream.http.connection.Cuts;

/**
 * Responds with 503 to a client behind a trusted proxy that has as many requests under way as one address may have. It
 * counts no request of other peers, because their connections are counted when they open.
 */
final class AddressLimit extends ValveBase {

    private final Addresses addresses;
    private final Cuts cuts;
    private final HttpResponses responses;

    AddressLimit(Addresses addresses, Cuts cuts, HttpResponses responses) {
        super(true);
        this.addresses = addresses;
        this.cuts = cuts;
        this.responses = responses;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        InetAddress client = addresses.areLimited() ? behindProxy(request) : null;
        if (client == null) {
            getNext().invoke(request, response);
        } else if (addresses.enter(client)) {
            try {
                getNext().invoke(request, response);
            } finally {
                addresses.leave(client);
            }
        } else {
            cuts.count(Cuts.Limit.PER_ADDRESS);
            responses.writeFailure(HttpServletResponse.SC_SERVICE_UNAVAILABLE, request, response);
        }
    }

    /** @return {@code null} if the peer is no trusted proxy, or it names nobody */
    private InetAddress behindProxy(Request request) {
        InetAddress peer = Addresses.parse(request.getRemoteAddr());
        if (peer == null || !addresses.isTrusted(peer)) {
            return null;
        }
        InetAddress client = addresses.client(peer, Collections.list(request.getHeaders(Addresses.FORWARDED_FOR)));
        return client.equals(peer) ? null : client;
    }
}
