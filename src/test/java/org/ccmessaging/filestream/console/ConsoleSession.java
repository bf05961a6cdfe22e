package org.ccmessaging.filestream.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A user with cookies at the management port, like a browser without scripts. */
final class ConsoleSession {

    static final String USER = "admin";
    static final String PASSWORD = "only-for-tests";
    static final Map<String, Object> SETTINGS = Map.of(
            "filestream.console.username", USER, "filestream.console.password", PASSWORD);

    static final String CONTEXT = "org.apache.camel:context=filestream,type=context,name=\"filestream\"";

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CookieManager cookies = new CookieManager();
    private final HttpClient client;
    private final URI base;

    /** @param followRedirects as a browser does; if not, the redirect is the response */
    ConsoleSession(URI base, boolean followRedirects) {
        this.base = base;
        this.client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).cookieHandler(cookies)
                .followRedirects(followRedirects ? HttpClient.Redirect.ALWAYS : HttpClient.Redirect.NEVER).build();
    }

    /** A user who has logged in. */
    static ConsoleSession loggedIn(URI base) {
        ConsoleSession session = new ConsoleSession(base, false);
        session.logIn(USER, PASSWORD);
        return session;
    }

    HttpResponse<String> get(String path, String... headers) {
        return send("GET", path, headers);
    }

    HttpResponse<String> send(String method, String path, String... headers) {
        return send(HttpRequest.newBuilder(URI.create(base + path))
                .method(method, HttpRequest.BodyPublishers.noBody()), headers);
    }

    /** Fills in the form of the login page. */
    HttpResponse<String> logIn(String user, String password, String... headers) {
        Matcher csrf = CSRF.matcher(get("/login").body());
        if (!csrf.find()) {
            throw new AssertionError("no form on the login page");
        }
        String form = "username=" + encode(user) + "&password=" + encode(password) + "&_csrf=" + encode(csrf.group(1));
        return send(HttpRequest.newBuilder(base.resolve("/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)), headers);
    }

    /** Sends the password with a request, as a script does, and returns the status. */
    static int basic(URI base, String password) {
        return new ConsoleSession(base, false).get("/actuator/routes", "Authorization", "Basic " + Base64.getEncoder()
                .encodeToString((USER + ":" + password).getBytes(StandardCharsets.UTF_8))).statusCode();
    }

    /** Posts the token as a parameter, as a form can. */
    HttpResponse<String> form(String path, String csrfToken) {
        return send(HttpRequest.newBuilder(URI.create(base + path + "?_csrf=" + encode(csrfToken)))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"version\"}")));
    }

    /** Sends a request to Jolokia as Hawtio does, with the token against forged requests. */
    HttpResponse<String> jolokia(Map<String, ?> request) {
        return jolokia(request, cookie("XSRF-TOKEN"));
    }

    /** The value of a cookie that this user has. */
    String cookie(String name) {
        return cookies.getCookieStore().getCookies().stream().filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue).findFirst().orElseThrow();
    }

    boolean hasCookie(String name) {
        return cookies.getCookieStore().getCookies().stream().anyMatch(cookie -> cookie.getName().equals(name));
    }

    HttpResponse<String> jolokia(Map<String, ?> request, String csrfToken) {
        return post("/actuator/hawtio/jolokia", csrfToken, request, "Origin", base.toString());
    }

    /** Posts to Jolokia, with the token against forged requests and with no header that a browser adds. */
    HttpResponse<String> post(String path, Object request, String... headers) {
        return post(path, cookie("XSRF-TOKEN"), request, headers);
    }

    private HttpResponse<String> post(String path, String csrfToken, Object request, String... headers) {
        try {
            return send(HttpRequest.newBuilder(base.resolve(path))
                    .header("Content-Type", "application/json").header("X-XSRF-TOKEN", csrfToken)
                    .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(request))), headers);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** @return Jolokia's response; its {@code status} shows whether Jolokia has run the operation */
    JsonNode exec(String mbean, String operation, Object... arguments) {
        return json(jolokia(Map.of("type", "exec", "mbean", mbean, "operation", operation,
                "arguments", List.of(arguments))));
    }

    JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException notJson) {
            throw new AssertionError(response.statusCode() + " " + response.body(), notJson);
        }
    }

    static String route(String id) {
        return "org.apache.camel:context=filestream,type=routes,name=\"" + id + "\"";
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stop);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
