package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.ComponentCustomizer;
import org.ccmessaging.filestream.failure.FileServiceRefusedException;
import org.ccmessaging.filestream.settings.DownloadSettings;
import org.ccmessaging.filestream.settings.RoutesSettings;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.ShippedSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.StandardEnvironment;

/** The servers that routes may call by HTTP, and the credentials for them. */
class HttpBackendsTest {

    private static final String PASSWORD = "only-the-server-knows-it";
    private static final String BASIC = Base64.getEncoder()
            .encodeToString(("filestream:" + PASSWORD).getBytes(StandardCharsets.UTF_8));

    private static HttpServer server;
    private static HttpServer other;

    @AutoClose
    private final CamelContext context = new DefaultCamelContext();

    /** The requests to the servers: the path, and the header Authorization if it has one. */
    private static final List<String> RECEIVED = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void startServers() throws IOException {
        server = server();
        other = server();
    }

    private static HttpServer server() throws IOException {
        HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        started.createContext("/", http -> {
            String path = http.getRequestURI().getPath();
            String login = http.getRequestHeaders().getFirst("Authorization");
            RECEIVED.add(login == null ? path : path + " " + login);
            if (path.equals("/redirect")) {
                http.getResponseHeaders().add("Location", "http://" + at(other) + "/secret");
            }
            if (path.startsWith("/bytes/")) {
                http.sendResponseHeaders(200, 0);
                http.getResponseBody().write(new byte[Integer.parseInt(path.substring("/bytes/".length()))]);
            } else {
                http.sendResponseHeaders(path.equals("/redirect") ? 302 : 200, -1);
            }
            http.close();
        });
        started.start();
        return started;
    }

    private static String at(HttpServer server) {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterAll
    static void stopServers() {
        server.stop(0);
        other.stop(0);
    }

    @BeforeEach
    void forget() {
        RECEIVED.clear();
    }

    /** The client would get it as if a route had set it. */
    @ParameterizedTest
    @ValueSource(strings = {"filestream.http.response-headers", "filestream.http.response-headers[0]"})
    void headerOfAResponseIsNotTakenFromACalledServerHoweverTheSettingIsWritten(String key) {
        new ApplicationContextRunner().withUserConfiguration(HttpBackends.class).withPropertyValues(key + "=X-Reason")
                .withBean(DownloadSettings.class, () ->
                        ShippedSettings.of("filestream.download", DownloadSettings.class, Map.of()))
                .withBean(RoutesSettings.class, () ->
                        ShippedSettings.of("filestream.routes", RoutesSettings.class, Map.of()))
                .run(application -> {
                    HttpComponent http = new HttpComponent();
                    application.getBean(ComponentCustomizer.class).configure("http", http);

                    assertThat(http.getHeaderFilterStrategy().applyFilterToExternalHeaders("X-Reason", "x", null))
                            .isTrue();
                });
    }

    /** Calls an address as a step of a route does. */
    private Exchange call(Map<String, Object> settings, String uri, String... header) throws Exception {
        HttpComponent http = new HttpComponent();
        HttpBackends.httpBackendsCustomizer(
                ShippedSettings.of("filestream.download", DownloadSettings.class, Map.of()),
                ShippedSettings.of("filestream.routes", RoutesSettings.class, settings), new StandardEnvironment())
                .configure("http", http);
        context.addComponent("http", http);
        context.start();
        Exchange exchange = context.createProducerTemplate().request(uri, it -> {
            for (int i = 0; i < header.length; i += 2) {
                it.getMessage().setHeader(header[i], header[i + 1]);
            }
        });
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        return exchange;
    }

    private static Map<String, Object> hosts(String hosts) {
        return Map.of("filestream.routes.hosts", hosts);
    }

    @Test
    void serverThatIsListedIsCalled() throws Exception {
        call(hosts(at(server)), "http://" + at(server) + "/scan");

        assertThat(RECEIVED).containsExactly("/scan");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://SERVER/x", "http://localhost:PORT/x", "http://2130706433:PORT/x",
        "http://scanner.example.com:80/x?proxyHost=127.0.0.1&proxyPort=PORT",
        "http://scanner.example.com:81/x?proxyHost=127.0.0.1&proxyPort=OPEN", "http://[::1]:PORT/x",
        "http://OTHER/x?oauth2ClientId=a&oauth2ClientSecret=b&oauth2TokenEndpoint=http://SERVER/token",
        "http://169.254.169.254/latest", "http://scanner.example.com:81/x"})
    void serverThatIsNotListedGetsNothing(String uri) {
        String port = Integer.toString(server.getAddress().getPort());

        assertThatThrownBy(() -> call(hosts("scanner.example.com:80," + at(other)),
                uri.replace("SERVER", at(server)).replace("OTHER", at(other)).replace("PORT", port)
                        .replace("OPEN", Integer.toString(other.getAddress().getPort()))))
                .isInstanceOf(FileServiceRefusedException.class)
                .hasMessageContaining("filestream.routes.hosts does not list");
        assertThat(RECEIVED).isEmpty();
    }

