package org.ccmessaging.filestream.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.ccmessaging.filestream.support.Api.credentialsAnd;
import static org.ccmessaging.filestream.support.Api.request;
import static org.ccmessaging.filestream.support.Outcomes.BROKEN_TAIL;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.FaultyServer;
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
import org.springframework.context.annotation.Bean;

/** Request, branch and S3 GET are spans of one trace, and a service without an endpoint makes no spans. */
@Tag("service")
@ExtendWith(Stages.class)
@Isolated("listens to a logger that every download writes to")
class TraceTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String SERVER = "POST /apiaccess/ccmessaging/downloadFileStream";

    static class InMemory {

        @Bean
        InMemorySpanExporter exporter() {
            return InMemorySpanExporter.create();
        }
    }

    @AutoClose
    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        stage = Stage.breakable(Map.of(
                "management.opentelemetry.tracing.export.otlp.endpoint", "http://127.0.0.1:1/v1/traces",
                "management.tracing.sampling.probability", "1"), InMemory.class);
        stage.put("standard", "hello.txt", Stage.content(100));
        stage.put("standard", "large.bin", Stage.content(2_000_000));
    }

    @BeforeEach
    void forget() {
        stage.link().heal();
        spans();
        exporter().reset();
    }

    private InMemorySpanExporter exporter() {
        return stage.service().bean(InMemorySpanExporter.class);
    }

    private List<SpanData> spans() {
        stage.service().bean(SdkTracerProvider.class).forceFlush().join(10, TimeUnit.SECONDS);
        return exporter().getFinishedSpanItems();
    }

    /** The spans of a request, which ends a moment after its client has the response. */
    private List<SpanData> spansOfARequest() {
        await().until(() -> spans().stream().anyMatch(span -> span.getKind() == SpanKind.SERVER));
        return spans();
    }

    private static SpanData server(List<SpanData> spans) {
        return spans.stream().filter(span -> span.getKind() == SpanKind.SERVER).findFirst().orElseThrow();
    }

    /** Names from the span to the outermost. */
    private static List<String> ancestry(SpanData span, List<SpanData> all) {
        List<String> names = new ArrayList<>(List.of(span.getName()));
        String parent = span.getParentSpanId();
        for (SpanData other = byId(parent, all); other != null; other = byId(other.getParentSpanId(), all)) {
            names.add(other.getName());
        }
        return names;
    }

    private static SpanData byId(String spanId, List<SpanData> all) {
        return all.stream().filter(span -> span.getSpanId().equals(spanId)).findFirst().orElse(null);
    }

    private Answer download(String name, String... extra) {
        return stage.api().download(request("standard", name), credentialsAnd(extra));
    }

    @Test
    void requestBranchAndS3GetAreNestedInTheClientsTrace() {
        Answer answer = download("hello.txt", "traceparent", "00-" + TRACE + "-" + SPAN + "-01");

        List<SpanData> spans = spansOfARequest();
        assertThat(spans).allSatisfy(span -> assertThat(span.getTraceId()).isEqualTo(TRACE));
        SpanData get = spans.stream().filter(span -> span.getName().equals("aws2-s3")).findFirst().orElseThrow();
        assertThat(ancestry(get, spans)).containsExactly("aws2-s3", "read-s3", "read-s3", "storage-standard",
                "storage-standard", "choose-storage", "choose-storage", "download-file-stream", SERVER);
        assertThat(spans).hasSize(9);
        assertThat(server(spans).getParentSpanId()).isEqualTo(SPAN);
        assertThat(answer.file()).isEqualTo(Stage.content(100));
        assertThat(answer.header("traceparent")).isEqualTo("00-" + TRACE + "-" + server(spans).getSpanId() + "-01");
    }

    @Test
    void responseToAClientWithoutATraceCarriesNone() {
        assertThat(download("hello.txt").headerNames()).doesNotContain("traceparent", "tracestate");

        assertThat(server(spansOfARequest()).getParentSpanContext().isValid()).isFalse();
    }

    @Test
    void requestThatItsClientDoesNotSampleIsNotTraced() {
        download("hello.txt", "traceparent", "00-" + TRACE + "-" + SPAN + "-00");
        download("hello.txt");

        assertThat(spansOfARequest()).noneMatch(span -> span.getTraceId().equals(TRACE));
    }

    @Test
    void requestsAtTheSameTimeDoNotMixTheirSpans() {
        // As many as one session may have in flight.
        int requests = 16;
        IntStream.range(0, requests).parallel().forEach(i -> download("hello.txt",
                "traceparent", "00-%032x-%s-01".formatted(i + 1, SPAN)));

        await().until(() -> spans().stream().filter(span -> span.getKind() == SpanKind.SERVER).count() == requests);
        List<SpanData> spans = spans();
        for (int i = 0; i < requests; i++) {
            String trace = "%032x".formatted(i + 1);
            List<SpanData> own = spans.stream().filter(span -> span.getTraceId().equals(trace)).toList();
            assertThat(own).hasSize(9);
            assertThat(own.stream().filter(span -> span.getName().equals("aws2-s3")))
                    .allSatisfy(get -> assertThat(ancestry(get, own)).endsWith("download-file-stream", SERVER));
        }
    }

    @Test
    void readThatBreaksHalfWayIsOneTraceThatCoversTheCompleteResponse() {
        stage.link().breakForGood(1_000_000, FaultyServer.Fault.CLOSE);

        assertThat(download("large.bin").text()).endsWith(BROKEN_TAIL);

        List<SpanData> spans = spansOfARequest();
        SpanData server = server(spans);
        assertThat(spans).allSatisfy(span -> {
            assertThat(span.getTraceId()).isEqualTo(server.getTraceId());
            assertThat(span.getEndEpochNanos()).isLessThanOrEqualTo(server.getEndEpochNanos());
        });
    }

    @Test
    void spanOfAMissingFileHasItsResultCode() {
        download("nowhere.txt");

        List<SpanData> spans = spansOfARequest();
        assertThat(spans).filteredOn(span -> span.getName().equals("aws2-s3"))
                .singleElement().satisfies(get -> assertThat(get.getStatus().getStatusCode())
                        .isEqualTo(StatusCode.ERROR));
        assertThat(server(spans).getAttributes().asMap().toString()).contains("filestream.result_code=13");
    }

    @Test
    void spansNameTheRouteAndTheIdOfTheRequestAndNoCredential() {
        String[] headers = credentialsAnd("X-Request-Id", "trace-me");
        stage.api().download(request("standard", "hello.txt"), headers);

        List<SpanData> spans = spansOfARequest();
        assertThat(spans).filteredOn(span -> span.getName().equals("download-file-stream")).hasSize(1);
        assertThat(server(spans).getAttributes().get(
                AttributeKey.stringArrayKey("http.response.header.x-request-id"))).containsExactly("trace-me");
        assertThat(spans.toString()).doesNotContain(headers[1], headers[5], "alice", "eyJ");
    }

    @Test
    void logLineOfADownloadNamesItsTrace() {
        try (LoggedLines lines = new LoggedLines("download")) {
            download("hello.txt", "traceparent", "00-" + TRACE + "-" + SPAN + "-01");

            await().until(() -> lines.list().size() == 1);
            assertThat(lines.list().get(0).getMDCPropertyMap()).containsOnlyKeys("trace.id", "requestId")
                    .containsEntry("trace.id", TRACE);
        }
    }

    @Test
    void withoutAnEndpointNothingOfItExists() {
        ListableBeanFactory beans = Stages.filesystem().service().bean(ListableBeanFactory.class);

        assertThat(beans.getBeanNamesForType(TraceFilter.class)).isEmpty();
        assertThat(beans.getBeanNamesForType(Tracer.class)).isEmpty();
        assertThat(beans.getBeanNamesForType(OpenTelemetryTracer.class)).isEmpty();
    }
}
