package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.ccmessaging.filestream.FileStreamApplication;
import org.ccmessaging.filestream.support.ConsoleOutput;
import org.ccmessaging.filestream.support.Service;
import org.ccmessaging.filestream.support.TestCa;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** What the console shows when a setting stops the start. Alone, since all tests share the console. */
@Tag("service")
@Isolated
class FailedStartTest {

    @RegisterExtension
    private final ConsoleOutput output = new ConsoleOutput();

    @ParameterizedTest
    @CsvFileSource(resources = "/settings/failed-starts.csv", delimiter = '|', quoteCharacter = '`')
    void consoleShowsOneReportAndNoStackTrace(String key, String value, String report) {
        Map<String, Object> settings = new HashMap<>(Map.of("filestream.storage.standard.type", "filesystem",
                "filestream.storage.multimedia-library.type", "filesystem", key, value.replace("(empty)", "")));
        assertReported(settings, report);

        // Settings are checked before the first bean is made, except for an expression, which a bean parses.
        assertThat(output.text().contains("Tomcat")).isEqualTo(report.equals("a Camel simple expression"));
    }

    @ParameterizedTest
    @CsvSource({
        "server.ssl, key-store, key-store-password",
        "management.server.ssl, trust-store, trust-store-password",
        "spring.ssl.bundle.jks.web, keystore.location, keystore.password"})
    void keyStoreWithAWrongPasswordIsNamedAndThePasswordIsNotShown(
            String prefix, String location, String password, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("store.p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "the right one".toCharArray());
        }

        assertReported(Map.of(prefix + "." + location, file.toString(), prefix + "." + password, "do-not-tell"),
                prefix + " cannot be used for TLS: ");
        assertThat(output.text()).contains(file.toString());
    }

    private static Map<String, Object> pem(Path folder, String certificate, String key) throws IOException {
        Path leaf = Files.writeString(folder.resolve("tls.crt"), certificate);
        Path privateKey = Files.writeString(folder.resolve("tls.key"), key);
        return Map.of("spring.ssl.bundle.pem.web.keystore.certificate", leaf.toString(),
                "spring.ssl.bundle.pem.web.keystore.private-key", privateKey.toString());
    }

    @ParameterizedTest
    @CsvSource({"server.ssl, ., certificate-", "management.server.ssl, ., certificate-",
        "spring.ssl.bundle.pem.web, .keystore., ''"})
    void privateKeyOfAnotherCertificateIsNamed(String tls, String store, String key, @TempDir Path folder)
            throws IOException {
        TestCa ca = new TestCa("ports");
        pem(folder, ca.issue().files().get("tls.crt"), ca.issue().files().get("tls.key"));

        assertReported(Map.of(tls + store + "certificate", folder.resolve("tls.crt").toString(),
                tls + store + key + "private-key", folder.resolve("tls.key").toString()),
                tls + " cannot be used for TLS: the private key is not that of the certificate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server.ssl", "management.server.ssl"})
    void certificateOfAPortWithoutItsPrivateKeyIsNamed(String port, @TempDir Path folder) throws IOException {
        String certificate = pem(folder, new TestCa("ports").issue().files().get("tls.crt"), "")
                .get("spring.ssl.bundle.pem.web.keystore.certificate").toString();

        assertReported(Map.of("spring.ssl.bundle.pem.web.keystore.certificate", certificate, port + ".bundle", "web"),
                port + ".bundle = \"web\": expected a bundle of spring.ssl.bundle with a certificate and its private"
                        + " key");
        assertReported(Map.of(port + ".certificate", certificate), port + " cannot be used for TLS: ");
    }

    /** Before any probe, which would call the storage down. */
    @ParameterizedTest
    @CsvFileSource(resources = "/settings/failed-starts-by-store.csv", delimiter = '|', quoteCharacter = '`')
    void settingsOfABranchsStoreAreCheckedBeforeTheFirstBeanIsMade(String variable, String value, String report) {
        assertReported(withEnvironment(Map.of(variable, value, "FILESTREAM_STORAGE_LOCAL_TYPE", "s3",
                "FILESTREAM_S3_REGION", "eu-central-1")), report);

        assertThat(output.text()).doesNotContain("Starting FileStreamApplication", "is down");
    }

    /** Settings that are no JSON and are not shown, and a folder of secrets without its slash. */
    @ParameterizedTest
    @CsvFileSource(resources = "/settings/wrong-arguments.csv", delimiter = '|', quoteCharacter = '`')
    void argumentThatIsWrongIsNamed(String argument, String report) {
        assertReported(new SpringApplication(FileStreamApplication.class), report, argument);
    }

    /** Files in ISO 8859-1, as an editor may save one, the report, and what the console says besides. */
    @ParameterizedTest
    @CsvFileSource(resources = "/settings/wrong-files.csv", delimiter = '|', quoteCharacter = '`')
    void fileThatIsWrongIsNamedWithThePlace(String text, String report, String besides, @TempDir Path folder)
            throws IOException {
        Path file = Files.writeString(folder.resolve("application.yaml"), text.translateEscapes(),
                StandardCharsets.ISO_8859_1);

        assertReported(new SpringApplication(FileStreamApplication.class), report,
                "--spring.config.additional-location=file:" + folder + "/");
        assertThat(output.text()).contains(besides);
    }

