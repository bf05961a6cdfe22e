package org.ccmessaging.filestream.auth;

import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.SafeCopyProperty;
import org.ccmessaging.filestream.toolkit.DownloadRequest;

/**
 * The credentials and the body that a client sent, and the tokens of the response. Camel keeps this object as an
 * internal property, so routes do not see the object (decision 0018). The class ignores the object in a copy of the
 * exchange. The class has no public instance getters, because Camel expressions could call them.
 */
public final class ClientRequest implements SafeCopyProperty {

    /** Header with the session token of a request or the renewed token of a response (contract sections 2 and 5). */
    public static final String SESSION_TOKEN = "ccmessaging-token";

    public static final String APP_KEY = "x-app-key";

    public static final String AUTHORIZATION = "Authorization";

    /** Header with the requested lifetime of an AccessToken in seconds (contract section 5). */
    public static final String TOKEN_EXPIRE = "X-Token-Expire";

    private static final String PROPERTY = ClientRequest.class.getName();

    private final Exchange exchange;
    private final Map<String, Object> headers;
    private final InputStream body;
    private final String address;
    private DownloadRequest parsed;
    private String freshSession;
    private Object issued;

    private ClientRequest(Exchange exchange, Map<String, Object> headers, InputStream body, String address) {
        this.exchange = exchange;
        this.headers = headers;
        this.body = body;
        this.address = address;
    }

    /**
     * Stores a request.
     *
     * @param address the client's address if a trusted proxy reports it, otherwise the peer's address
     */
    public static void keep(Exchange exchange, Map<String, Object> headers, InputStream body, String address) {
        exchange.getExchangeExtension().setSafeCopyProperty(PROPERTY,
                new ClientRequest(exchange, headers, body, address));
    }

    /** Returns the value of a header: {@code null} for an absent header, and a list for a repeated header. */
    static Object header(Exchange exchange, String name) {
        return kept(exchange).headers.get(name);
    }

    /** Returns the body, which can be read only once; {@code null} if the exchange has no stored request. */
    static InputStream body(Exchange exchange) {
        return kept(exchange).body;
    }

    /** Returns the client's address; {@code null} if the exchange has no stored request. */
    static String address(Exchange exchange) {
        return kept(exchange).address;
    }

    public static void parsed(Exchange exchange, DownloadRequest request) {
        kept(exchange).parsed = request;
    }

    /** Returns the requested file ID; {@code null} if the ID is absent or the body is not parsed yet. */
    public static String fileId(Exchange exchange) {
        return Optional.ofNullable(kept(exchange).parsed).map(DownloadRequest::fileId).orElse(null);
    }

    static void renewSession(Exchange exchange, String token) {
        kept(exchange).freshSession = token;
    }

    /** Returns the renewed session token; {@code null} if no step renewed the token. */
    public static String freshSession(Exchange exchange) {
        return kept(exchange).freshSession;
    }

    static void issue(Exchange exchange, Object members) {
        kept(exchange).issued = members;
    }

    /** Returns the response of a token endpoint before conversion to JSON; {@code null} if no step set the response. */
    public static Object issued(Exchange exchange) {
        return kept(exchange).issued;
    }

    /** Returns the stored request; an object without headers and body if the exchange is a copy or has no request. */
    private static ClientRequest kept(Exchange exchange) {
        ClientRequest kept = exchange.getExchangeExtension().getSafeCopyProperty(PROPERTY, ClientRequest.class);
        return kept != null && kept.exchange == exchange ? kept : new ClientRequest(exchange, Map.of(), null, null);
    }

    /** Camel puts this object into each copy of the exchange. {@link #kept} ignores the object in a copy. */
    @Override
    public ClientRequest safeCopy() {
        return this;
    }
}
