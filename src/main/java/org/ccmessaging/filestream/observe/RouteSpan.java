package org.ccmessaging.filestream.observe;

import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.telemetry.Span;
import org.apache.camel.telemetry.decorators.PlatformHttpSpanDecorator;
import org.ccmessaging.filestream.toolkit.GenerationNumber;

/**
 * Names the span of a {@code platform-http} route after the route. Camel would name it after the HTTP method, which it
 * takes to be GET if the endpoint has options. Camel finds this class through {@code META-INF/services}.
 */
public final class RouteSpan extends PlatformHttpSpanDecorator {

    @Override
    public void beforeTracingEvent(Span span, Exchange exchange, Endpoint endpoint) {
        super.beforeTracingEvent(span, exchange, endpoint);
        span.setTag("filestream.generation", Integer.toString(GenerationNumber.of(exchange.getContext())));
    }

    @Override
    public String getOperationName(Exchange exchange, Endpoint endpoint) {
        String routeId = exchange.getFromRouteId();
        return routeId == null ? super.getOperationName(exchange, endpoint) : routeId;
    }

    @Override
    public String getHttpMethod(Exchange exchange, Endpoint endpoint) {
        String only = endpoint instanceof PlatformHttpEndpoint http ? http.getHttpMethodRestrict() : null;
        return only == null ? super.getHttpMethod(exchange, endpoint) : only;
    }
}
