package org.ccmessaging.filestream.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.support.ExchangeHelper;
import org.ccmessaging.filestream.failure.Cause;
import org.ccmessaging.filestream.toolkit.LogText;
import org.ccmessaging.filestream.toolkit.RequestGate;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.ccmessaging.filestream.toolkit.RoutesChanged;
import org.ccmessaging.filestream.toolkit.Variables;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Calls the optional route {@code direct:download-ended} after each download. Logs and counts the route's failures. */
@Component
class DownloadEnded {

    private static final String ENTRY = "direct://download-ended";

    private static final Logger LOG = LoggerFactory.getLogger(DownloadEnded.class);

    private final RequestGate gate;
    private final ObjectProvider<ProducerTemplate> template;
    private final Counter failures;
    private volatile boolean routeExists;

    DownloadEnded(RequestGate gate, ObjectProvider<ProducerTemplate> template, MeterRegistry meters) {
        this.gate = gate;
        this.template = template;
        this.failures = Counter.builder("filestream.download.ended.failures")
                .description("Failures of route direct:download-ended").register(meters);
    }

    @EventListener
    void onRoutesChanged(RoutesChanged changed) {
        routeExists = changed.camel().getRoutes().stream()
                .anyMatch(route -> route.getEndpoint().getEndpointUri().equals(ENTRY));
    }

    boolean routeExists() {
        return routeExists;
    }

    /** Calls the route. A stopped or removed route is not a failure. */
    void call(FinishedDownload download) {
        Exchange exchange = gate.call(() -> template.getObject().send(ENTRY, ended -> describe(download, ended)));
        Exception failure = ExchangeHelper.isFailureHandled(exchange)
                ? exchange.getProperty(ExchangePropertyKey.EXCEPTION_CAUGHT, Exception.class) : exchange.getException();
        if (failure != null && !(failure instanceof DirectConsumerNotAvailableException)) {
            failures.increment();
            LOG.warn("Route download-ended failed after a download: {}", LogText.visible(failure.toString()));
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
