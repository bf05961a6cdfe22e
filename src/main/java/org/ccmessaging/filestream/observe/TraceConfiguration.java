package org.ccmessaging.filestream.observe;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.Slf4JEventListener;
import org.ccmessaging.filestream.toolkit.Headers;
import org.ccmessaging.filestream.toolkit.RequestId;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.server.observation.OpenTelemetryServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.web.servlet.HandlerMapping;

/** Traces requests to the API port. Observations create no meters, because {@code http.ApiValve} counts requests. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("management.opentelemetry.tracing.export.otlp.endpoint")
@Import({TraceConfiguration.LogFields.class, OpenTelemetrySdkAutoConfiguration.class,
    OpenTelemetryTracingAutoConfiguration.class})
public class TraceConfiguration {

    /** MDC key of the trace ID, as in the Elastic Common Schema. */
    private static final String TRACE_ID = "trace.id";

    @Bean
    ObservationRegistry observationRegistry(PropagatingReceiverTracingObservationHandler<?> spans) {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(spans);
        return registry;
    }

    /** Puts the route's path pattern into a span. Leaves out the client's address and the full path. */
    @Bean
    OpenTelemetryServerRequestObservationConvention spanOfRequest() {
        return new OpenTelemetryServerRequestObservationConvention() {

            @Override
            public KeyValues getLowCardinalityKeyValues(ServerRequestObservationContext request) {
                request.setPathPattern((String) request.getCarrier()
                        .getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
                return super.getLowCardinalityKeyValues(request);
            }

            @Override
            public KeyValues getHighCardinalityKeyValues(ServerRequestObservationContext request) {
                KeyValues values =
                        KeyValues.of("http.response.header.x-request-id", RequestId.of(request.getCarrier()));
                String resultCode = request.getResponse().getHeader(Headers.RESULT_CODE);
                return resultCode == null ? values : values.and("filestream.result_code", resultCode);
            }
        };
    }

    /** Replaces Spring Boot's bean, whose log fields have other names. This class must be first in {@code @Import}. */
    static class LogFields {

        @Bean
        Slf4JEventListener traceInLogLines() {
            return new Slf4JEventListener(TRACE_ID, "span.id");
        }
    }
}
