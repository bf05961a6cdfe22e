package org.ccmessaging.filestream.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.ObjectUtils;

/**
 * Where the route files are, what routes may reach, and how the service takes over an edit.
 *
 * @param directory the folder of the {@code *.camel.yaml} files, relative to the working directory or absolute
 * @param liveReload whether a running service takes over changed files
 * @param canary share of the sessions that get new routes first, as in {@code 10%}; at most 50 %, 0 for none
 * @param watch how long only those sessions have the new routes, and the service rolls them back if they harm
 *     customers; at most 1 h, 0 s for no canary
 * @param history the folder that keeps the last generations over restarts; {@code null} to keep them in memory only
 * @param label the deployer's name for the files at startup, such as a commit; {@code null} for none
 * @param timeout how long a route may take until its response starts
 * @param language a file that adds to the language of routes; {@code null} for none
 * @param hosts the servers that routes may call by HTTP, as in {@link CalledHosts}
 * @param credentials logins at servers that the service calls by HTTP, by a name that the operator chooses
 * @param expose environment variables, system properties and secret settings that routes may read
 * @param entryPoints paths of downloadFileStream besides that of the contract
 * @param requestHeaders request headers that routes see besides those of the contract
 * @param rememberKeys how long step {@code remember-key} keeps the key of a lookup; more than 0 s, at most 1 d
 * @param rehearsal number of the last distinct requests that the service keeps for rehearsals; 0 to 10,000
 * @param trustedKeys files with the public keys whose signature a set of route files must have; empty for none
 */
@ConfigurationProperties(prefix = "filestream.routes")
public record RoutesSettings(Path directory, boolean liveReload, String canary, Duration watch, Path history,
        String label, Duration timeout, Path language,
        @DefaultValue Set<String> hosts,
        @DefaultValue Map<String, CalledHosts.Credentials> credentials, @DefaultValue Set<String> expose,
        @DefaultValue Set<String> entryPoints, @DefaultValue Set<String> requestHeaders, Duration rememberKeys,
        int rehearsal, @DefaultValue List<Path> trustedKeys) {

    private static final String PREFIX = "filestream.routes.";

    /** Requests in memory, some 1 KB each. */
    private static final int MOST_REQUESTS = 10_000;

    /** Credentials, which no route sees, and headers that carry the outcome to the client. */
    private static final Set<String> NOT_READABLE = Set.of("authorization", "ccmessaging-token", "x-app-key", "cookie",
            "x-token-expire", "resultcode", "resultdesc", "allow", "retry-after");

    /** @throws InvalidSettingException if the folder has no route file, or a value is malformed or out of its range */
    public RoutesSettings {
        String[] routes = directory == null ? null
                : directory.toAbsolutePath().toFile().list((folder, name) -> name.endsWith(".camel.yaml"));
        SettingChecks.refuseIf(ObjectUtils.isEmpty(routes), PREFIX + "directory", directory,
                "a folder with *.camel.yaml files, but there is none at "
                        + (directory == null ? "(nowhere)" : directory.toAbsolutePath().normalize())
                        + " (working directory " + Path.of("").toAbsolutePath() + ")");
        SettingChecks.refuseIf(canary == null || !canary.matches("(\\d|[1-4]\\d|50)%?"), PREFIX + "canary", canary,
                "a share of the sessions from 0 (none) to 50%");
        SettingChecks.requireDuration(PREFIX + "watch", watch, "0s", "1h");
        history = SettingChecks.blankToNull(history);
        SettingChecks.refuseIf(history != null && isSame(history, directory), PREFIX + "history", history,
                "a folder of its own, not that of the routes (" + directory + ")");
        label = SettingChecks.blankToNull(label);
        SettingChecks.requirePositive(PREFIX + "timeout", timeout);
        SettingChecks.requireDuration(PREFIX + "remember-keys", rememberKeys, "1ns", "1d");
        SettingChecks.requireRange(PREFIX + "rehearsal", rehearsal, 0, MOST_REQUESTS);
        language = SettingChecks.blankToNull(language);
        SettingChecks.refuseIf(language != null && isSame(language.toAbsolutePath().getParent(), directory),
                PREFIX + "language", language,
                "a file outside of the folder of the routes, so that no edit widens its own language");
        hosts.forEach(host -> CalledHosts.check(PREFIX + "hosts", host));
        credentials.forEach((name, its) -> its.check(PREFIX + "credentials." + name));
        entryPoints.forEach(path -> SettingChecks.refuseIf(
                !path.matches("/[A-Za-z0-9._~/-]+") || path.startsWith("/proxy"), PREFIX + "entry-points", path,
                "a path such as /apiaccess/status, of letters, digits and ._~-, which does not start with /proxy"));
        requestHeaders.forEach(RoutesSettings::checkHeader);
    }

    /** Returns the share of the sessions that get new routes first, in percent; 0 for none. */
    public int canaryPercent() {
        return watch.isZero() ? 0 : Integer.parseInt(canary.replace("%", ""));
    }

    private static boolean isSame(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    /** Refuses names that RFC 9110 section 5.1 does not allow, that steer Camel (CVE-2025-27636), or of credentials. */
    private static void checkHeader(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        // Only the edge decides whether a client's ID is accepted (contract section 7).
        SettingChecks.refuseIf(lower.equals("x-request-id"), PREFIX + "request-headers", name,
                "another header: routes have the ID of a request in variable requestId");
        SettingChecks.refuseIf(!lower.matches("(?!camel|org-apache-camel)[a-z0-9-]+") || NOT_READABLE.contains(lower),
                PREFIX + "request-headers", name,
                "the name of a header, of letters, digits and -, which does not start with Camel and is none of "
                        + NOT_READABLE.stream().sorted().toList());
    }
}