    private SpringApplication withEnvironment(Map<String, Object> variables) {
        SpringApplication application = new SpringApplication(FileStreamApplication.class);
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        Map<String, Object> all = new HashMap<>(variables);
        all.putIfAbsent("FILESTREAM_AUTH_SIGNING_KEY", Service.SIGNING_KEY);
        application.addInitializers(starting -> starting.getEnvironment().getPropertySources()
                .replace(name, new SystemEnvironmentPropertySource(name, all)));
        return application;
    }

    /** The report, and what the console says besides. */
    @ParameterizedTest
    @CsvFileSource(resources = "/settings/wrong-variables.csv", delimiter = '|', quoteCharacter = '`')
    void variableThatIsMisspeltOrWrongIsNamed(String variables, String report, String besides) {
        Map<String, Object> environment = new HashMap<>();
        Stream.of(variables.split("; ")).map(variable -> variable.split("=", 2))
                .forEach(pair -> environment.put(pair[0], pair[1]));
        assertReported(withEnvironment(environment), report);
        assertThat(output.text()).contains(besides == null ? "" : besides);
    }

    /**
     * Dashes, lists, names of branches and of apps, what Kubernetes adds for a service called filestream, and what the
     * binder does not read because it stops at a wrong value.
     */
    @Test
    void variableInAnySpellingOfASettingIsNotNamed() {
        assertReported(withEnvironment(Map.ofEntries(Map.entry("FILESTREAM_STRICT_ENVIRONMENT", "true"),
                Map.entry("FILESTREAM_DOWNLOAD_MAX_IN_FLIGHT", "5"),
                Map.entry("FILESTREAM_DOWNLOAD_BUFFERLIMIT", "8KB"),
                Map.entry("FILESTREAM_S3_ENDPOINT", ":"), Map.entry("FILESTREAM_S3_VERIFY_RESPONSES", "on"),
                Map.entry("FILESTREAM_DOWNLOAD_FILETYPES_0", "pdf"),
                Map.entry("FILESTREAM_STORAGE_OLDFILES_TYPE", "filesystem"),
                Map.entry("FILESTREAM_STORAGE_MULTIMEDIALIBRARY_BUCKET", "media"),
                Map.entry("FILESTREAM_AUTH_APPS_SHOP_SECRET", "0123456789012345678901234567890123"),
                Map.entry("FILESTREAM_AUTH_APPS_SHOP_TENANTID", "shop"),
                Map.entry("FILESTREAM_SERVICE_HOST", "10.0.0.1"), Map.entry("FILESTREAM_PORT", "tcp://10.0.0.1:8080"),
                Map.entry("FILESTREAM_PORT_8080_TCP_ADDR", "10.0.0.1"), Map.entry("SERVER_PORT", "70000"))),
                "server.port = \"70000\"");

        assertThat(output.text()).doesNotContain("No such setting");
    }

    @Test
    void misspeltSystemPropertyIsNamedWithTheNearestOne() {
        SpringApplication application = new SpringApplication(FileStreamApplication.class);
        String name = StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME;
        application.addInitializers(starting -> starting.getEnvironment().getPropertySources().replace(name,
                new MapPropertySource(name, Map.of("filestream.downloads.max-in-flight", "5", "server.port", "70000",
                        "filestream.auth.signing-key", Service.SIGNING_KEY))));

        assertReported(application, "server.port = \"70000\"");

        assertThat(output.text()).contains("No such setting: system property filestream.downloads.max-in-flight"
                + " (did you mean filestream.download.max-in-flight?)");
    }

    @Test
    void storeWithoutRegionAndEndpointIsReportedLikeAnyOtherSetting() {
        // Otherwise the AWS SDK would look for a region in the network.
        System.setProperty("aws.disableEc2Metadata", "true");
        try {
            assertReported(Map.of(), "filestream.s3.region is not set: expected a region, such as");

            assertThat(output.text()).as("a storage that is called down").doesNotContain("s3Stores");
        } finally {
            System.clearProperty("aws.disableEc2Metadata");
        }
    }

    private void assertReported(Map<String, Object> settings, String report) {
        assertThatThrownBy(() -> Service.start(settings).close());

        assertReported(report);
    }

    private void assertReported(SpringApplication application, String report, String... arguments) {
        application.setRegisterShutdownHook(false);
        assertThatThrownBy(() -> application.run(arguments).close());

        assertReported(report);
    }

    private void assertReported(String report) {
        String console = output.text();
        assertThat(console).contains("APPLICATION FAILED TO START").doesNotContain("do-not-tell");
        assertThat(console.substring(console.indexOf("APPLICATION FAILED TO START")))
                .contains(report).doesNotContain("Exception", "\tat ");
    }
}
