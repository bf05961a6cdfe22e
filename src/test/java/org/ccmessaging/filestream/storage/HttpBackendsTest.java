package org.ccmessaging.filestream.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.ccmessaging.filestream.support.FaultyServer;
import org.ccmessaging.filestream.support.FaultyServer.Turn;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.ShippedSettings;
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

    /** The headers {@code Authorization} that came. */
    private static final List<String> LOGINS = new CopyOnWriteArrayList<>();

    @AutoClose
    private static final FaultyServer SERVER = new FaultyServer();

    @AutoClose
    private static final FaultyServer OTHER = new FaultyServer();

    @AutoClose
    private final CamelContext context = new DefaultCamelContext();

    private static String at(FaultyServer server) {
        return server.endpoint().getAuthority();
    }

    @BeforeAll
    static void script() {
        for (FaultyServer server : List.of(SERVER, OTHER)) {
            server.putEverywhere(new byte[0], turn -> {
                LOGINS.addAll(turn.headers("Authorization"));
                turn.right();
            });
        }
        SERVER.putAt("fits", new byte[1_000_000], Turn::right);
        SERVER.putAt("large", new byte[2_000_001], Turn::right);
        SERVER.putAt("redirect", new byte[0],
                turn -> turn.head(302, "Location: http://" + at(OTHER) + "/secret", "Content-Length: 0"));
    }

    @BeforeEach
    void forget() {
        LOGINS.clear();
        SERVER.received().clear();
        OTHER.received().clear();
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

    private static void assertNothingCame() {
        assertThat(SERVER.received()).isEmpty();
        assertThat(OTHER.received()).isEmpty();
    }

    /** Calls an address as a step of a route does. */
    private Exchange call(Map<String, Object> settings, String uri, String... header) throws Exception {
        HttpComponent http = new HttpComponent();
        HttpBackends.httpBackendsCustomizer(
                ShippedSettings.of("filestream.download", DownloadSettings.class, Map.of()),
                ShippedSettings.of("filestream.routes", RoutesSettings.class, settings), new StandardEnvironment())
                .configure("http", http);
        context.removeEndpoints("*");
        context.removeComponent("http");
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

    @ParameterizedTest
    @ValueSource(strings = {"http://SERVER/x", "http://localhost:PORT/x", "http://2130706433:PORT/x",
        "http://scanner.example.com:80/x?proxyHost=127.0.0.1&proxyPort=PORT",
        "http://scanner.example.com:81/x?proxyHost=127.0.0.1&proxyPort=OPEN", "http://[::1]:PORT/x",
        "http://OTHER/x?oauth2ClientId=a&oauth2ClientSecret=b&oauth2TokenEndpoint=http://SERVER/token",
        "http://169.254.169.254/latest", "http://scanner.example.com:81/x"})
    void serverThatIsNotListedGetsNothing(String uri) {
        String port = Integer.toString(SERVER.port());

        assertThatThrownBy(() -> call(hosts("scanner.example.com:80," + at(OTHER)),
                uri.replace("SERVER", at(SERVER)).replace("OTHER", at(OTHER)).replace("PORT", port)
                        .replace("OPEN", Integer.toString(OTHER.port()))))
                .isInstanceOf(FileServiceRefusedException.class)
                .hasMessageContaining("filestream.routes.hosts does not list");
        assertNothingCame();
    }

    @Test
    void responseForWhichTheBudgetIsEnoughIsTakenAndALargerOneIsRefused() throws Exception {
        Exchange exchange = call(hosts(at(SERVER)), "http://" + at(SERVER) + "/bytes/fits");
        assertThat(exchange.getMessage().getBody(byte[].class)).hasSize(1_000_000);

        assertThatThrownBy(() -> call(hosts(at(SERVER)), "http://" + at(SERVER) + "/bytes/large"))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("more than 2000000 bytes");
    }

    @Test
    void surplusResponseIsNotThatOfTheNextRequest() throws Exception {
        SERVER.putAt("twice", new byte[1], turn -> {
            turn.right();
            turn.right();
        });
        call(hosts(at(SERVER)), "http://" + at(SERVER) + "/bytes/twice");

        assertThat(context.createProducerTemplate().requestBody("http://" + at(SERVER) + "/bytes/fits", null,
                byte[].class)).hasSize(1_000_000);
    }

    @Test
    void routesCallNobodyByDefault() {
        assertThatThrownBy(() -> call(Map.of(), "http://" + at(SERVER) + "/x"))
                .isInstanceOf(FileServiceRefusedException.class);
        assertNothingCame();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CamelHttpUri", "CamelRestHttpUri"})
    void addressThatAHeaderMadeIsNoWayOut(String header) throws Exception {
        String elsewhere = "http://" + at(OTHER) + "/secret";
        try {
            call(hosts(at(SERVER)), "http://" + at(SERVER) + "/x", header, elsewhere);
        } catch (FileServiceRefusedException refused) {
            assertThat(refused).hasMessageContaining(at(OTHER));
        }

        assertThat(OTHER.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?followRedirects=true"})
    void redirectIsNotFollowed(String option) {
        assertThatThrownBy(() -> call(hosts(at(SERVER) + "," + at(OTHER)),
                "http://" + at(SERVER) + "/a/redirect" + option)).isInstanceOf(HttpOperationFailedException.class);
        assertThat(SERVER.received()).containsExactly("GET /a/redirect");
        assertThat(OTHER.received()).isEmpty();
    }

    @Test
    void nameThatLeadsToThisMachineIsRefused() {
        String named = "localhost:" + SERVER.port();

        assertThatThrownBy(() -> call(hosts(named), "http://" + named + "/x"))
                .isInstanceOf(FileServiceRefusedException.class)
                .hasMessageContaining("localhost, which is 127.0.0.1");
        assertNothingCame();
    }

    private static Map<String, Object> login(String how) {
        Map<String, Object> settings = new HashMap<>(hosts(at(SERVER) + "," + at(OTHER)));
        settings.put("filestream.routes.credentials.scanner.host", at(SERVER));
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
        call(login("password"), "http://" + at(SERVER) + "/x", "Authorization", "of a route");
        call(login("password"), "http://" + at(OTHER) + "/x");
        call(login("bearer-token"), "http://" + at(SERVER) + "/x");

        assertThat(LOGINS).containsExactly("Basic " + BASIC, "Bearer " + PASSWORD);
        assertThat(OTHER.received()).containsExactly("GET /x");
    }

    @Test
    void credentialsAreInNoAddressNoExchangeAndNoLine() throws Exception {
        try (LoggedLines log = LoggedLines.ofAll()) {
            assertThatThrownBy(() -> call(login("password"), "http://" + at(SERVER) + "/a/redirect"))
                    .isInstanceOf(HttpOperationFailedException.class)
                    .satisfies(failure -> assertThat(((HttpOperationFailedException) failure).getResponseHeaders())
                            .doesNotContainKey("Authorization"));
            assertThat(context.getEndpoints().toString() + log.texts()).doesNotContain(PASSWORD, BASIC);
        }
        assertThat(ShippedSettings.of("filestream.routes", RoutesSettings.class, login("password")).toString())
                .doesNotContain(PASSWORD);
    }
}
