package org.ccmessaging.filestream.observe;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Locale;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.apache.camel.spi.CamelContextCustomizer;
import org.apache.camel.telemetry.decorators.PlatformHttpSpanDecorator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.micrometer.tracing.autoconfigure.TracingProperties;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Sends traces to {@code management.opentelemetry.tracing.export.otlp.endpoint}; without this key none of these beans
 * exists. The keys are Spring Boot's. Its tracing does not fit, because it would observe every request even without an
 * endpoint, and does not know Camel's routes.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression("'${management.opentelemetry.tracing.export.otlp.endpoint:}' != ''")
@EnableConfigurationProperties({OtlpTracingProperties.class, TracingProperties.class})
class TraceConfiguration {

    /** {@code FailureOutcome} sends failures to this endpoint. That is not a step of a request, so it gets no span. */
    private static final String NOT_A_STEP = "direct:failure-outcome";

    /** Has no destroy method, because the {@link OpenTelemetry} that Spring Boot makes closes it. */
    @Bean(destroyMethod = "")
    SdkTracerProvider tracerProvider(Resource service, TracingProperties tracing, OtlpTracingProperties otlp,
            ObjectProvider<SpanExporter> exporters) {
        SpanExporter exporter = exporters.getIfAvailable(() -> otlpExporter(otlp));
        return SdkTracerProvider.builder().setResource(service)
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(tracing.getSampling().getProbability())))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
                .build();
    }

    private static SpanExporter otlpExporter(OtlpTracingProperties otlp) {
        OtlpHttpSpanExporterBuilder builder = OtlpHttpSpanExporter.builder().setEndpoint(otlp.getEndpoint())
                .setTimeout(otlp.getTimeout()).setConnectTimeout(otlp.getConnectTimeout())
                .setCompression(otlp.getCompression().name().toLowerCase(Locale.ROOT));
        otlp.getHeaders().forEach(builder::addHeader);
        return builder.build();
    }

    @Bean
    ContextPropagators contextPropagators() {
        return ContextPropagators.create(W3CTraceContextPropagator.getInstance());
    }

    @Bean
    Tracer tracer(OpenTelemetry telemetry) {
        return telemetry.getTracer("org.ccmessaging.filestream");
    }

    /** Gives the routes a tracer, which Camel starts and stops. */
    @Bean
    CamelContextCustomizer routeTracers() {
        return camel -> {
            OpenTelemetryTracer routes = new OpenTelemetryTracer();
            routes.setExcludePatterns(NOT_A_STEP);
            routes.init(camel);
        };
    }

    @Bean
    TraceFilter traceFilter(Tracer tracer) {
        return new TraceFilter(tracer);
    }

    /**
     * Names the span of a {@code platform-http} route after the route. Camel would name it after the HTTP method, which
     * it takes to be GET if the endpoint has options. Camel finds this class through {@code META-INF/services}.
     */
    public static final class RouteSpan extends PlatformHttpSpanDecorator {

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
}
