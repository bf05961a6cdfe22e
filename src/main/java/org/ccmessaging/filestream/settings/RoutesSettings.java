package org.ccmessaging.filestream.settings;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the YAML routes are, what they may reach, and how an edit comes to serve.
 *
 * @param directory the folder of the {@code *.camel.yaml} files, relative to the working directory or absolute
 * @param liveReload whether a change of the files comes to serve while the service runs
 * @param testsBeforeSwap whether the tests in {@code tests/} must be there and pass before a changed set serves;
 *     {@code null} if they must pass where there are any
 * @param testsTimeout how long these tests and the built-in smoke tests may take together; from 1 s to 1 h
 * @param watch how long the service watches a new set and goes back if it harms customers; 0 s for not at all, at most
 *     1 h
 * @param history the folder that keeps the last sets over restarts; {@code null} for memory alone
 * @param label what the deployer calls the files that are there at startup, such as a commit; {@code null} for nothing
 * @param timeout how long a route may take until its response starts
 * @param language a file that adds to the language of routes; {@code null} for none
 * @param components components that routes may use besides those of the language; to be removed, {@code language} lists
 *     them
 * @param classes classes that routes may name besides those of the language, or packages ending in {@code .*}; to be
 *     removed, {@code language} lists them
 * @param hosts the servers that routes call by HTTP, as {@link CalledHosts} has them
 * @param credentials what the service logs in with at servers that it calls by HTTP, by a name of the operator's
 * @param expose environment variables, system properties and secret settings that routes may read
 * @param entryPoints paths of {@code platform-http} besides those of the contract
 * @param requestHeaders request headers that routes see besides those of the contract
 * @param rememberKeys how long step {@code remember-key} keeps the key of a lookup; more than 0 s
 */
@ConfigurationProperties(prefix = "filestream.routes", ignoreUnknownFields = false)
public record RoutesSettings(Path directory, boolean liveReload, Boolean testsBeforeSwap, Duration testsTimeout,
        Duration watch, Path history, String label, Duration timeout, Path language, Set<String> components,
        Set<String> classes, Set<String> hosts, Map<String, ServerCredentials> credentials, Set<String> expose,
        Set<String> entryPoints, Set<String> requestHeaders, Duration rememberKeys) {

    private static final String PREFIX = "filestream.routes.";

    /** Credentials, which no route sees, and headers that tell the client what a route says. */
    private static final Set<String> NOT_READABLE = Set.of("authorization", "ccmessaging-token", "x-app-key", "cookie",
            "x-token-expire", "resultcode", "resultdesc", "allow", "retry-after");

    /**
     * @throws InvalidSettingException if the folder is missing or holds no route file, a time is out of its range, the
     *     history is the folder of the routes, a header or path is none that may be let in, a class has no complete
     *     name, a host is malformed, or credentials are incomplete
     */
    public RoutesSettings {
        SettingChecks.refuseIf(directory == null || !holdsRoutes(directory), PREFIX + "directory", directory,
                "a folder with *.camel.yaml files, but there is none at "
                        + (directory == null ? "(nowhere)" : directory.toAbsolutePath().normalize())
                        + " (working directory " + Path.of("").toAbsolutePath() + ")");
        SettingChecks.requireBetween(PREFIX + "tests-timeout", testsTimeout, Duration.ofSeconds(1),
                Duration.ofHours(1), "a duration from 1s to 1h");
        SettingChecks.requireBetween(PREFIX + "watch", watch, Duration.ZERO, Duration.ofHours(1),
                "a duration from 0s (off) to 1h");
        history = SettingChecks.blankToNull(history);
        SettingChecks.refuseIf(history != null && isSame(history, directory), PREFIX + "history", history,
                "a folder of its own, not that of the routes (" + directory + ")");
        label = label == null || label.isBlank() ? null : label;
        SettingChecks.requirePositive(PREFIX + "timeout", timeout);
        SettingChecks.requirePositive(PREFIX + "remember-keys", rememberKeys);
        language = SettingChecks.blankToNull(language);
        SettingChecks.refuseIf(language != null && isSame(language.toAbsolutePath().getParent(), directory),
                PREFIX + "language", language,
                "a file outside of the folder of the routes, so that no edit widens its own language");
        components = components == null ? Set.of() : Set.copyOf(components);
        classes = classes == null ? Set.of() : Set.copyOf(classes);
        hosts = hosts == null ? Set.of() : Set.copyOf(hosts);
        credentials = credentials == null ? Map.of() : Map.copyOf(credentials);
        expose = expose == null ? Set.of() : Set.copyOf(expose);
        entryPoints = entryPoints == null ? Set.of() : Set.copyOf(entryPoints);
        requestHeaders = requestHeaders == null ? Set.of() : Set.copyOf(requestHeaders);
        classes.forEach(RoutesSettings::checkClass);
        hosts.forEach(host -> CalledHosts.check(PREFIX + "hosts", host));
        credentials.forEach((name, its) -> its.check(PREFIX + "credentials." + name));
        entryPoints.forEach(RoutesSettings::checkPath);
        requestHeaders.forEach(RoutesSettings::checkHeader);
    }

    private static boolean isSame(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    private static void checkClass(String name) {
        SettingChecks.refuseIf(!name.matches("(\\w+\\.)+([\\w$]+|\\*)"), PREFIX + "classes", name,
                "the complete name of a class, or a package such as com.example.routes.*");
    }

    private static void checkPath(String path) {
        SettingChecks.refuseIf(!path.matches("/[A-Za-z0-9._~/-]+") || path.startsWith("/proxy"),
                PREFIX + "entry-points", path,
                "a path such as /apiaccess/status, of letters, digits and ._~-, which does not start with /proxy");
    }

    /** Names as in RFC 9110 section 5.1, but none that steers Camel (CVE-2025-27636) and none of a credential. */
    private static void checkHeader(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        // Only the edge can tell whether a client's ID holds (contract section 7).
        SettingChecks.refuseIf(lower.equals("x-request-id"), PREFIX + "request-headers", name,
                "another header: routes have the ID of a request in variable requestId");
        SettingChecks.refuseIf(!lower.matches("[a-z0-9-]+") || lower.startsWith("camel")
                        || lower.startsWith("org-apache-camel") || NOT_READABLE.contains(lower),
                PREFIX + "request-headers", name,
                "the name of a header, of letters, digits and -, which does not start with Camel and is none of "
                        + NOT_READABLE.stream().sorted().toList());
    }

    private static boolean holdsRoutes(Path directory) {
        try (DirectoryStream<Path> routes = Files.newDirectoryStream(directory, "*.camel.yaml")) {
            return routes.iterator().hasNext();
        } catch (IOException missing) {
            return false;
        }
    }
}
