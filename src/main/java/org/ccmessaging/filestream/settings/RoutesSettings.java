package org.ccmessaging.filestream.settings;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the YAML routes are, and what they may reach.
 *
 * @param directory the folder of the {@code *.camel.yaml} files, relative to the working directory or absolute
 * @param liveReload not in this version: only {@code false} is accepted
 * @param timeout how long a route may take until its response starts
 * @param components the Camel components and languages that routes may use
 * @param expose environment variables, system properties and secret settings that routes may read
 * @param entryPoints paths of {@code platform-http} besides those of the contract
 * @param requestHeaders request headers that routes see besides those of the contract
 */
@ConfigurationProperties(prefix = "filestream.routes", ignoreUnknownFields = false)
public record RoutesSettings(Path directory, boolean liveReload, Duration timeout, Set<String> components,
        Set<String> expose, Set<String> entryPoints, Set<String> requestHeaders) {

    private static final String PREFIX = "filestream.routes.";

    /** The credentials of contract section 2. Step {@code authenticate} alone reads them. */
    private static final Set<String> CREDENTIALS = Set.of("authorization", "ccmessaging-token", "x-app-key", "cookie");

    /**
     * @throws InvalidSettingException if the folder is missing or holds no route file, {@code live-reload} is true, the
     *     time is not positive, or a header or path is none that may be let in
     */
    public RoutesSettings {
        if (directory == null || !holdsRoutes(directory)) {
            throw new InvalidSettingException(PREFIX + "directory", directory,
                    "a folder with *.camel.yaml files, but there is none at "
                            + (directory == null ? "(nowhere)" : directory.toAbsolutePath().normalize())
                            + " (working directory " + Path.of("").toAbsolutePath() + ")");
        }
        if (liveReload) {
            throw new InvalidSettingException(PREFIX + "live-reload", true,
                    "false: this version reads the routes at start; restart it to load an edit");
        }
        SettingChecks.requirePositive(PREFIX + "timeout", timeout);
        components = components == null ? Set.of() : Set.copyOf(components);
        expose = expose == null ? Set.of() : Set.copyOf(expose);
        entryPoints = entryPoints == null ? Set.of() : Set.copyOf(entryPoints);
        requestHeaders = requestHeaders == null ? Set.of() : Set.copyOf(requestHeaders);
        entryPoints.forEach(RoutesSettings::checkPath);
        requestHeaders.forEach(RoutesSettings::checkHeader);
        requestHeaders.forEach(RoutesSettings::checkNoRequestId);
    }

    private static void checkPath(String path) {
        if (!path.matches("/[A-Za-z0-9._~/-]+") || path.startsWith("/proxy")) {
            throw new InvalidSettingException(PREFIX + "entry-points", path,
                    "a path such as /apiaccess/status, of letters, digits and ._~-, which does not start with /proxy");
        }
    }

    /** Names as in RFC 9110 section 5.1, but none that steers Camel (CVE-2025-27636) and none of a credential. */
    private static void checkHeader(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!lower.matches("[a-z0-9-]+") || lower.startsWith("camel") || lower.startsWith("org-apache-camel")
                || CREDENTIALS.contains(lower)) {
            throw new InvalidSettingException(PREFIX + "request-headers", name,
                    "the name of a header, of letters, digits and -, which does not start with Camel and is none of "
                            + CREDENTIALS.stream().sorted().toList());
        }
    }

    /** Only the edge can tell whether a client's ID holds (contract section 7). */
    private static void checkNoRequestId(String name) {
        if (name.equalsIgnoreCase("x-request-id")) {
            throw new InvalidSettingException(PREFIX + "request-headers", name,
                    "another header: routes have the ID of a request in variable requestId");
        }
    }

    private static boolean holdsRoutes(Path directory) {
        try (DirectoryStream<Path> routes = Files.newDirectoryStream(directory, "*.camel.yaml")) {
            return routes.iterator().hasNext();
        } catch (IOException missing) {
            return false;
        }
    }
}
