package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentialsAnd;
import static org.ccmessaging.filestream.support.Api.request;

import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.Stage;
import org.ccmessaging.filestream.support.Stages;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.beans.factory.ListableBeanFactory;

/** A request is one span if an endpoint is set, and none without. */
@Tag("service")
@ExtendWith(Stages.class)
@Isolated("listens to a logger that every download writes to")
class TraceTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of(
                "management.opentelemetry.tracing.export.otlp.endpoint", "http://127.0.0.1:1/v1/traces",
                "management.tracing.export.otlp.enabled", "false", "management.tracing.sampling.probability", "1"),
                InMemorySpanExporter.class);
        stage.put("standard", "hello.txt", Stage.content(100));
    }

    @BeforeEach
    void forget() {
        spans();
        exporter().reset();
    }

    private static InMemorySpanExporter exporter() {
        return stage.service().bean(InMemorySpanExporter.class);
    }

    private static List<SpanData> spans() {
        stage.service().bean(SdkTracerProvider.class).forceFlush().join(10, TimeUnit.SECONDS);
        return exporter().getFinishedSpanItems();
    }

    /** The span of a request, which ends a moment after its client has the response. */
    private static SpanData span() {
        await().until(() -> !spans().isEmpty());
        assertThat(spans()).hasSize(1);
        return spans().get(0);
    }

    private static Map<String, Object> attributes(SpanData span) {
        return span.getAttributes().asMap().entrySet().stream()
                .collect(Collectors.toMap(attribute -> attribute.getKey().getKey(), Map.Entry::getValue));
    }

    @Test
    void requestIsASpanOfTheClientsTraceAndItsLogLineNamesTheTrace() {
        try (LoggedLines lines = new LoggedLines("download")) {
            stage.api().download(request("standard", "hello.txt"), credentialsAnd(
                    "traceparent", "00-" + TRACE + "-" + SPAN + "-01", "X-Request-Id", "trace-me"));

            await().until(() -> lines.list().size() == 1);
            assertThat(lines.list().get(0).getMDCPropertyMap()).containsOnlyKeys("trace.id", "span.id", "requestId")
                    .containsEntry("trace.id", TRACE);
        }
        assertThat(span().getTraceId()).isEqualTo(TRACE);
        assertThat(span().getParentSpanId()).isEqualTo(SPAN);
        assertThat(span().getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(span().getName()).isEqualTo("POST /apiaccess/ccmessaging/downloadFileStream");
        assertThat(attributes(span())).containsEntry("http.response.status_code", "200")
                .containsEntry("http.route", "/apiaccess/ccmessaging/downloadFileStream")
                .containsEntry("http.response.header.x-request-id", "trace-me")
                .containsEntry("filestream.result_code", "0");
    }

    @Test
    void spanHasNoCredentialAndNothingOfTheCustomer() {
        String[] headers = credentialsAnd();
        stage.api().download(request("standard", "nowhere.txt"), headers);
        assertThat(attributes(span())).containsEntry("filestream.result_code", "13");
        assertThat(span().toString()).doesNotContain(headers[1], headers[5], "alice", "eyJ", "demo", "nowhere");

        exporter().reset();
        new Api(stage.api().base()).get("/files/of/alice?of=demo");
        assertThat(span().toString()).doesNotContain("alice", "demo");
    }

    @Test
    void withoutAnEndpointNothingOfItExists() {
        ListableBeanFactory beans = Stages.filesystem().service().bean(ListableBeanFactory.class);

        assertThat(Stream.of(ObservationRegistry.class, OpenTelemetry.class, SdkTracerProvider.class))
                .allSatisfy(type -> assertThat(beans.getBeanNamesForType(type)).isEmpty());
    }
}
