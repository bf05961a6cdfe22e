package org.ccmessaging.filestream.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.ccmessaging.filestream.response.RecordDownload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entry of a {@code platform-http} route. It replaces the stock consumer's way in and out, and keeps its place in
 * Camel and Spring, because the stock one
 * <ul>
 *   <li>hands each request to a pool that never grows past eight threads, and has the container cut it after 30 s;
 *   <li>copies every request header into the route and back into the response;
 *   <li>parses forms and uploads by Content-Type, which this contract does not look at;
 *   <li>ends a response normally when reading its body fails half-way.
 * </ul>
 * Here a request keeps its thread of the container from its first byte to its last (a virtual one on Java 21 and newer,
 * where {@link LargeAnswers} writes large files), and headers pass by allow-lists ({@link HttpHeaders}).
 */
final class HttpConsumer extends SpringBootPlatformHttpConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(HttpConsumer.class);

    private final HttpResponses responses;

    HttpConsumer(PlatformHttpEndpoint endpoint, Processor processor, HttpResponses responses) {
        super(endpoint, processor, Runnable::run);
        this.responses = responses;
    }

    /** @return {@code null}, which tells Spring that the response is complete and not that it will come later */
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
        // Never one of Camel's pool (camel.main.exchange-factory): such a one ends with its route, before its body has
        // been streamed, and serves the next request meanwhile, which may be another tenant's.
        Exchange exchange = getEndpoint().createExchange(ExchangePattern.InOut);
        try {
            HttpHeaders.read(request, exchange.getMessage());
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

    private void process(Exchange exchange) {
        try {
            getProcessor().process(exchange);
        } catch (Exception failure) {
            exchange.setException(failure);
        }
    }

    private void respond(Exchange exchange, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        RecordDownload.answerBegins(exchange);
        if (exchange.isFailed()) {
            // Every failure has a clause in result-codes.camel.yaml; one that comes out of the route shows that the
            // clauses were edited away.
            LOG.error("No clause of result-codes.camel.yaml handled a failure", exchange.getException());
            responses.writeFailure(HttpServletResponse.SC_INTERNAL_SERVER_ERROR, request, response);
        } else {
            responses.write(exchange.getMessage(), request, response);
        }
    }
}
