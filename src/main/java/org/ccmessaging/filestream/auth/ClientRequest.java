package org.ccmessaging.filestream.auth;

import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.SafeCopyProperty;
import org.ccmessaging.filestream.toolkit.DownloadRequest;

/**
 * Keeps the credentials and the body that a client sent, and the tokens of its response, for the steps of the service.
 * They are beside the exchange and not in it, so that no route can read, make, log or send them. A copy of the exchange
 * gives access to none of them (decision 0018), and no expression can read them from this object.
 */
public final class ClientRequest implements SafeCopyProperty {

    /** The session token in a request, and the renewed one in a response (contract sections 2 and 5). */
    public static final String SESSION_TOKEN = "ccmessaging-token";

    /** App key of a request (contract section 2). */
    public static final String APP_KEY = "x-app-key";

    /** AccessToken of a request, after the scheme {@code Bearer} (contract section 2). */
    public static final String AUTHORIZATION = "Authorization";

    /** Lifetime of the requested AccessToken in seconds (contract section 5). */
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
     * Keeps a request beside its exchange. The HTTP edge calls it.
     *
     * @param headers by their names; the value of a header that the client repeats is a list
     * @param address of the peer, or the one that a trusted proxy names
     */
    public static void keep(Exchange exchange, Map<String, Object> headers, InputStream body, String address) {
        exchange.getExchangeExtension().setSafeCopyProperty(PROPERTY,
                new ClientRequest(exchange, headers, body, address));
    }

    /** The value of a header; {@code null} if it is absent, and a list if the client repeats it. */
    static Object header(Exchange exchange, String name) {
        return kept(exchange).headers.get(name);
    }

    /** The body, which can be read once; {@code null} if no HTTP request started the exchange. */
    static InputStream body(Exchange exchange) {
        return kept(exchange).body;
    }

    /** The address of the client; {@code null} if no HTTP request started the exchange. */
    static String address(Exchange exchange) {
        return kept(exchange).address;
    }

    /** Keeps the request that {@code parse-request} made of the body. */
    public static void parsed(Exchange exchange, DownloadRequest request) {
        kept(exchange).parsed = request;
    }

    /** The ID of the file that the client requests; {@code null} if it names none, or the request is not parsed. */
    public static String fileId(Exchange exchange) {
        return Optional.ofNullable(kept(exchange).parsed).map(DownloadRequest::fileId).orElse(null);
    }

    static void renewSession(Exchange exchange, String token) {
        kept(exchange).freshSession = token;
    }

    /** The fresh session token that the response carries; {@code null} for none. */
    public static String freshSession(Exchange exchange) {
        return kept(exchange).freshSession;
    }

    static void issue(Exchange exchange, Object members) {
        kept(exchange).issued = members;
    }

    /** The response, as an object for JSON, that a token step made for this exchange; {@code null} for none. */
    public static Object issued(Exchange exchange) {
        return kept(exchange).issued;
    }

    /** Returns an empty request if no HTTP request started the exchange, or if the exchange is a copy. */
    private static ClientRequest kept(Exchange exchange) {
        ClientRequest kept = exchange.getExchangeExtension().getSafeCopyProperty(PROPERTY, ClientRequest.class);
        return kept != null && kept.exchange == exchange ? kept : new ClientRequest(exchange, Map.of(), null, null);
    }

    /** A copy of the exchange has this object, too. {@link #kept} ignores it there: it belongs to the original. */
    @Override
    public ClientRequest safeCopy() {
        return this;
    }
}
