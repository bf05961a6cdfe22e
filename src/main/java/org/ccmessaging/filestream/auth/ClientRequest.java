package org.ccmessaging.filestream.auth;

import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.SafeCopyProperty;
import org.ccmessaging.filestream.toolkit.DownloadRequest;

/**
 * Keeps, for the steps of the service, the credentials and the body that a client sent, and the tokens of the response.
 * The exchange holds this object as an internal property, not as a header, variable or ordinary property. So routes do
 * not see what the object keeps. A copy of the exchange holds the same object, but the methods of this class treat the
 * copy as a request without content (decision 0018). Expressions cannot read values from this object, because it has
 * no public getters.
 */
public final class ClientRequest implements SafeCopyProperty {

    /** Header with the session token of a request, or with the renewed token in a response (contract sections 2, 5). */
    public static final String SESSION_TOKEN = "ccmessaging-token";

    /** Header with the app key (contract section 2). */
    public static final String APP_KEY = "x-app-key";

    /** Header with the scheme {@code Bearer} and the AccessToken (contract section 2). */
    public static final String AUTHORIZATION = "Authorization";

    /** Header with the lifetime, in seconds, of the AccessToken that the client requests (contract section 5). */
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
     * Stores a request in the exchange. The value of a repeated header is a list. The address is the address of the
     * peer, or the client's address that a trusted proxy names.
     */
    public static void keep(Exchange exchange, Map<String, Object> headers, InputStream body, String address) {
        exchange.getExchangeExtension().setSafeCopyProperty(PROPERTY,
                new ClientRequest(exchange, headers, body, address));
    }

    /** Returns the value of a header: {@code null} for an absent header, and a list for a repeated header. */
    static Object header(Exchange exchange, String name) {
        return kept(exchange).headers.get(name);
    }

    /** Returns the body stream, which can be read only one time; {@code null} if the exchange has no HTTP request. */
    static InputStream body(Exchange exchange) {
        return kept(exchange).body;
    }

    /** Returns the address of the client; {@code null} if the exchange has no HTTP request. */
    static String address(Exchange exchange) {
        return kept(exchange).address;
    }

    /** Stores the request that step {@code parse-request} made from the body. */
    public static void parsed(Exchange exchange, DownloadRequest request) {
        kept(exchange).parsed = request;
    }

    /** Returns the requested file ID; {@code null} if the request has no file ID, or is not parsed yet. */
    public static String fileId(Exchange exchange) {
        return Optional.ofNullable(kept(exchange).parsed).map(DownloadRequest::fileId).orElse(null);
    }

    static void renewSession(Exchange exchange, String token) {
        kept(exchange).freshSession = token;
    }

    /** Returns the new session token that the response carries; {@code null} if there is no new token. */
    public static String freshSession(Exchange exchange) {
        return kept(exchange).freshSession;
    }

    static void issue(Exchange exchange, Object members) {
        kept(exchange).issued = members;
    }

    /** Returns the response of a token step, as an object to convert to JSON; {@code null} if no token step ran. */
    public static Object issued(Exchange exchange) {
        return kept(exchange).issued;
    }

    /** Returns the stored request; an empty request for a copy of an exchange, and for an exchange without HTTP. */
    private static ClientRequest kept(Exchange exchange) {
        ClientRequest kept = exchange.getExchangeExtension().getSafeCopyProperty(PROPERTY, ClientRequest.class);
        return kept != null && kept.exchange == exchange ? kept : new ClientRequest(exchange, Map.of(), null, null);
    }

    /** Camel gives the returned object to a copy of the exchange. For a copy, {@link #kept} ignores the object. */
    @Override
    public ClientRequest safeCopy() {
        return this;
    }
}
