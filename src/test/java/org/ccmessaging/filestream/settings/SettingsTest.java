package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.extractor.Extractors;
import org.ccmessaging.filestream.auth.AuthSettings;
import org.ccmessaging.filestream.console.ConsoleSettings;
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
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.io.ClassPathResource;

/** A wrong setting stops the start with one line: the key, the value (never a secret's), and what is allowed. */
@ExpectedErrors.Of(logger = "org.springframework.context",
        texts = "Exception encountered during context initialization")
class SettingsTest {

    private static final String SECRET = "do-not-tell";
    private static final String AUTH = "filestream.auth.";
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
    void settingLeftWithoutAValueInTheFileIsNotSet() {
        StartReport.bind(Map.of(S3 + "endpoint", ""), Map.of(), context ->
                assertThat(context.getBean(S3Settings.class).endpoint()).isNull());
    }

    @Test
    void wrongSettingsAreInOneReportWithThePlacesWhereTheyWereSet() {
        StartReport report = StartReport.of("filestream.download.max-in-flight", "0",
                "filestream.download.buffer-limit", "65MB", "filestream.download.stall-timeout", "long",
                "filestream.http.min-read-rate", "-1B", "filestream.s3.endpont", "x",
                LOCAL + "type", "ftp", S3 + "access-key", "key");

        assertThat(report.description().lines()).allMatch(line -> line.endsWith("(set in test)") || !line.contains("="))
                .anyMatch(line -> line.startsWith("No such setting: filestream.s3.endpont"))
                .anyMatch(line -> line.equals("filestream.download.max-in-flight = \"0\": expected a whole number from"
                        + " 1 to 10000 (set in test)"))
                .anyMatch(line -> line.startsWith("filestream.download.buffer-limit = "))
                .anyMatch(line -> line.startsWith("filestream.download.stall-timeout = \"long\": expected a duration"))
                .anyMatch(line -> line.startsWith("filestream.http.min-read-rate = "))
                .anyMatch(line -> line.startsWith("filestream.storage.local.type = \"ftp\": expected one of"
                        + " [filesystem, s3]"))
                .anyMatch(line -> line.startsWith("filestream.s3.secret-key is not set")).hasSize(7);
        assertThat(report.action()).contains("FILESTREAM_DOWNLOAD_STALL_TIMEOUT", "FILESTREAM_HTTP_MIN_READ_RATE");
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
        "filestream.download.rate.tenant-requests", "filestream.auth.signingkeys",
        "filestream.storage.local.buckets", "filestream.storage.remote.typ",
        "filestream.library.catalog", "filestream.console.user", "filestream.routes.dir",
        "filestream.auth.apps.my-app.tenant", "filestream.auth.apps.my-app", "filestream.log.user-id"})
    void settingThatDoesNotExistStopsTheStart(String key) {
        StartReport report = StartReport.of(key, SECRET, AUTH + "apps.my-app.secret", SECRET,
                AUTH + "apps.my-app.tenant-id", "demo");

        assertThat(report.description()).startsWith("No such setting: " + key).doesNotContain(SECRET);
        assertThat(report.action()).isEqualTo(
                "Correct the spelling, or take it out; config/application.yaml lists every key.");
    }

    /** The name of an app would lose its spelling in a variable. */
    @ParameterizedTest
    @CsvSource({"s3.max-attempts, 0, ', or in the environment as FILESTREAM_S3_MAX_ATTEMPTS'",
        "storage.multimedia-library.bucket, '',"
                + " ', or in the environment as FILESTREAM_STORAGE_MULTIMEDIA_LIBRARY_BUCKET'",
        "auth.access-token.signing-keys[0].secret, short,"
                + " ', or in the environment as FILESTREAM_AUTH_ACCESS_TOKEN_SIGNING_KEYS_0_SECRET'",
        "auth.apps.My-App.tenant-id, demo, ''"})
    void reportNamesTheEnvironmentVariableAsConfigApplicationYamlDoes(String key, String value, String variable) {
        assertThat(StartReport.of("filestream." + key, value).action())
                .isEqualTo("Set it in config/application.yaml, which explains every key" + variable + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"environment", "blank", "defaults", "least", "most"})
    void valuesAreThoseOfTheEnvironmentOrTheDefaults(String file) throws IOException {
        List<String[]> rows = new ClassPathResource("settings/values/" + file + ".csv")
                .getContentAsString(StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" *\\| ")).toList();
        Map<String, Object> environment = rows.stream().flatMap(row -> Stream.of(row[0].split("; ")))
                .filter(variable -> !variable.isEmpty()).distinct().map(variable -> variable.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> text(pair[1])));
        StartReport.bind(Map.of(), environment, context -> assertThat(rows).allSatisfy(row -> {
            String group = Stream.of(context.getBeanNamesForAnnotation(ConfigurationProperties.class))
                    .filter(name -> name.startsWith(row[1] + "-")).findFirst().orElseThrow();
            assertThat(String.valueOf(Extractors.byName(row[2]).apply(context.getBean(group))))
                    .matches(row[3].startsWith("…") ? ".*\\Q" + row[3].substring(1) + "\\E.*" : Pattern.quote(row[3]));
        }));
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
