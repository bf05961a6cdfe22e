package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccmessaging.filestream.auth.AuthSettings;
import org.ccmessaging.filestream.console.ConsoleSettings;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.ccmessaging.filestream.support.ExpectedErrors;
import org.ccmessaging.filestream.support.LoggedLines;
import org.ccmessaging.filestream.support.MountedSecret;
import org.ccmessaging.filestream.support.Service;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/** A wrong setting stops startup with a report that names its key, and where it was set, and shows no secret. */
@ExpectedErrors.Of(logger = "org.springframework.context",
        texts = "Exception encountered during context initialization")
class SettingsTest {

    private static final String SECRET = "do-not-tell";
    private static final String UNSET = "(unset)";
    private static final String SYSTEM_ENVIRONMENT = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

    /** All settings of the service and none of its other beans. */
    @Configuration(proxyBeanMethods = false)
    @ConfigurationPropertiesScan("org.ccmessaging.filestream")
    @ImportAutoConfiguration(ValidationAutoConfiguration.class)
    @Import({BoundSettings.class, SettingsCheck.class, SettingsValidator.class})
    static class AllSettings {
    }

    private static void bind(Map<String, Object> settings, Map<String, Object> environment,
            ContextConsumer<AssertableApplicationContext> consumer) {
        Map<String, Object> all = new HashMap<>(settings);
        all.putIfAbsent("filestream.auth.signing-key", Service.SIGNING_KEY);
        all.values().removeIf(UNSET::equals);
        new ApplicationContextRunner().withUserConfiguration(AllSettings.class)
                .withInitializer(new ConfigDataApplicationContextInitializer())
                .withInitializer(context -> context.getEnvironment().getPropertySources().replace(
                        SYSTEM_ENVIRONMENT, new SystemEnvironmentPropertySource(SYSTEM_ENVIRONMENT, environment)))
                .withInitializer(context -> context.getEnvironment().getPropertySources()
                        .addFirst(new MapPropertySource("test", all))).run(consumer);
    }

