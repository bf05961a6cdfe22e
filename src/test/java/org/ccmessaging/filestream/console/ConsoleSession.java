package org.ccmessaging.filestream.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.ccmessaging.filestream.support.Api.headers;
import static org.springframework.util.StringUtils.concatenateStringArrays;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccmessaging.filestream.support.Api.Answer;

/** A user with cookies at the management port, like a browser without scripts. */
final class ConsoleSession {

    static final String USER = "admin";
    static final String PASSWORD = "only-for-tests";
    static final Map<String, Object> SETTINGS =
            Map.of("filestream.console.username", USER, "filestream.console.password", PASSWORD);

    static final String CONTEXT = "org.apache.camel:context=filestream,type=context,name=\"filestream\"";

    private final CookieManager cookies = new CookieManager();
    private final HttpClient client;
    private final URI base;

    /** @param followRedirects as a browser does; if not, the redirect is the response */
    ConsoleSession(URI base, boolean followRedirects) {
        this.base = base;
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).cookieHandler(cookies)
                .followRedirects(followRedirects ? HttpClient.Redirect.ALWAYS : HttpClient.Redirect.NEVER).build();
    }

    static ConsoleSession loggedIn(URI base) {
        ConsoleSession session = new ConsoleSession(base, false);
        session.logIn(USER, PASSWORD);
        return session;
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, headers);
    }

    HttpResponse<String> send(String method, String path, String... headers) {
        return send(method, path, BodyPublishers.noBody(), headers);
    }

    HttpResponse<String> logIn(String user, String password, String... headers) {
        Matcher csrf = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"").matcher(get("/login").body());
        assertThat(csrf.find()).as("form on the login page").isTrue();
        String form = "username=" + encode(user) + "&password=" + encode(password) + "&_csrf=" + encode(csrf.group(1));
        return send("POST", "/login", BodyPublishers.ofString(form),
                concatenateStringArrays(headers, headers("Content-Type", "application/x-www-form-urlencoded")));
    }

    /** Sends the password with a request, as a script does, and returns the status. */
    static int basic(URI base, String password) {
        return new ConsoleSession(base, false).get("/actuator/routes", "Authorization", "Basic " + Base64.getEncoder()
                .encodeToString((USER + ":" + password).getBytes(UTF_8))).statusCode();
    }

    /** Posts the token as a parameter, as a form can. */
    HttpResponse<String> form(String path, String csrfToken) {
        return send("POST", path + "?_csrf=" + encode(csrfToken), BodyPublishers.ofString("{\"type\":\"version\"}"),
                "Content-Type", "text/plain");
    }

    /** The value of a cookie; null if this user has none of this name. */
    String cookie(String name) {
        return cookies.getCookieStore().getCookies().stream().filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue).findFirst().orElse(null);
    }

    /** Sends a request to Jolokia as Hawtio does, with the token against forged requests. */
    HttpResponse<String> jolokia(Map<String, ?> request) {
        return jolokia(request, cookie("XSRF-TOKEN"));
    }

    HttpResponse<String> jolokia(Map<String, ?> request, String csrfToken) {
        return postJson("/actuator/hawtio/jolokia", csrfToken, request, "Origin", base.toString());
    }

    /** Posts to Jolokia, with the token against forged requests and with no header that a browser adds. */
    HttpResponse<String> post(String path, Object request, String... headers) {
        return postJson(path, cookie("XSRF-TOKEN"), request, headers);
    }

    private HttpResponse<String> postJson(String path, String csrfToken, Object request, String... headers) {
        return send("POST", path, BodyPublishers.ofString(new ObjectMapper().valueToTree(request).toString()),
                concatenateStringArrays(headers,
                        headers("Content-Type", "application/json", "X-XSRF-TOKEN", csrfToken)));
    }

    /** @return Jolokia's response; its {@code status} shows whether Jolokia has run the operation */
    JsonNode exec(String mbean, String operation, Object... arguments) {
        return json(jolokia(Map.of("type", "exec", "mbean", mbean, "operation", operation,
                "arguments", List.of(arguments))));
    }

    JsonNode json(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.headers(), response.body().getBytes(UTF_8)).json();
    }

    static String route(String id) {
        return "org.apache.camel:context=filestream,type=routes,name=\"" + id + "\"";
    }

    private HttpResponse<String> send(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).method(method, body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).join();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
