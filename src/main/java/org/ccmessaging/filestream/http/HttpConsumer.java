package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.ccmessaging.filestream.http.connection.Addresses;
import org.ccmessaging.filestream.observe.RecordDownload;
import org.ccmessaging.filestream.response.StreamingBody.Outcome;
import org.ccmessaging.filestream.toolkit.ClientAddress;
import org.ccmessaging.filestream.toolkit.Headers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes the requests of a {@code platform-http} route. To Camel and Spring it is the stock consumer. It replaces the
 * stock way in and out, which
 * <ul>
 *   <li>hands each request to a pool that never grows past eight threads, and lets Tomcat cut it after 30 s;
 *   <li>copies every request header into the route and back into the response;
 *   <li>parses forms and uploads by Content-Type, which this contract does not check;
 *   <li>ends a response normally when reading its body fails half-way.
 * </ul>
 * Here a request occupies Tomcat's thread from its first byte to its last, and headers pass by allow-lists
 * ({@link HttpHeaders}). On Java 21 and newer that is a virtual thread, and it waits while a platform thread writes a
 * streamed response ({@code StreamedResponseThreads}).
 */
final class HttpConsumer extends SpringBootPlatformHttpConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(HttpConsumer.class);

    private final HttpResponses responses;
    private final Addresses addresses;

    HttpConsumer(
            PlatformHttpEndpoint endpoint, Processor processor, HttpResponses responses, Addresses addresses) {
        super(endpoint, processor, Runnable::run);
        this.responses = responses;
        this.addresses = addresses;
    }

    /** @return {@code null}, which tells Spring that the response is complete */
    @Override
    public CompletableFuture<Void> service(HttpServletRequest request, HttpServletResponse response) {
        try {
            handleService(request, response);
        } catch (IOException gone) {
            LOG.debug("The client went away: {}", gone.getMessage());
        }
        return null;
    }

    @Override
    protected void handleService(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isStarted()) {
            responses.writeFailure(HttpServletResponse.SC_SERVICE_UNAVAILABLE, request, response);
            return;
        }
        // Never an exchange from Camel's pool (camel.main.exchange-factory). A pooled exchange ends with its route,
        // before its body has been streamed. Meanwhile it would serve another request, perhaps of another tenant
        // (decision 0021).
        Exchange exchange = getEndpoint().createExchange(ExchangePattern.InOut);
        try {
            HttpHeaders.read(request, exchange.getMessage());
            exchange.setProperty(ClientAddress.PROPERTY, client(request));
            exchange.getMessage().setBody(request.getInputStream());
            createUoW(exchange);
            process(exchange);
            respond(exchange, request, response);
        } catch (Exception failure) {
            exchange.setException(failure);
            if (failure instanceof IOException gone) {
                throw gone;
            }
            throw new IllegalStateException(failure);
        } finally {
            doneUoW(exchange);
        }
    }

    /** @return the address of the peer, or the one that a trusted proxy names */
    private String client(HttpServletRequest request) {
        InetAddress peer = Addresses.parse(request.getRemoteAddr());
        return peer == null || !addresses.isTrusted(peer) ? request.getRemoteAddr() : addresses.client(peer,
                Collections.list(request.getHeaders(Addresses.FORWARDED_FOR))).getHostAddress();
    }

    private void process(Exchange exchange) {
        try {
            getProcessor().process(exchange);
        } catch (Exception failure) {
            exchange.setException(failure);
        }
    }

    private void respond(Exchange exchange, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        RecordDownload.responseStarts(exchange);
        if (exchange.isFailed()) {
            // Every failure has a clause in result-codes.camel.yaml. A failure that leaves the route shows that
            // somebody removed the clauses.
            LOG.error("No clause of result-codes.camel.yaml handled a failure", exchange.getException());
            responses.writeFailure(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, request, response);
        } else {
            Outcome outcome = responses.write(exchange.getMessage(), request, response);
            if (outcome != null) {
                keep(outcome, exchange);
            }
        }
    }

    /** Keeps the outcome that the response told the client, for log and meters. */
    private static void keep(Outcome outcome, Exchange exchange) {
        exchange.getMessage().setHeader(Headers.RESULT_CODE, outcome.resultCode());
        exchange.getMessage().setHeader(Headers.RESULT_DESC, outcome.resultDesc());
        if (outcome.failure() != null) {
            exchange.setProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, outcome.failure());
        }
    }
}
