package org.ccmessaging.filestream.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Route;
import org.apache.camel.spi.NormalizedEndpointUri;
import org.apache.camel.support.NormalizedUri;
import org.apache.camel.support.service.ServiceHelper;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.LogText;
import org.ccmessaging.filestream.toolkit.RequestGate;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.ccmessaging.filestream.toolkit.Variables;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Calls the route {@code direct:download-ended} of an installation, if it exists, when a download has ended. A failure
 * of that route is logged and counted, and changes nothing.
 */
@Component
class DownloadEnded {

    private static final NormalizedEndpointUri ENTRY = NormalizedUri.newNormalizedUri("direct://download-ended", true);

    private static final Logger LOG = LoggerFactory.getLogger(DownloadEnded.class);

    private final RequestGate gate;
    private final Counter failures;

    DownloadEnded(RequestGate gate, MeterRegistry meters) {
        this.gate = gate;
        this.failures = Counter.builder("filestream.download.ended.failures")
                .description("Failures of route direct:download-ended").register(meters);
    }

    /** Returns the route if it exists and is started. An operator may stop it at any time. */
    Optional<Route> route(CamelContext context) {
        Endpoint entry = context.getEndpointRegistry().get(ENTRY);
        return entry == null ? Optional.empty() : context.getRoutes().stream().filter(route ->
                entry.equals(route.getEndpoint()) && ServiceHelper.isStarted(route.getConsumer())).findFirst();
    }

    /** Calls the route if it still exists: the routes may have been replaced while the response was sent. */
    void call(FinishedDownload download) {
        gate.call(() -> {
            route(download.exchange().getContext()).ifPresent(route -> call(route, download));
            return null;
        });
    }

    private void call(Route route, FinishedDownload download) {
        Exchange exchange = route.getConsumer().createExchange(false);
        describe(download, exchange);
        try {
            route.getConsumer().getProcessor().process(exchange);
        } catch (Exception failure) {
            exchange.setException(failure);
        }
        // Also a failure that a clause of the result codes has handled.
        Exception failure = exchange.getMessage().getHeader(Headers.RESULT_CODE) == null
                || exchange.getException() != null ? exchange.getException()
                : exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class);
        if (failure != null) {
            failures.increment();
            LOG.warn("Route {} failed after a download: {}", route.getRouteId(), LogText.visible(failure.toString()));
        }
    }

    private static void describe(FinishedDownload download, Exchange exchange) {
        exchange.setVariable(Variables.REQUEST_ID, RequestId.of(download.exchange()));
        exchange.setVariable(Variables.RESULT_CODE, download.resultCode());
        if (download.cause() != Cause.NONE) {
            exchange.setVariable(Variables.CAUSE, download.cause().label());
        }
        exchange.setVariable(Variables.REASON, LogText.visible(download.reason()));
        exchange.setVariable(Variables.BRANCH, download.branch());
        exchange.setVariable(Variables.BYTES, download.bytes());
        exchange.setVariable(Variables.MS, TimeUnit.NANOSECONDS.toMillis(download.nanoseconds()));
        if (download.customer() != null) {
            exchange.setVariable(Variables.TENANT_ID, download.customer().tenantId());
            exchange.setVariable(Variables.CHANNEL_ID, download.customer().channelId());
        }
    }
}
