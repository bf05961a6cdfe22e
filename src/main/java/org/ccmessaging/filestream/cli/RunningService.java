package org.ccmessaging.filestream.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.RoutesReport;

/**
 * A service that runs, as a user of its console reaches it: through the login page of the management port, with the
 * cookies and the token against forged requests that a browser sends. {@code https} trusts the authorities that Java
 * trusts.
 */
final class RunningService implements AutoCloseable {

    private static final String ROUTES = "/actuator/routes";
    private static final String LOGOUT = "/actuator/hawtio/auth/logout";
    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    /** What Java says of a certificate for other hosts; the exception's class is that of all bad certificates. */
    private static final Pattern OTHER_HOST = Pattern.compile("No (subject alternative|name matching)");

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** Tests of routes may take minutes. */
    private static final Duration RESPONSE = Duration.ofMinutes(15);

    private static final int OK = 200;
    private static final int FOUND = 302;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private static final ObjectMapper JSON = JsonMapper.builder().addModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private final CookieManager cookies = new CookieManager();
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT).cookieHandler(cookies).build();
    private final String base;

    /** @param management its management port, such as {@code http://localhost:9090} */
    RunningService(URI management) {
        this.base = management.toString().replaceAll("/+$", "");
    }

    /** @throws IllegalStateException if the service does not let the user in; the message says why */
    void logIn(String user, String password) {
        HttpResponse<String> page = send(request("/login").GET());
        if (page.statusCode() == NOT_FOUND) {
            throw new IllegalStateException(base + " has no console, and commands go through its login. Either this is"
                    + " not the management port, or the service needs filestream.console.username and .password");
        }
        Matcher token = FORM_TOKEN.matcher(page.body());
        if (page.statusCode() != OK || !token.find()) {
            throw new IllegalStateException(base + "/login is no login page with a password (HTTP "
                    + page.statusCode() + "); is this the management port?");
        }
        String form = "username=" + encode(user) + "&password=" + encode(password) + "&_csrf="
                + encode(token.group(1));
        HttpResponse<String> answer = send(request("/login")
                .header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(form)));
        String next = answer.headers().firstValue("Location").orElse("");
        if (answer.statusCode() != FOUND || next.endsWith("?error")) {
            throw new IllegalStateException(base + " refuses the login of " + user + ": unknown user or wrong password,"
                    + " or too many wrong ones before");
        }
    }

    /**
     * Logs out. A user has few sessions, and one too many ends another, which may be the one of a browser. A logout
     * that fails is no failure of the command, because the session ends by itself.
     */
    @Override
    public void close() {
        try {
            send(request(LOGOUT).timeout(CONNECT).GET());
        } catch (IllegalStateException failed) {
            // The command has done what it was for.
        }
    }

    /** What serves, and what served before. */
    RoutesReport state() {
        return read(send(request(ROUTES).GET()), RoutesReport.class);
    }

    /**
     * Runs an operation.
     *
     * @param operation {@code check}, {@code reload} or {@code rollback/3}
     * @throws IllegalStateException if the service does not run it; the message says why
     */
    Attempt run(String operation) {
        return read(send(request(ROUTES + "/" + operation).header("Origin", base)
                .header("X-XSRF-TOKEN", cookie("XSRF-TOKEN")).POST(BodyPublishers.noBody())), Attempt.class);
    }

    private String cookie(String name) {
        return cookies.getCookieStore().getCookies().stream().filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue).findFirst().orElse("");
    }

    private <T> T read(HttpResponse<String> answer, Class<T> type) {
        try {
            if (answer.statusCode() == OK || answer.statusCode() == CONFLICT) {
                return JSON.readValue(answer.body(), type);
            }
            String error = JSON.readTree(answer.body()).path("error").asText();
            throw new IllegalStateException(switch (answer.statusCode()) {
                case UNAUTHORIZED, FORBIDDEN -> base + " refuses the request (HTTP " + answer.statusCode() + ") "
                        + error;
                case NOT_FOUND -> error.isEmpty() || error.equals("Not Found")
                        ? base + " knows no " + ROUTES + ": it is another version" : error;
                default -> base + " responds with HTTP " + answer.statusCode() + " " + error;
            });
        } catch (IOException notJson) {
            throw new IllegalStateException(base + " responds with HTTP " + answer.statusCode() + " and no JSON");
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(RESPONSE)
                .header("User-Agent", RoutesReport.COMMAND);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (SSLException untrusted) {
            throw new IllegalStateException(withoutTls(String.valueOf(untrusted.getMessage())));
        } catch (IOException unreachable) {
            throw new IllegalStateException("no service responds at " + base + " (" + unreachable.getClass()
                    .getSimpleName() + "); --url names the management port");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        }
    }

    private String withoutTls(String reason) {
        // Java checks the name last, so a certificate that fails there is of an authority that Java trusts.
        String advice = OTHER_HOST.matcher(reason).find()
                ? "The certificate is not for " + URI.create(base).getHost() + ": give --url with a name that it has"
                : "For a certificate of a private CA, set JAVA_TOOL_OPTIONS='-Djavax.net.ssl.trustStore=<file>"
                        + " -Djavax.net.ssl.trustStorePassword=<password>'";
        return "TLS with " + base + " failed: " + reason.replaceAll("\\.$", "") + ". " + advice;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
