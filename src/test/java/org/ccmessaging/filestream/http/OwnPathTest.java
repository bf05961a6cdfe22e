package org.ccmessaging.filestream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.commons.io.input.BrokenInputStream;
import org.apache.commons.lang3.StringUtils;
import org.ccmessaging.filestream.support.Api;
import org.ccmessaging.filestream.support.Api.Answer;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Stage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Routes on paths of their own answer as in any Camel application. */
@Tag("service")
@ExpectedErrors.Of(logger = "org.ccmessaging.filestream.http", texts = "of a test")
@ExpectedErrors.Of(logger = "org.apache.camel", texts = "of a test")
class OwnPathTest {

    private static final Path POM = Path.of("pom.xml");

    /** The headers with which exchanges began. */
    private static final Queue<Map<String, Object>> RECEIVED = new ConcurrentLinkedQueue<>();

    @AutoClose
    private static Stage stage;

    static class OwnPaths extends RouteBuilder {

        @Override
        public void configure() {
            rest("/hello").get().to("direct:hello").get("/{name}").to("direct:hello-name");
            from("direct:hello").setBody(constant("hello"));
            from("direct:hello-name").setBody(simple("hello ${header.name}"));
            from("platform-http:/own/echo?httpMethodRestrict=GET,POST").setBody(
                    simple("${header.CamelHttpMethod} ${header.q} ${header.X-Mine} ${body}"));
            from("platform-http:/own/items/{id}").setHeader("CamelHttpResponseCode", constant("201"))
                    .setHeader("X-Item", simple("${header.id}")).setHeader("Content-Type", constant("text/csv"))
                    .setBody(simple("item ${header.id}"));
            from("platform-http:/own/prefix?matchOnUriPrefix=true").setBody(simple("${header.CamelHttpPath}"));
            from("platform-http:/own/breaks").setBody(exchange -> new SequenceInputStream(
                    new ByteArrayInputStream(new byte[100_000]),
                    new BrokenInputStream(() -> new IOException("the stream breaks, of a test"))));
            from("platform-http:/own/headers").setBody(constant("headers"));
            from("platform-http:/own/all-headers?headerFilterStrategy=#class:"
                    + HttpHeaderFilterStrategy.class.getName()).setBody(constant("all headers"));
            from("platform-http:/own/file").setBody(constant(POM.toFile()));
            from("platform-http:/own/number").setBody(constant(42));
            from("platform-http:/own/map").setBody(constant(Map.of("a", "b")));
            from("platform-http:/own/nothing").process(exchange -> exchange.getMessage().setBody(null));
            from("platform-http:/own/fails").throwException(IllegalStateException.class, "of a test");
        }
    }

