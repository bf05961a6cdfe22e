package org.ccmessaging.filestream.observe;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.slf4j.MDC;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Makes the span of a request on the API port, from the first byte of the request to the last of the response. The span
 * of a route ends with the route, before a streamed response is written. If the client has a trace, the span continues
 * it.
 */
public final class TraceFilter extends HttpFilter {

    /** W3C Trace Context: a header of requests and responses. The request has this filter's span in an attribute. */
    public static final String TRACEPARENT = "traceparent";

    private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();

    /** Name of the trace ID in the Elastic Common Schema. */
    public static final String TRACE_ID_IN_LOGS = "trace.id";

    /** Attribute of the span: the ID of the request (OpenTelemetry, semantic conventions for HTTP spans). */
    private static final AttributeKey<List<String>> REQUEST_ID =
            AttributeKey.stringArrayKey("http.response.header.x-request-id");

    private static final TextMapGetter<HttpServletRequest> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpServletRequest request) {
            return Collections.list(request.getHeaderNames());
        }

        @Override
        public String get(HttpServletRequest request, String name) {
            return request.getHeader(name);
        }
    };

    private final transient Tracer tracer;

    TraceFilter(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Span span = tracer.spanBuilder(request.getMethod()).setSpanKind(SpanKind.SERVER)
                .setParent(W3C.extract(Context.root(), request, HEADERS)).startSpan();
        Scope current = span.makeCurrent();
        MDC.put(TRACE_ID_IN_LOGS, span.getSpanContext().getTraceId());
        try {
            W3C.inject(Context.current(), request, HttpServletRequest::setAttribute);
            if (request.getHeader(TRACEPARENT) != null) {
                response.setHeader(TRACEPARENT, (String) request.getAttribute(TRACEPARENT));
            }
            chain.doFilter(request, response);
        } catch (IOException | ServletException | RuntimeException failure) {
            span.recordException(failure);
            throw failure;
        } finally {
            MDC.remove(TRACE_ID_IN_LOGS);
            current.close();
            describe(span, request, response);
            span.end();
        }
    }

    private static void describe(Span span, HttpServletRequest request, HttpServletResponse response) {
        int status = response.getStatus();
        span.setAttribute("http.request.method", request.getMethod());
        span.setAttribute("http.response.status_code", status);
        if (request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE) instanceof String route) {
            span.updateName(request.getMethod() + " " + route);
            span.setAttribute("http.route", route);
        }
        span.setAttribute(REQUEST_ID, List.of(RequestId.of(request)));
        String resultCode = response.getHeader(Headers.RESULT_CODE);
        if (resultCode != null) {
            span.setAttribute("filestream.result_code", resultCode);
        }
        if (status >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
            span.setStatus(StatusCode.ERROR);
        }
    }
}
