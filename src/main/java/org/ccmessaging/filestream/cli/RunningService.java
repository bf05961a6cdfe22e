package org.ccmessaging.filestream.cli;

import java.io.Console;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import org.ccmessaging.filestream.observe.RecentRequests.Kept;
import org.ccmessaging.filestream.reload.LiveRoutes;
import org.ccmessaging.filestream.reload.RoutesTexts;
import org.ccmessaging.filestream.reload.LiveRoutes.Attempt;
import org.ccmessaging.filestream.reload.LiveRoutes.Status;
import org.ccmessaging.filestream.routes.RouteFiles;
import org.springframework.http.HttpHeaders;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Client of {@code /actuator/routes} on the management port of a service, and the options that name the service. It
 * sends the console's user and password with each request (HTTP Basic). TLS trusts the authorities that Java trusts.
 */
final class RunningService {

    private static final String ROUTES = "/actuator/routes";

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** Tests of routes may take minutes. */
    private static final Duration RESPONSE = Duration.ofMinutes(15);

    private static final long TURN_MILLIS = 500;
    private static final int TURNS_TO_NOTICE = 6;

    private static final String USERNAME = "FILESTREAM_CONSOLE_USERNAME";
    private static final String PASSWORD = "FILESTREAM_CONSOLE_PASSWORD";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--url", defaultValue = "http://localhost:9090", paramLabel = "URL",
            description = "The management port of the service (default: ${DEFAULT-VALUE})")
    private URI url;

    @Option(names = "--user", paramLabel = "NAME", description = "The user of the console; without it, " + USERNAME
            + " of the environment. The password is " + PASSWORD + ", or what you type")
    private String user;

    private String base;
    private String credentials;

    RunningService logIn(UnaryOperator<String> environment) {
        user = user == null ? environment.apply(USERNAME) : user;
        if (user == null) {
            throw new ParameterException(command.commandLine(), "the user is missing: give --user or set " + USERNAME);
        }
        if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
            throw new ParameterException(command.commandLine(), "--url " + url + " is not an address such as"
                    + " http://localhost:9090");
        }
        base = url.toString().replaceAll("/+$", "");
        credentials = "Basic " + HttpHeaders.encodeBasicAuth(user, password(environment.apply(PASSWORD)),
                StandardCharsets.UTF_8);
        return this;
    }

    private String password(String ofEnvironment) {
        if (ofEnvironment != null) {
            return ofEnvironment;
        }
        Console terminal = System.console();
        char[] typed = terminal == null ? null : terminal.readPassword("Password of %s: ", user);
        if (typed == null) {
            throw new ParameterException(command.commandLine(), "the password is missing: set " + PASSWORD
                    + ", because there is no terminal for a prompt");
        }
        return new String(typed);
    }

    Status state() {
        return read(request("").GET(), Status.class);
    }

    /** Waits until no attempt is in progress. The service notices an edit some moments after it was saved. */
    Status follow(Consumer<String> each) throws InterruptedException {
        Set<String> known = new HashSet<>();
        for (int turn = 0;; turn++) {
            Status now = state();
            RoutesTexts.progress(now).stream().filter(known::add).forEach(each);
            if (turn >= TURNS_TO_NOTICE && now.stage() == null) {
                return now;
            }
            Thread.sleep(TURN_MILLIS);
        }
    }

    /** Returns the last requests of customers, which the audit log of the service notes, and the active files. */
    Kept requests() {
        return read(request("/requests").GET(), Kept.class);
    }

    /** Waits until the service has read the files of a folder. Returns whether its folder has these files. */
    boolean hasRead(RouteFiles files) throws InterruptedException {
        for (int turn = 0; turn < TURNS_TO_NOTICE; turn++) {
            if (files.sha256().equals(state().filesSha256())) {
                return true;
            }
            Thread.sleep(TURN_MILLIS);
        }
        return false;
    }

    URI url() {
        return url;
    }

    Attempt run(String operation) {
        return read(request("/" + operation).POST(HttpRequest.BodyPublishers.noBody()), Attempt.class);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + ROUTES + path)).timeout(RESPONSE)
                .header("User-Agent", LiveRoutes.COMMAND).header("Authorization", credentials);
    }

    private <T> T read(HttpRequest.Builder request, Class<T> type) {
        HttpResponse<String> response = send(request.build());
        int status = response.statusCode();
        JsonMapper json = new JsonMapper();
        try {
            if (status == 200 || status == 409) {
                return json.readValue(response.body(), type);
            }
            String error = json.readTree(response.body()).path("error").asString("");
            if (error.startsWith("there is no ")) {
                throw new IllegalStateException(error);
            }
        } catch (JacksonException other) {
            // The server is another one.
        }
        throw new IllegalStateException(base + switch (status) {
            case 401, 403 -> " refuses the login of " + user + ": unknown user or wrong password, too many wrong ones"
                    + " before, or a console without a password";
            case 404 -> " has no console, and commands go through its login. Either this is not the management port, or"
                    + " the service needs filestream.console.username and .password";
            default -> " responds with HTTP " + status + " and not with the state of routes; is this the management"
                    + " port?";
        });
    }

    private HttpResponse<String> send(HttpRequest request) {
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (SSLException untrusted) {
            throw new IllegalStateException("TLS with " + base + " failed: " + untrusted.getMessage()
                    + ". Give --url with a name that the certificate has. For a certificate of a private CA, set"
                    + " JAVA_TOOL_OPTIONS='-Djavax.net.ssl.trustStore=<file>"
                    + " -Djavax.net.ssl.trustStorePassword=<password>'");
        } catch (IOException unreachable) {
            throw new IllegalStateException("no service responds at " + base + " (" + unreachable.getClass()
                    .getSimpleName() + "); --url names the management port");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        }
    }
}
