package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.ccmessaging.filestream.admission.ShutdownSettings;
import org.ccmessaging.filestream.auth.AuthSettings;
import org.ccmessaging.filestream.console.ConsoleSettings;
import org.ccmessaging.filestream.observe.LogSettings;
import org.ccmessaging.filestream.storage.LibrarySettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** A wrong setting stops the start with one line: the key, the value (never a secret's), and what is allowed. */
class SettingsTest {

    @RegisterExtension
    static final ExpectedErrors EXPECTED =
            ExpectedErrors.of("org.springframework.context", "Exception encountered during context initialization");

    private static final String SECRET = "do-not-tell";
    private static final String LOGIN = "https://login.example.com";
    private static final String AUTH = "filestream.auth.";
    private static final String DOWNLOAD = "filestream.download.";
    private static final String LOCAL = "filestream.storage.local.";
    private static final String S3 = "filestream.s3.";

    private static void assertReported(StartReport report, String description) {
        assertThat(report.description()).startsWith(description).hasLineCount(1);
        assertThat(report.action()).startsWith("Set it in config/application.yaml, which explains every key")
                .hasLineCount(1);
        assertThat(report.toString()).doesNotContain(SECRET, Service.SIGNING_KEY);
    }

    /** The report on a wrong value of a key, whose {@code filestream.} is left out. */
    private static StartReport reportOf(String key, String value) {
        // A service takes either a signing key or a key set.
        return key.equals("auth.jwk-set-uri")
                ? StartReport.of(AUTH + "jwk-set-uri", value, AUTH + "signing-key", StartReport.UNSET)
                : StartReport.of("filestream." + key, value);
    }

    /** Each of the values is wrong for each of the keys. A table cannot show the empty text and the space. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            auth.jwk-set-uri console.oidc.issuer-uri      | ftp://login.example.com   | an http or https address
            s3.endpoint s3.public-endpoint                | s3.example.com ftp://host | an http or https address
            auth.issuer console.role storage.standard.key | (empty) (blank)           | a text that is not blank
            storage.standard.bucket storage.multimedia-library.bucket | (empty) (blank) | a text that is not blank
            storage.standard.key               | ${variable.tenantId}/file            | contains ${variable.objectKey}
            storage.standard.key               | ${variable.objectKey}/${variable.tenantId} | plain folder names
            cors.allowed-origins               | *                         | exact origins as browsers send them
            download.max-file-size             | 0B -1B                    | a size of at least 1B
            download.buffer-limit              | 0B 68157440B              | a size from 1B to 64MB
            download.max-in-flight             | 0 10001                   | a whole number from 1 to 10000
            download.max-in-flight-per-session | 0 10001                   | a whole number from 1 to 10000
            download.max-in-flight-per-tenant  | 0 10001                   | a whole number from 1 to 10000
            download.rate.tenant-requests      | 0 1000001                 | a whole number from 1 to 1000000
            download.rate.app-requests         | 0 1000001                 | a whole number from 1 to 1000000
            download.rate.tenant-bytes         | 1023B 944766976B          | a size from 1KB to 900MB
            download.rate.app-bytes            | 0B                        | a size from 1KB to 900MB
            download.rate.burst                | PT0.999S PT1H1M           | a duration from 1s to 1h
            download.first-byte-timeout        | PT0S PT-1S                | a duration of more than 0, such as 5s
            download.stall-timeout             | PT0S PT-1S                | a duration of more than 0, such as 5s
            download.file-url-lifetime         | PT0S PT169H PT-1H         | a duration from 1s to 7d
            download.file-type-aliases.jpeg    | gif                       | one of filestream.download.file-types
            health.probe-interval              | PT0.099S                  | a duration from 100ms to 10m
            http.first-byte-timeout            | PT0S                      | a duration of more than 0, such as 5s
            http.header-timeout http.body-timeout | PT0S                   | a duration of more than 0, such as 5s
            http.idle-timeout http.read-rate-window | PT0S                 | a duration of more than 0, such as 5s
            http.min-read-rate                 | -1B                       | a size from 0B to 1MB
            http.max-per-address               | -1                        | a whole number from 0 to 1000000
            http.trusted-proxies               | 10.0.0.0/99 load-balancer | networks such as 10.0.0.0/8, fd00::/8 or
            http.response-headers              | resultCode Content-Length transfer-encoding | none of [
            http.response-headers              | CamelHttpUri access-control-allow-origin | does not start with Camel
            http.response-headers              | a_b                       | of letters, digits and -
            routes.history                     | routes                    | a folder of its own
            routes.hosts                       | http://scanner            | a host or host:port
            routes.request-headers             | retry-after               | is none of [allow, authorization
            routes.request-headers             | x-request-id              | in variable requestId
            routes.tests-timeout               | PT0.9S PT1H0.001S         | a duration from 1s to 1h
            routes.watch                       | PT-1S PT2H                | a duration from 0s (off) to 1h
            s3.circuit-open-time               | PT11M                     | a duration from 0s to 10m
            s3.connect-timeout s3.read-timeout | PT0S PT-1S                | a duration of more than 0, such as 5s
            s3.max-attempts                    | 0 11                      | a whole number from 1 to 10
            s3.max-connections                 | 0 20001                   | a whole number from 1 to 20000
            shutdown.delay                     | PT-1S PT10M1S             | a duration from 0s to 10m
            """)
    void wrongValueStopsTheStart(String keys, String values, String allowed) {
        for (String key : keys.split(" ")) {
            for (String value : values.replace("(empty)", "").split(" ")) {
                String text = value.equals("(blank)") ? " " : value;
                StartReport report = reportOf(key, text);

                assertReported(report, "filestream." + key + " = \"" + text + "\": expected ");
                assertThat(report.description()).contains(allowed);
            }
        }
    }

    /** The report is Spring Boot's own. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            auth.jwk-set-uri                            | not a uri
            s3.endpoint                                 | https://
            storage.local.type                          | ftp
            storage.multimedia-library.type             | ftp
            library.catalogue                           | ldap
            log.user-ids log.file-ids                   | some
            download.file-url                           | foo
            auth.token-endpoints library.migrate        | maybe
            storage.local.shared s3.adaptive-concurrency | perhaps
            routes.live-reload routes.tests-before-swap | sometimes
            s3.verify-responses                         | maybe
            library.cache shutdown.delay                | a while
            s3.connect-timeout http.body-timeout        | soon
            download.file-url-lifetime                  | soon
            download.rate.burst                         | long
            download.max-file-size                      | large
            download.buffer-limit                       | 256 kilobytes
            download.file-url-only-above                | ten
            download.rate.app-bytes                     | fast
            download.max-in-flight                      | many
            download.max-in-flight                      | 1.5
            download.max-in-flight-per-tenant           | none
            download.rate.app-requests                  | few
            """)
    void valueOfAnotherTypeStopsTheStartAndIsNamedWithItsKey(String keys, String value) {
        for (String key : keys.split(" ")) {
            assertThat(reportOf(key, value).description()).contains("filestream." + key, value)
                    .doesNotContain(Service.SIGNING_KEY);
        }
    }

    private static Arguments wrong(String report, String... keysAndValues) {
        return arguments(report, keysAndValues);
    }

    /** The starts of reports, and the settings with them, all without the {@code filestream.} of their keys. */
    private static Stream<Arguments> wrongTogether() {
        String key = " is not set: expected a secret of at least 32 bytes that tokens are signed with";
        String gateway = "auth.access-token.introspection-uri";
        return Stream.of(
                wrong("download.file-url = \"off\": expected presigned, since file-url-only-above is set",
                        "download.file-url-only-above", "10MB"),
                wrong("download.file-url-only-above = \"-1B\": expected a size of at least 0B",
                        "download.file-url", "presigned", "download.file-url-only-above", "-1B"),
                wrong("download.file-types = \"[]\": expected a list such as jpg,pdf", "download.file-types", ""),
                wrong("download.file-types = \"[ ]\": expected a list such as jpg,pdf", "download.file-types[0]", " "),
                wrong("http.response-headers = \"Set-Cookie\": expected the name of a header, of letters, digits and -,"
                        + " which does not start with Camel or Access-Control- and is none of [allow, authorization,"
                        + " ccmessaging-token, connection, content-encoding, content-length, content-range,"
                        + " content-type, date, keep-alive, proxy-authenticate, proxy-authorization, resultcode,"
                        + " resultdesc, retry-after, set-cookie, set-cookie2, te, traceparent, trailer,"
                        + " transfer-encoding, upgrade, x-app-key, x-request-id, x-token-expire]",
                        "http.response-headers", "Set-Cookie"),
                wrong("storage.local.root is not set: expected a folder", "storage.local.root", " "),
                wrong("auth.signing-key" + key, "auth.signing-key", StartReport.UNSET),
                wrong("auth.signing-key" + key, "auth.signing-key", ""),
                wrong("auth.signing-key" + key, "auth.signing-key", " "),
                wrong("auth.signing-key = \"(secret, 31 characters)\": expected at least 32 bytes, but it has 31",
                        "auth.signing-key", "do-not-tell-do-not-tell-do-not-"),
                wrong("auth.signing-key = \"(secret, 13 characters)\": expected at least 32 bytes, but it has 14",
                        "auth.signing-key", "do-not-tell-ä"),
                wrong("auth.signing-key = \"(secret, 44 characters)\": expected either it or filestream.auth.jwk",
                        "auth.jwk-set-uri", LOGIN),
                wrong("auth.token-endpoints = \"true\": expected false, since only a service with",
                        "auth.token-endpoints", "true", "auth.jwk-set-uri", LOGIN,
                        "auth.signing-key", StartReport.UNSET),
                wrong("auth.access-token.issuers = \"" + LOGIN + "\": expected each issuer once",
                        "auth.access-token.issuer-uri", LOGIN, "auth.access-token.issuers.other.issuer-uri", LOGIN),
                wrong("auth.session-token.audience = \"a\": expected another audience than that of",
                        "auth.access-token.issuer-uri", LOGIN, "auth.access-token.audience", "a",
                        "auth.session-token.issuer-uri", LOGIN, "auth.session-token.audience", "a"),
                wrong("auth.session-token.issuers.other.signing-keys" + key,
                        "auth.session-token.issuers.other.issuer", "other"),
                wrong("auth.access-token.signing-keys is not set: expected only one of filestream.auth",
                        "auth.access-token.issuer-uri", LOGIN, "auth.access-token.jwk-set-uri", LOGIN),
                wrong("auth.access-token.client-id is not set: expected a text that is not blank", gateway, LOGIN),
                wrong("auth.access-token.client-secret is not set: expected a secret",
                        gateway, LOGIN, "auth.access-token.client-id", "filestream"),
                wrong("auth.session-token.audience = \"ccmessaging\": expected another audience than",
                        gateway, LOGIN, "auth.access-token.client-id", "filestream",
                        "auth.access-token.client-secret", SECRET, "auth.access-token.audience", "ccmessaging"),
                wrong("auth.access-token.introspection-uri is not set: expected the address that client-id is for",
                        "auth.access-token.client-id", "filestream", "auth.access-token.client-secret", SECRET),
                wrong("auth.session-token.signing-keys = \"(set)\": expected a kid for each of several keys",
                        "auth.session-token.signing-keys[0].secret", "x".repeat(32),
                        "auth.session-token.signing-keys[1].secret", "y".repeat(32)),
                // A token of the other kind could be accepted.
                wrong("auth.access-token.audience = \"none\": expected the aud of the tokens; only",
                        "auth.access-token.audience", "none"),
                wrong("auth.access-token.audience = \"none\": expected an audience, unless signing-keys",
                        gateway, LOGIN, "auth.access-token.client-id", "filestream",
                        "auth.access-token.client-secret", SECRET, "auth.access-token.audience", "none",
                        "auth.session-token.jwk-set-uri", LOGIN),
                wrong("auth.apps.my-app.secret is not set: expected a secret", "auth.apps.my-app.tenant-id", "demo"),
                wrong("auth.apps.my-app.secret = \"(secret, 1 characters)\": expected a secret",
                        "auth.apps.my-app.tenant-id", "demo", "auth.apps.my-app.secret", " "),
                wrong("auth.apps.my-app.tenant-id is not set: expected a text that is not blank",
                        "auth.apps.my-app.secret", SECRET),
                wrong("auth.apps.my-app.tenant-id = \" \": expected a text that is not blank",
                        "auth.apps.my-app.secret", SECRET, "auth.apps.my-app.tenant-id", " "),
                wrong("s3.secret-key is not set: expected a value, since the other one of",
                        "s3.access-key", SECRET),
                wrong("s3.access-key is not set: expected a value, since the other one of",
                        "s3.secret-key", SECRET),
                wrong("s3.access-key is not set: expected a value, since the other one of",
                        "s3.secret-key", SECRET, "s3.access-key", ""),
                wrong("s3.endpoint = \"ftp://(hidden)@host/x\": expected an http or https address",
                        "s3.endpoint", "ftp://me:" + SECRET + "@host/x"),
                wrong("console.password is not set: expected a password for filestream.console.username",
                        "console.username", "admin"),
                wrong("console.username is not set: expected a user for filestream.console.password",
                        "console.password", SECRET, "console.username", " "),
                wrong("console.oidc.issuer-uri is not set: expected an http or https address",
                        "console.oidc.client-id", "console"),
                wrong("console.oidc.client-id is not set: expected a text that is not blank",
                        "console.oidc.issuer-uri", LOGIN),
                wrong("console.oidc.client-secret is not set: expected the secret of that client",
                        "console.oidc.issuer-uri", LOGIN, "console.oidc.client-id", "console"),
                wrong("console.oidc.roles-claim = \"\": expected a text that is not blank",
                        "console.oidc.issuer-uri", LOGIN, "console.oidc.client-id", "console",
                        "console.oidc.client-secret", SECRET, "console.oidc.roles-claim", ""),
                wrong("storage.archive.type is not set: expected one of filesystem, s3, stream, since archive",
                        "storage.archive.bucket", "b"),
                wrong("storage.archive.key is not set: expected a text that is not blank",
                        "storage.archive.type", "s3", "storage.archive.bucket", "b"),
                wrong("storage.archive.key = \"${variable.objectKey}\": expected ${variable.tenantId} as a folder",
                        "storage.archive.type", "s3", "storage.archive.bucket", "b",
                        "storage.archive.key", "${variable.objectKey}"));
    }

    @ParameterizedTest
    @MethodSource("wrongTogether")
    void settingsThatDoNotFitTogetherStopTheStart(String report, String[] keysAndValues) {
        String[] settings = keysAndValues.clone();
        for (int i = 0; i < settings.length; i += 2) {
            settings[i] = "filestream." + settings[i];
        }

        assertReported(StartReport.of(settings), "filestream." + report);
    }

    @ParameterizedTest
    @ValueSource(strings = {"azp", "aud", "tenantId"})
    void claimThatTheServiceWouldWriteTwiceStopsTheStart(String name) {
        assertThat(StartReport.of(AUTH + "session-token.claims.user-id", name).description())
                .startsWith("filestream.auth.session-token.claims = ").contains("userId=" + name)
                .endsWith("expected different claims, none of which is one of [aud, exp, iat, iss, nbf], since the "
                        + "service writes them");
    }

    @Test
    void reportNamesTheVariableOfAKeyInAList() {
        assertThat(StartReport.of(AUTH + "access-token.signing-keys[0].secret", "short").action())
                .contains("FILESTREAM_AUTH_ACCESS_TOKEN_SIGNING_KEYS_0_SECRET.");
    }

    @Test
    void textWhereAnAppShouldBeStopsTheStartAndIsNotShown() {
        assertThat(StartReport.of(AUTH + "apps.my-app", SECRET).description())
                .startsWith("filestream.auth.apps.my-app = \"(not shown)\": expected ").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"${variable.objectKey}", "${variable.tenantId}-${variable.objectKey}"})
    void keyThatCouldMixTenantsStopsTheStartUnlessTheBranchIsShared(String key) {
        assertReported(StartReport.of(LOCAL + "key", key), "filestream.storage.local.key = \"" + key
                + "\": expected ${variable.tenantId} as a folder of its own, as in ${variable.tenantId}/"
                + "${variable.objectKey}, or .shared=true beside it if all tenants may read this branch");

        StartReport.bind(Map.of(LOCAL + "key", key, LOCAL + "shared", "true"), Map.of(), context ->
                assertThat(context.getBean(StorageSettings.class).named("local").shared()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Archive", "old_files", "old--files", "old-", "1st", "none", "[old.files]"})
    void branchWithAMalformedNameStopsTheStart(String name) {
        String prefix = "filestream.storage." + name;

        assertThat(StartReport.of(prefix + ".type", "s3", prefix + ".bucket", "b", prefix + ".key",
                "${variable.tenantId}/${variable.objectKey}").description())
                .endsWith("expected a name of lower-case letters, digits and single dashes, which starts with a letter"
                        + " and is not none");
    }

    @Test
    void nearestBranchMayBeOneThatTheInstallationAdds() {
        String prefix = "filestream.storage.archive.";

        assertThat(StartReport.of(prefix + "type", "s3", prefix + "bucket", "b", prefix + "key",
                "${variable.tenantId}/${variable.objectKey}", "filestream.storage.archve.bucket", "c").description())
                .startsWith("filestream.storage.archve.type is not set").endsWith(" (did you mean archive?)");
    }

    private static void assertBranches(
            Map<String, Object> settings, Map<String, Object> environment, String... bucketsByName) {
        StartReport.bind(settings, environment, context -> {
            List<String> buckets = new ArrayList<>();
            context.getBean(StorageSettings.class).forEach((name, branch) ->
                    buckets.add(name + "=" + branch.bucket()));
            assertThat(buckets).startsWith("local=local", "multimedia-library=multimedia-library", "standard=standard")
                    .endsWith(bucketsByName).hasSize(3 + bucketsByName.length);
        });
    }

    @Test
    void environmentAloneCanAddABranchWhoseNameHasNoDash() {
        assertBranches(Map.of(), Map.of("FILESTREAM_STORAGE_ARCHIVE_TYPE", "s3", "FILESTREAM_STORAGE_ARCHIVE_BUCKET",
                "in-the-environment", "FILESTREAM_STORAGE_ARCHIVE_KEY", "${variable.tenantId}/${variable.objectKey}"),
                "archive=in-the-environment");
    }

    /** With an underscore for the dash, or with nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"FILESTREAM_STORAGE_OLD_FILES_BUCKET", "FILESTREAM_STORAGE_OLDFILES_BUCKET"})
    void environmentSetsABranchWithADashIfTheConfigurationFileHasIt(String variable) {
        assertBranches(Map.of("filestream.storage.old-files.type", "s3", "filestream.storage.old-files.key",
                "${variable.tenantId}/${variable.objectKey}"), Map.of(variable, "in-the-environment"),
                "old-files=in-the-environment");
    }

    @Test
    void environmentAloneAddsNoBranchWithADash() {
        assertBranches(Map.of(), Map.of("FILESTREAM_STORAGE_OLD_FILES_TYPE", "s3", "FILESTREAM_STORAGE_OLD_FILES_KEY",
                "${variable.tenantId}/${variable.objectKey}", "FILESTREAM_STORAGE_OLD_FILES_BUCKET", "b"));
    }

    @Test
    void branchOfTheFileSystemNeedsNoBucket() {
        StartReport.bind(Map.of(LOCAL + "bucket", ""), Map.of(), context ->
                assertThat(context).hasNotFailed());
    }

    @Test
    void passwordInAnAddressIsNotShown() {
        assertThat(StartReport.of(S3 + "endpoint", "://me:" + SECRET + "@host").description())
                .startsWith("filestream.s3.endpoint = \"(not shown)\"");
    }

    /** As in a deployment that passes on every variable, even an empty one. */
    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void blankEnvironmentVariableOfAnOptionalSettingIsNone(String blank) {
        StartReport.bind(Map.of(), Map.of("FILESTREAM_S3_ACCESS_KEY", blank, "FILESTREAM_S3_SECRET_KEY", blank,
                "FILESTREAM_S3_REGION", blank, "FILESTREAM_S3_ENDPOINT", blank, "FILESTREAM_AUTH_JWK_SET_URI", blank),
                context -> {
                    S3Settings s3 = context.getBean(S3Settings.class);
                    assertThat(s3.accessKey()).isNull();
                    assertThat(s3.secretKey()).isNull();
                    assertThat(s3.region()).isNull();
                    assertThat(s3.endpoint()).isNull();
                    assertThat(context.getBean(AuthSettings.class).accessTokens()).asString()
                            .contains("setting=filestream.auth.signing-key");
                });
    }

    @Test
    void emptyEnvironmentVariableOfAnOptionalLimitIsNone() {
        StartReport.bind(Map.of(), Map.of("FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT_PER_TENANT", "",
                "FILESTREAM_DOWNLOAD_RATE_TENANT_REQUESTS", "", "FILESTREAM_DOWNLOAD_RATE_TENANT_BYTES", ""),
                context -> {
                    DownloadSettings download = context.getBean(DownloadSettings.class);
                    assertThat(download.maxInFlightPerTenant()).isNull();
                    assertThat(download.rate()).isEqualTo(
                            new DownloadSettings.Rate(null, null, null, null, Duration.ofSeconds(1)));
                });
    }

    @Test
    void settingLeftWithoutAValueInTheFileStopsTheStart() {
        assertThat(StartReport.of(S3 + "endpoint", "").description())
                .isEqualTo("No such setting, or one without a value: filestream.s3.endpoint");
    }

    @Test
    void routesThatAreNotThereStopTheStartNamingTheFolderAndTheWorkingDirectory(@TempDir Path folder)
            throws Exception {
        Path missing = folder.resolve("missing");
        Path workingDirectory = Path.of("").toAbsolutePath();
        Files.writeString(folder.resolve("notes.yaml"), "[]");

        for (Path directory : new Path[] {missing, folder}) {
            assertReported(StartReport.of("filestream.routes.directory", directory.toString()),
                    "filestream.routes.directory = \"" + directory + "\": expected a folder with *.camel.yaml files, "
                            + "but there is none at " + directory + " (working directory " + workingDirectory + ")");
        }
        assertReported(StartReport.of("filestream.routes.directory", "missing"),
                "filestream.routes.directory = \"missing\": expected a folder with *.camel.yaml files, but there is "
                        + "none at " + workingDirectory.resolve("missing") + " (working directory " + workingDirectory
                        + ")");
    }

    @ParameterizedTest
    @ValueSource(strings = {"filestream.s3.endpont", "filestream.download.max-inflights",
        "filestream.download.rate.tenant-requets", "filestream.auth.signingkeys",
        "filestream.storage.local.buckets", "filestream.storage.remote.typ",
        "filestream.library.catalog", "filestream.console.user", "filestream.routes.dir",
        "filestream.auth.apps.my-app.tenant", "filestream.log.user-id"})
    void settingThatDoesNotExistStopsTheStart(String key) {
        StartReport report = StartReport.of(key, SECRET, AUTH + "apps.my-app.secret", SECRET,
                AUTH + "apps.my-app.tenant-id", "demo");

        assertThat(report.description()).isEqualTo("No such setting: " + key);
        assertThat(report.action()).isEqualTo(
                "Correct the spelling, or take it out; config/application.yaml lists every key.");
    }

    @ParameterizedTest
    @CsvSource({
        "filestream.s3.max-attempts, 0, FILESTREAM_S3_MAX_ATTEMPTS",
        "filestream.storage.multimedia-library.bucket, '', FILESTREAM_STORAGE_MULTIMEDIA_LIBRARY_BUCKET",
        "filestream.download.max-in-flight, 0, FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT"})
    void reportNamesTheEnvironmentVariableAsConfigApplicationYamlDoes(String key, String value, String variable) {
        assertThat(StartReport.of(key, value).action()).isEqualTo("Set it in config/application.yaml, which explains "
                + "every key, or in the environment as " + variable + ".");
    }

    @Test
    void reportOfAnAppNamesNoVariableSinceItsNameWouldLoseTheAppKeysSpelling() {
        assertThat(StartReport.of(AUTH + "apps.My-App.tenant-id", "demo").action())
                .isEqualTo("Set it in config/application.yaml, which explains every key.");
    }

    @Test
    void settingsComeFromTheEnvironment() {
        StartReport.bind(Map.of(), Map.ofEntries(
                Map.entry("FILESTREAM_STORAGE_MULTIMEDIALIBRARY_TYPE", "filesystem"),
                Map.entry("FILESTREAM_STORAGE_MULTIMEDIA_LIBRARY_ROOT", "/srv/library"),
                Map.entry("FILESTREAM_STORAGE_STANDARD_BUCKET", "files"),
                Map.entry("FILESTREAM_STORAGE_LOCAL_SHARED", "true"),
                Map.entry("FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT", "7"),
                Map.entry("FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT_PER_SESSION", "5"),
                Map.entry("FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT_PER_TENANT", "6"),
                Map.entry("FILESTREAM_DOWNLOAD_RATE_TENANT_REQUESTS", "50"),
                Map.entry("FILESTREAM_DOWNLOAD_RATE_TENANT_BYTES", "10MB"),
                Map.entry("FILESTREAM_DOWNLOAD_RATE_APP_REQUESTS", "200"),
                Map.entry("FILESTREAM_DOWNLOAD_RATE_APP_BYTES", "50MB"),
                Map.entry("FILESTREAM_DOWNLOAD_RATE_BURST", "10s"),
                Map.entry("FILESTREAM_DOWNLOAD_FILE_TYPES", "PDF,txt"),
                Map.entry("FILESTREAM_DOWNLOAD_BUFFERLIMIT", "1KB"),
                Map.entry("FILESTREAM_S3_ENDPOINT", "http://store:9000"),
                Map.entry("FILESTREAM_S3_ACCESS_KEY", "id"),
                Map.entry("FILESTREAM_S3_SECRET_KEY", SECRET),
                Map.entry("FILESTREAM_S3_CONNECT_TIMEOUT", "700ms"),
                Map.entry("FILESTREAM_ROUTES_LIVERELOAD", "true"),
                Map.entry("FILESTREAM_ROUTES_TESTS_BEFORE_SWAP", "false"),
                Map.entry("FILESTREAM_ROUTES_TESTSTIMEOUT", "30s"),
                Map.entry("FILESTREAM_ROUTES_WATCH", "0s"),
                Map.entry("FILESTREAM_ROUTES_HISTORY", "/srv/history"),
                Map.entry("FILESTREAM_ROUTES_LABEL", "release 7"),
                Map.entry("FILESTREAM_AUTH_ISSUER", "me"),
                Map.entry("FILESTREAM_AUTH_APPS_SHOP_SECRET", SECRET),
                Map.entry("FILESTREAM_AUTH_APPS_SHOP_TENANT_ID", "demo")), context -> {
                    StorageSettings storage = context.getBean(StorageSettings.class);
                    assertThat(storage.named("multimedia-library").type()).isEqualTo(StorageSettings.Type.FILESYSTEM);
                    assertThat(storage.named("multimedia-library").root()).isEqualTo(Path.of("/srv/library"));
                    assertThat(storage.named("standard").bucket()).isEqualTo("files");
                    assertThat(storage.named("local").shared()).isTrue();
                    DownloadSettings download = context.getBean(DownloadSettings.class);
                    assertThat(download.maxInFlight()).isEqualTo(7);
                    assertThat(download.maxInFlightPerSession()).isEqualTo(5);
                    assertThat(download.maxInFlightPerTenant()).isEqualTo(6);
                    assertThat(download.rate()).isEqualTo(new DownloadSettings.Rate(50, DataSize.ofMegabytes(10), 200,
                            DataSize.ofMegabytes(50), Duration.ofSeconds(10)));
                    assertThat(download.fileTypes()).containsExactlyInAnyOrder("pdf", "txt");
                    assertThat(download.bufferLimit()).isEqualTo(DataSize.ofKilobytes(1));
                    RoutesSettings routes = context.getBean(RoutesSettings.class);
                    assertThat(routes.liveReload()).isTrue();
                    assertThat(routes.testsBeforeSwap()).isFalse();
                    assertThat(routes.testsTimeout()).isEqualTo(Duration.ofSeconds(30));
                    assertThat(routes.watch()).isZero();
                    assertThat(routes.history()).isEqualTo(Path.of("/srv/history"));
                    assertThat(routes.label()).isEqualTo("release 7");
                    S3Settings s3 = context.getBean(S3Settings.class);
                    assertThat(s3.endpoint()).isEqualTo(URI.create("http://store:9000"));
                    assertThat(s3.secretKey().reveal()).isEqualTo(SECRET);
                    assertThat(s3.connectTimeout()).isEqualTo(Duration.ofMillis(700));
                    AuthSettings auth = context.getBean(AuthSettings.class);
                    assertThat(auth.accessTokens()).asString().contains("name=me");
                    assertThat(auth.apps().get("shop").tenantId()).isEqualTo("demo");
                });
    }

    @Test
    void defaultsAreComplete() {
        StartReport.bind(Map.of(), Map.of(), context -> {
            assertThat(context).hasNotFailed();
            assertThat(context.getBean(DownloadSettings.class)).isEqualTo(new DownloadSettings(
                    Set.of("jpg", "png", "bpm", "mp3", "aac", "mp4", "txt", "csv", "richtext", "doc", "docx",
                            "pdf", "zip"), Map.of(), DataSize.ofMegabytes(100), DataSize.ofKilobytes(16), 256, 16, null,
                    new DownloadSettings.Rate(null, null, null, null, Duration.ofSeconds(1)),
                    Duration.ofSeconds(10), Duration.ofSeconds(30), DownloadSettings.FileUrl.OFF, Duration.ofHours(24),
                    null));
            assertThat(context.getBean(AuthSettings.class).tokenEndpoints()).isFalse();
            assertThat(context.getBean(AuthSettings.class).apps()).isEmpty();
            assertThat(context.getBean(LibrarySettings.class).catalogue()).isEqualTo(LibrarySettings.Catalogue.NONE);
            RoutesSettings routes = context.getBean(RoutesSettings.class);
            assertThat(routes.directory()).isEqualTo(Path.of("routes"));
            assertThat(routes.liveReload()).isFalse();
            assertThat(routes.testsBeforeSwap()).isNull();
            assertThat(routes.testsTimeout()).isEqualTo(Duration.ofMinutes(5));
            assertThat(routes.watch()).isEqualTo(Duration.ofMinutes(1));
            assertThat(routes.history()).isNull();
            assertThat(routes.label()).isNull();
            assertThat(context.getBean(ConsoleSettings.class)).isEqualTo(new ConsoleSettings(null, null, "operator",
                    Path.of("config", "jolokia-access.xml"), new ConsoleSettings.Oidc(null, null, null, "roles")));
            assertThat(context.getBean(LogSettings.class)).isEqualTo(
                    new LogSettings(LogSettings.Form.HASHED, null, LogSettings.Form.HASHED));
            assertThat(context.getBean(ShutdownSettings.class)).isEqualTo(new ShutdownSettings(Duration.ZERO));
        });
    }

    /** As in deployments that do not use the console. */
    @Test
    void emptyVariablesAreNoLogin() {
        StartReport.bind(Map.of(), Map.of("FILESTREAM_CONSOLE_USERNAME", "", "FILESTREAM_CONSOLE_PASSWORD", "",
                "FILESTREAM_CONSOLE_OIDC_CLIENTID", "", "FILESTREAM_CONSOLE_OIDC_ISSUERURI", "",
                "FILESTREAM_CONSOLE_OIDC_CLIENTSECRET", ""), context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(ConsoleSettings.class).username()).isNull();
                });
    }

    @Test
    void boundaryValuesAreAccepted() {
        for (Map<String, Object> settings : List.<Map<String, Object>>of(
                Map.of(DOWNLOAD + "max-file-size", "1B", DOWNLOAD + "buffer-limit", "1B", DOWNLOAD + "max-in-flight",
                        "1", DOWNLOAD + "max-in-flight-per-session", "1", DOWNLOAD + "max-in-flight-per-tenant", "1",
                        S3 + "max-connections", "1", S3 + "max-attempts", "1", S3 + "read-timeout", "1ms"),
                Map.of(DOWNLOAD + "max-file-size", "1TB", DOWNLOAD + "buffer-limit", "64MB",
                        DOWNLOAD + "max-in-flight", "10000", S3 + "max-connections", "20000", S3 + "max-attempts",
                        "10", S3 + "read-timeout", "1h", "filestream.shutdown.delay", "10m"),
                Map.of(DOWNLOAD + "max-in-flight-per-session", "10000", DOWNLOAD + "max-in-flight-per-tenant", "10000",
                        DOWNLOAD + "rate.tenant-requests", "1", DOWNLOAD + "rate.tenant-bytes", "1KB",
                        DOWNLOAD + "rate.app-requests", "1000000", DOWNLOAD + "rate.app-bytes", "900MB",
                        DOWNLOAD + "rate.burst", "1h"),
                Map.of(AUTH + "signing-key", "x".repeat(32)))) {
            StartReport.bind(settings, Map.of(), context -> assertThat(context).hasNotFailed());
        }
    }

    @Test
    void secretsAreNotPrintedWithTheirSettings() {
        StartReport.bind(Map.of(AUTH + "apps.shop.secret", SECRET, AUTH + "apps.shop.tenant-id", "demo",
                S3 + "access-key", "id", S3 + "secret-key", SECRET, "filestream.console.username", "admin",
                "filestream.console.password", SECRET), Map.of(), context -> {
                    assertThat(context.getBean(AuthSettings.class).toString()).doesNotContain(SECRET,
                            Service.SIGNING_KEY).contains("(secret, 44 characters)");
                    assertThat(context.getBean(S3Settings.class).toString()).doesNotContain(SECRET);
                    assertThat(context.getBean(ConsoleSettings.class).toString()).doesNotContain(SECRET);
                });
    }

    @Test
    void failureThatIsNoSettingsIsLeftToSpringBoot() {
        assertThat(new InvalidSettingReport().analyze(new IllegalStateException(SECRET))).isNull();
        assertThatThrownBy(() -> StartReport.of("server.port", "8080")).hasMessageContaining("started with");
    }
}
