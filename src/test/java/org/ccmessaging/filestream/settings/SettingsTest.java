package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** A wrong setting stops the start with one line: the key, the value (never a secret's), and what is allowed. */
@ExpectedErrors.Of(logger = "org.springframework.context",
        texts = "Exception encountered during context initialization")
class SettingsTest {

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

    @ParameterizedTest
    @CsvFileSource(resources = "/settings/wrong-values.csv", delimiter = '|')
    void wrongValueStopsTheStart(String keys, String values, String allowed) {
        for (String key : keys.split(" ")) {
            for (String value : values.split(" ")) {
                StartReport report = reportOf(key, text(value));

                assertReported(report, "filestream." + key + " = \"" + text(value) + "\": expected ");
                assertThat(report.description()).contains(allowed);
            }
        }
    }

    /** The report is Spring Boot's own. */
    @ParameterizedTest
    @CsvFileSource(resources = "/settings/values-of-another-type.csv", delimiter = '|')
    void valueOfAnotherTypeStopsTheStartAndIsNamedWithItsKey(String keys, String value) {
        for (String key : keys.split(" ")) {
            assertThat(reportOf(key, value).description()).contains("filestream." + key, value)
                    .doesNotContain(Service.SIGNING_KEY);
        }
    }

    private static String text(String cell) {
        return Map.of("(empty)", "", "(blank)", " ").getOrDefault(cell, cell);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/settings/wrong-together.csv", delimiter = '|')
    void settingsThatDoNotFitTogetherStopTheStart(String settings, String report) {
        String[] keysAndValues = Stream.of(settings.split("; ")).map(setting -> setting.split("=", 2))
                .flatMap(pair -> Stream.of("filestream." + pair[0], text(pair[1]))).toArray(String[]::new);

        assertReported(StartReport.of(keysAndValues), "filestream." + report);
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