    @Test
    void responseForWhichTheBudgetIsEnoughIsTakenAndALargerOneIsRefused() throws Exception {
        Exchange exchange = call(hosts(at(server)), "http://" + at(server) + "/bytes/1000000");
        assertThat(exchange.getMessage().getBody(byte[].class)).hasSize(1_000_000);
        context.removeEndpoints("*");
        context.removeComponent("http");

        assertThatThrownBy(() -> call(hosts(at(server)), "http://" + at(server) + "/bytes/2000001"))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("more than 2000000 bytes");
    }

    @Test
    void routesCallNobodyByDefault() {
        assertThatThrownBy(() -> call(Map.of(), "http://" + at(server) + "/x"))
                .isInstanceOf(FileServiceRefusedException.class);
        assertThat(RECEIVED).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CamelHttpUri", "CamelRestHttpUri"})
    void addressThatAHeaderMadeIsNoWayOut(String header) throws Exception {
        String elsewhere = "http://" + at(other) + "/secret";
        try {
            call(hosts(at(server)), "http://" + at(server) + "/x", header, elsewhere);
        } catch (FileServiceRefusedException refused) {
            assertThat(refused).hasMessageContaining(at(other));
        }

        assertThat(RECEIVED).doesNotContain("/secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?followRedirects=true"})
    void redirectIsNotFollowed(String option) {
        assertThatThrownBy(() -> call(hosts(at(server) + "," + at(other)),
                "http://" + at(server) + "/redirect" + option)).isInstanceOf(HttpOperationFailedException.class);
        assertThat(RECEIVED).containsExactly("/redirect");
    }

    @Test
    void nameThatLeadsToThisMachineIsRefused() {
        String named = "localhost:" + server.getAddress().getPort();

        assertThatThrownBy(() -> call(hosts(named), "http://" + named + "/x"))
                .isInstanceOf(FileServiceRefusedException.class)
                .hasMessageContaining("localhost, which is 127.0.0.1");
        assertThat(RECEIVED).isEmpty();
    }

    private static Map<String, Object> login(String how) {
        Map<String, Object> settings = new HashMap<>(hosts(at(server) + "," + at(other)));
        settings.put("filestream.routes.credentials.scanner.host", at(server));
        if (how.equals("bearer-token")) {
            settings.put("filestream.routes.credentials.scanner.bearer-token", PASSWORD);
        } else {
            settings.put("filestream.routes.credentials.scanner.username", "filestream");
            settings.put("filestream.routes.credentials.scanner.password", PASSWORD);
        }
        return settings;
    }

    @Test
    void credentialsReachTheirServerAndNoOther() throws Exception {
        call(login("password"), "http://" + at(server) + "/x", "Authorization", "of a route");
        context.removeEndpoints("*");
        context.removeComponent("http");
        call(login("password"), "http://" + at(other) + "/x");
        context.removeEndpoints("*");
        context.removeComponent("http");
        call(login("bearer-token"), "http://" + at(server) + "/x");

        assertThat(RECEIVED).containsExactly("/x Basic " + BASIC, "/x", "/x Bearer " + PASSWORD);
    }

    @Test
    void credentialsAreInNoAddressNoExchangeAndNoLine() throws Exception {
        try (LoggedLines log = LoggedLines.ofAll()) {
            assertThatThrownBy(() -> call(login("password"), "http://" + at(server) + "/redirect"))
                    .isInstanceOf(HttpOperationFailedException.class)
                    .satisfies(failure -> assertThat(((HttpOperationFailedException) failure).getResponseHeaders())
                            .doesNotContainKey("Authorization"));
            assertThat(context.getEndpoints().toString() + log.texts()).doesNotContain(PASSWORD, BASIC);
        }
        assertThat(ShippedSettings.of("filestream.routes", RoutesSettings.class, login("password")).toString())
                .doesNotContain(PASSWORD);
    }
}