    @BeforeAll
    static void start() throws Exception {
        stage = new Stage(Stage.Kind.FILESYSTEM, Map.of(), OwnPaths.class);
        stage.service().bean(CamelContext.class).getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                if (event instanceof CamelEvent.ExchangeCreatedEvent created) {
                    RECEIVED.add(created.getExchange().getMessage().getHeaders());
                }
            }
        });
    }

    private static Answer send(String method, String path, String body, String... headers) {
        return new Api(stage.api().base()).send(method, path, BodyPublishers.ofString(body), headers);
    }

    @Test
    void routeReadsMethodQueryHeadersAndBodyAndNoneOfTheHeadersComesBack() {
        Answer response = send("POST", "/own/echo?q=a+b%26c", "text", "X-Mine", "mine", "Content-Type", "text/plain");

        assertThat(response.text()).isEqualTo("POST a b&c mine text");
        assertThat(response.headerNames()).noneMatch(name -> name.startsWith("camel")).doesNotContain("x-mine", "q",
                "user-agent", "host");
        assertThat(send("GET", "/own/echo?q=%C3%A9", "").text()).startsWith("GET é");
    }

    @Test
    void otherMethodsGet405AndAllow() {
        Answer refused = send("PUT", "/own/echo", "text");

        assertThat(refused.status()).isEqualTo(405);
        assertThat(refused.header("Allow")).isEqualTo("GET, POST");
    }

    @Test
    void routeSetsStatusHeadersAndBody() {
        Answer created = send("GET", "/own/items/a%20b", "");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("X-Item")).isEqualTo("a b");
        assertThat(created.header("Content-Type")).startsWith("text/csv");
        assertThat(created.header("X-Request-Id")).isNotEmpty();
        assertThat(created.text()).isEqualTo("item a b");
        assertThat(created.header("Content-Length")).isEqualTo("8");
        assertThat(send("GET", "/own/items/a/b", "").status()).isEqualTo(404);
    }

    @Test
    void prefixTakesAllPathsBelowIt() {
        assertThat(send("GET", "/own/prefix/a/b", "").text()).endsWith("/a/b");
        assertThat(send("GET", "/own/prefixes", "").status()).isEqualTo(404);
    }

    /** Each header of the table of request headers, and which routes it enters. */
    static Stream<Arguments> rows() throws IOException {
        return Pattern.compile("\\| (.*) \\| (yes|no) \\| (yes|no|with)\\b.* \\|").matcher(StringUtils.substringBetween(
                Files.readString(Path.of("docs/editing-routes.md")), "| request header |", "\n\n")).results()
                .flatMap(row -> Pattern.compile("`([\\w-]+)`").matcher(row.group(1)).results()
                        .map(name -> Arguments.of(name.group(1), row.group(2), row.group(3))));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void headersEnterTheRoutesThatTheTableNames(String name, String ofContract, String own) {
        assertThat(enters(name, Api.DOWNLOAD)).isEqualTo(ofContract.equals("yes"));
        assertThat(enters(name, "/own/headers")).isEqualTo(own.equals("yes"));
        assertThat(enters(name, "/own/all-headers")).isEqualTo(!own.equals("no"));
    }

    /** Sends the header, which never comes back, and returns whether the route began with it. */
    private static boolean enters(String name, String path) {
        String value = Map.of("Content-Length", "0", "Transfer-Encoding", "chunked").getOrDefault(name, "sentinel");
        RECEIVED.clear();
        assertThat(new Api(stage.api().base()).raw("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Connection: close\r\n" + name + ": " + value + "\r\n\r\n0\r\n\r\n")).doesNotContain("sentinel");
        return value.equals(RECEIVED.remove().get(name));
    }

    @Test
    void queryParametersHaveNoNameOfACredentialOrACamelHeader() {
        RECEIVED.clear();
        send("GET", "/own/headers?CamelFileName=x&X-App-Key=k&cookie=c&q=1", "");

        assertThat(RECEIVED.remove()).containsKeys("q", "CamelHttpMethod")
                .doesNotContainKeys("CamelFileName", "X-App-Key", "cookie");
    }

    @Test
    void bodyThatBreaksEndsTheConnection() {
        assertThatThrownBy(() -> send("GET", "/own/breaks", "")).hasRootCauseInstanceOf(IOException.class);
        assertThat(send("GET", "/own/echo", "").status()).isEqualTo(200);
    }

    @Test
    void bodiesOfAllKindsAreSent() throws IOException {
        assertThat(send("GET", "/own/file", "").bytes()).isEqualTo(Files.readAllBytes(POM));
        assertThat(send("GET", "/own/number", "").text()).isEqualTo("42");
        assertThat(send("GET", "/own/map", "").text()).isEqualTo("{a=b}");
        assertThat(send("GET", "/own/nothing", "").bytes()).isEmpty();
    }

    @Test
    void failureGetsThe500OfTheContractWithoutDetails() {
        Answer failed = send("GET", "/own/fails", "");

        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.text()).contains("\"errorCode\":\"500\"").doesNotContain("of a test", "Exception");
    }

    @Test
    void restDslOfJavaServes() {
        assertThat(send("GET", "/hello", "").text()).isEqualTo("hello");
        assertThat(send("GET", "/hello/you", "").text()).isEqualTo("hello you");
        assertThat(send("POST", "/hello", "").status()).isEqualTo(405);
    }
}