    /** Returns the report on settings that stop startup. */
    private static String report(Map<String, Object> settings, Map<String, Object> environment) {
        List<String> reports = new ArrayList<>();
        bind(settings, environment, context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis = new SettingFailures().analyze(context.getStartupFailure());
            reports.add(analysis.getDescription() + "\n" + analysis.getAction());
        });
        return reports.get(0);
    }

    private static String text(String cell) {
        return Map.of("(empty)", "", "(blank)", " ").getOrDefault(cell, cell);
    }

    private static Map<String, Object> pairs(String prefix, String... keysAndValues) {
        return Stream.of(keysAndValues).map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> prefix + pair[0], pair -> text(pair[1])));
    }

    private static String letters(String key) {
        return key.replace("-", "").toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/settings/wrong-values.csv", delimiter = '|')
    void wrongValueStopsStartupWithItsKeyAndWhatIsAllowed(String keys, String values, String allowed) {
        for (String key : keys.split(" ")) {
            for (String value : values.split(" ")) {
                // A service takes either a signing key or a key set.
                Map<String, Object> settings = new HashMap<>(Map.of("filestream." + key, text(value)));
                settings.putIfAbsent("filestream.auth.signing-key",
                        key.equals("auth.jwk-set-uri") ? UNSET : Service.SIGNING_KEY);

                assertThat(report(settings, Map.of())).as(key + " " + value).contains(allowed)
                        .satisfies(report -> assertThat(letters(report)).contains(letters("filestream."
                                + key.replaceAll("\\.(public-)?(endpoint|proxy|required-tags.scan)$", ""))));
            }
        }
    }

    static Stream<Arguments> ranges() {
        ClassPathScanningCandidateComponentProvider settings = new ClassPathScanningCandidateComponentProvider(false);
        settings.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        return Stream.concat(ranges("filestream.storage.standard", StorageSettings.Branch.class),
                settings.findCandidateComponents("org.ccmessaging.filestream").stream()
                        .map(found -> ClassUtils.resolveClassName(found.getBeanClassName(), null)).flatMap(type ->
                                ranges(type.getAnnotation(ConfigurationProperties.class).prefix(), type)));
    }

    private static Stream<Arguments> ranges(String prefix, Class<?> settings) {
        return Stream.of(settings.getDeclaredConstructors()).map(Constructor::getParameters).flatMap(Stream::of)
                .flatMap(each -> {
                    String key = prefix + "." + DataObjectPropertyName.toDashedForm(each.getName());
                    return each.getType().isRecord() ? ranges(key, each.getType())
                            : each.getType() != Duration.class && each.getType() != DataSize.class ? Stream.of()
                            : Stream.of(Arguments.of(key, each.getAnnotation(Between.class), each.getType()));
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ranges")
    void durationOrSizeOutsideItsRangeStopsStartupWithKeyValueAndRange(String key, Between range, Class<?> type) {
        assertThat(range).as("the range").isNotNull();
        List<String> outside = type == DataSize.class ? List.of(
                DataSize.parse(range.min()).toBytes() - 1 + "B", DataSize.parse(range.max()).toBytes() + 1 + "B")
                : List.of(DurationStyle.detectAndParse(range.min()).toMillis() - 1 + "ms",
                        DurationStyle.detectAndParse(range.max()).toMillis() + 1 + "ms", "1500us", "25d");
        for (String value : outside) {
            assertThat(report(Map.of(key, value), Map.of())).startsWith(key + " = \"" + value + "\": expected a ")
                    .contains(" from " + range.min() + " to " + range.max());
        }
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/settings/wrong-together.csv", delimiter = '|')
    void settingsThatDoNotFitTogetherStopStartup(String settings, String report) {
        assertThat(report(pairs("filestream.", settings.split("; ")), Map.of())).contains("filestream." + report)
                .doesNotContain(SECRET, Service.SIGNING_KEY);
    }

    /** With both variables unset, anybody who reads the file would know the key. */
    @ParameterizedTest
    @CsvSource({
        "auth.signing-key, ${FIRST_HALF_OF_THE_KEY}${SECOND_HALF_OF_THE_KEY}",
        "auth.signing-key, do-not-tell-do-not-tell-do-not-tell-${NOT_SET}",
        "auth.session-token.signing-keys[0].secret, ${A_LONG_NAME_OF_A_VARIABLE:${THAT_IS_NOT_SET_AND_LONG}}",
        "auth.apps.shop.secret, {noop}${NOT_SET}", "console.password, ${NOT_SET}", "s3.secret-key, ${NOT_SET}"})
    void secretWithAPlaceholderThatHasNoValueStopsStartup(String key, String value) {
        assertThat(report(Map.of("filestream." + key, value), Map.of())).contains("Property: filestream." + key,
                "Origin: ", "the variable of a placeholder in it is not set").doesNotContain(SECRET);
    }

    /** Spring Boot prints the value of an unknown key, and of whatever it read last before a check failed. */
    @ParameterizedTest
    @ValueSource(strings = {"filestream.auth.signin-key", "filestream.console.pasword", "filestream.s3.secrets",
        "filestream.auth.apps.my-app.secert", "filestream.auth.apps.my-app.secret", "filestream.log.id-key",
        "filestream.log.user-ids", "filestream.downlod.key"})
    void secretIsNotShown(String key) {
        assertThat(report(Map.of(key, key.endsWith("user-ids") ? "http://me:" + SECRET + "@host" : SECRET,
                "filestream.s3.secret-key", SECRET), Map.of())).contains("filestream.").doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"filestream.s3.endpont", "filestream.download.max-inflights", "filestream.auth.signingkeys",
        "filestream.storage.local.buckets", "filestream.storage.remote.typ", "filestream.library.catalog",
        "filestream.routes.dir", "filestream.auth.apps.my-app.tenant", "filestream.log.user-id",
        "filestream.downloads.max-in-flight"})
    void settingThatDoesNotExistStopsStartup(String key) {
        assertThat(report(Map.of(key, "x"), Map.of())).contains(key, "from property source \"test\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"FILESTREAM_S3_ENDPONT", "FILESTREAM_DOWNLOADS_KEY",
        // Spring finds no dash before the name of a member of a map.
        "FILESTREAM_S3_REQUIRED_TAGS_SCAN", "FILESTREAM_STORAGE_OLD_FILES_TYPE"})
    void variableThatSetsNothingIsNamedAndCanStopStartup(String variable) {
        try (LoggedLines log = new LoggedLines(SettingsCheck.class.getName())) {
            bind(Map.of(), Map.of(variable, SECRET), context -> assertThat(context).hasNotFailed());

            assertThat(log.texts()).singleElement().asString().startsWith("No such setting: " + variable)
                    .doesNotContain(SECRET);
        }
        assertThat(report(Map.of("filestream.strict-environment", "true"), Map.of(variable, SECRET)))
                .startsWith("No such setting: " + variable).doesNotContain(SECRET);
    }

    /**
     * Dashes, lists, members of maps, blank ones, and what Kubernetes adds for a service called filestream. Variables
     * alone can add a branch whose name has no dash; a name with a dash must be in the configuration file.
     */
    @Test
    void variableInAnySpellingOfASettingSetsItAndIsNotNamed() {
        String layout = "${variable.tenantId}/${variable.objectKey}";
        bind(pairs("filestream.", "strict-environment=true", "s3.region=overrides", "storage.new-files.type=s3",
                "storage.new-files.key=" + layout, "storage.old-files.type=s3", "storage.old-files.key=" + layout),
                pairs("FILESTREAM_", "DOWNLOAD_MAX_IN_FLIGHT=5", "DOWNLOAD_BUFFERLIMIT=8KB", "DOWNLOAD_FILETYPES_0=pdf",
                        "S3_REGION=eu-central-1", "S3_REQUIREDTAGS_SCAN=clean", "STORAGE_NEW_FILES_BUCKET=new",
                        "STORAGE_OLDFILES_BUCKET=old", "STORAGE_ARCHIVE_TYPE=s3", "STORAGE_ARCHIVE_BUCKET=archived",
                        "STORAGE_ARCHIVE_KEY=" + layout, "STORAGE_MULTIMEDIALIBRARY_BUCKET=media",
                        "AUTH_APPS_SHOP_SECRET=0123456789012345678901234567890123", "AUTH_APPS_SHOP_TENANTID=shop",
                        "DOWNLOAD_MAX_IN_FLIGHT_PER_TENANT=", "SERVICE_HOST=10.0.0.1", "PORT=tcp://10.0.0.1:8080",
                        "PORT_8080_TCP_ADDR=10.0.0.1"),
                context -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBean(S3Settings.class).requiredTags()).isEqualTo(Map.of("scan", "clean"));
                    Map<String, String> buckets = new HashMap<>();
                    context.getBean(StorageSettings.class).forEach((name, each) -> buckets.put(name, each.bucket()));
                    assertThat(buckets).isEqualTo(Map.of("local", "local", "multimedia-library", "media",
                            "standard", "standard", "archive", "archived", "new-files", "new", "old-files", "old"));
                });
    }

    /** A mounted Secret, or credentials of systemd. Editors and {@code echo} end a file with a new line. */
    @Test
    void secretIsAFileWithoutTheNewLineAtItsEndAndIsNotPrintedWithItsSettings(@TempDir Path folder) throws IOException {
        new MountedSecret(folder, Map.of("filestream.auth.signing-key", Service.SIGNING_KEY + "\n",
                "filestream.auth.apps.my-app.secret", SECRET + "\n", "filestream.auth.apps.my-app.tenant-id", "demo",
                "filestream.console.username", "admin", "filestream.console.password", SECRET + "\n"));
        Files.writeString(folder.resolve("filestream.s3.access-key"), "id\n");
        Files.writeString(folder.resolve("filestream.s3.secret-key"), SECRET + "\n");
        new ApplicationContextRunner().withUserConfiguration(AllSettings.class)
                .withPropertyValues("spring.config.import=configtree:" + folder + "/")
                .withInitializer(new ConfigDataApplicationContextInitializer()).run(context -> {
                    AuthSettings auth = context.getBean(AuthSettings.class);
                    assertThat(auth.apps().get("my-app").secret().reveal()).isEqualTo(SECRET);
                    assertThat(auth.toString()).doesNotContain(SECRET, Service.SIGNING_KEY)
                            .contains("(secret, 44 characters)");
                    S3Settings store = context.getBean(S3Settings.class);
                    assertThat(store.secretKey().reveal()).isEqualTo(SECRET);
                    assertThat(store.toString()).doesNotContain(SECRET);
                    assertThat(context.getBean(ConsoleSettings.class).toString()).doesNotContain(SECRET);
                });
    }

    /** A deployment that passes on every variable leaves the unused ones blank. */
    @Test
    void blankVariableIsNotSet() {
        bind(Map.of(), pairs("FILESTREAM_", "AUTH_JWK_SET_URI=", "S3_ACCESS_KEY= ", "S3_SECRET_KEY= ", "S3_ENDPOINT=",
                "S3_REGION=", "CONSOLE_USERNAME=", "CONSOLE_PASSWORD="), context -> {
                    assertThat(context.getBean(S3Settings.class)).extracting(S3Settings::accessKey,
                            S3Settings::secretKey, S3Settings::endpoint, S3Settings::region).containsOnlyNulls();
                    assertThat(context.getBean(ConsoleSettings.class).username()).isNull();
                });
    }

    /** The settings of a row mean the same as those of the other rows. */
    @ParameterizedTest
    @CsvSource({"TRUE, S3, FILESYSTEM, SQL, PT1M, 1MB", "on, s3, File-System, sql, 60s, 1024KB",
        "yes, S3, filesystem, Sql, 60000, 1048576", "1, s3, fileSystem, SQL, 1m, 1048576B"})
    void routesReadTheBoundValueWhateverTheSpellingAndTheSourceOfASetting(String endpoints, String standard,
            String local, String catalogue, String cache, String size, @TempDir Path tree) throws IOException {
        Map<String, String> settings = Map.of("auth.token-endpoints", endpoints, "storage.standard.type", standard,
                "storage.local.type", local, "library.catalogue", catalogue, "library.cache", cache,
                "download.max-file-size", size, "download.file-types[0]", "pdf");
        Map<String, Object> lines = new HashMap<>();
        Map<String, Object> variables = new HashMap<>();
        List<String> arguments = new ArrayList<>();
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            String key = "filestream." + setting.getKey();
            lines.put(key.replace("token-endpoints", "tokenEndpoints"), setting.getValue());
            variables.put(key.replaceAll("[.\\[-]", "_").replace("]", "").toUpperCase(Locale.ROOT), setting.getValue());
            arguments.add("--" + key + "=" + setting.getValue());
            Files.writeString(tree.resolve(key), setting.getValue());
        }
        for (PropertySource<?> source : List.of(new MapPropertySource("file", lines),
                new SystemEnvironmentPropertySource(SYSTEM_ENVIRONMENT, variables),
                new SimpleCommandLinePropertySource(arguments.toArray(String[]::new)),
                new ConfigTreePropertySource("tree", tree))) {
            new ApplicationContextRunner().withUserConfiguration(AllSettings.class)
                    .withPropertyValues("filestream.auth.signing-key=" + Service.SIGNING_KEY)
                    .withInitializer(new ConfigDataApplicationContextInitializer()).withInitializer(context ->
                            context.getEnvironment().getPropertySources().addFirst(source)).run(context ->
                            assertThat(Stream.of("auth.token-endpoints", "auth.tokenEndpoints", "storage.standard.type",
                                    "storage.local.type", "library.catalogue", "library.cache",
                                    "download.max-file-size", "download.file-types").map(key -> context.getEnvironment()
                                    .getProperty("filestream." + key))).as(source.getName()).containsExactly("true",
                                    "true", "s3", "filesystem", "sql", "60000", "1048576", "pdf"));
        }
    }

    @Test
    void failureThatIsNoSettingsIsLeftToSpringBoot() {
        assertThat(new SettingFailures().analyze(new IllegalStateException(SECRET))).isNull();
    }
}
