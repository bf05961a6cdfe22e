package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.ccmessaging.filestream.storage.S3Settings;
import org.ccmessaging.filestream.storage.StorageSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/** {@code config/application.yaml} tells engineers the truth about every setting. */
class ConfigurationFileTest {

    private static final Path FILE = Path.of("config", "application.yaml");
    private static final String STORAGE = "filestream.storage";
    private static final String BRANCH = STORAGE + ".<branch>.";

    private static Map<String, Object> settings(Resource yaml) {
        YamlPropertiesFactoryBean settings = new YamlPropertiesFactoryBean();
        settings.setResources(yaml);
        return settings.getObject().entrySet().stream()
                .collect(Collectors.toMap(setting -> setting.getKey().toString(), Map.Entry::getValue));
    }

    private static Map<String, Object> ofOurs(Map<String, Object> settings) {
        return settings.entrySet().stream().filter(setting -> setting.getKey().startsWith("filestream."))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<String, Object> file() {
        return settings(new FileSystemResource(FILE));
    }

    private static Map<String, Object> defaults() {
        return settings(new ClassPathResource("application.yaml"));
    }

    /** Every property of ours that the metadata generated from the settings' classes has, branches by any name. */
    static List<String> properties() throws IOException {
        JsonNode metadata = new ObjectMapper().readTree(
                new ClassPathResource("META-INF/spring-configuration-metadata.json").getInputStream());
        List<String> properties = StreamSupport.stream(metadata.get("properties").spliterator(), false)
                .map(property -> property.get("name").asText()).filter(name -> name.startsWith("filestream."))
                .filter(name -> !name.equals("filestream.log.user-id-key")) // The former name of log.id-key is refused.
                .flatMap(name -> name.equals(STORAGE) ? ofABranch() : Stream.of(name)).toList();
        assertThat(properties).contains(BRANCH + "key", "filestream.s3.endpoint");
        return properties;
    }

    private static Stream<String> ofABranch() {
        return Arrays.stream(StorageSettings.Branch.class.getRecordComponents())
                .flatMap(component -> component.getType() == S3Settings.class
                        ? Arrays.stream(component.getType().getRecordComponents())
                                .map(member -> BRANCH + "s3." + dashed(member.getName()))
                        : Stream.of(BRANCH + component.getName()));
    }

    private static String dashed(String name) {
        return name.replaceAll("[A-Z]", "-$0").toLowerCase(Locale.ROOT);
    }

    @Test
    void fileSaysTheDefaultOfEverySettingOfOursAndOfThoseOfSpringThatItNames() {
        assertThat(ofOurs(file())).isNotEmpty().containsOnlyKeys(ofOurs(defaults()).keySet());
        assertThat(file()).allSatisfy((key, value) -> assertThat(defaults()).containsEntry(key, value));
    }

    /** By a line of YAML that sets the last member of the key, or by a comment that would. */
    @ParameterizedTest
    @MethodSource("properties")
    void fileMentionsTheSetting(String property) throws IOException {
        if (!file().containsKey(property)) {
            assertThat(Files.readString(FILE)).containsPattern(
                    "(?m)^ *(# *)?" + property.substring(property.lastIndexOf('.') + 1) + ":");
        }
    }

    /** A name that leads nowhere is worse than none. */
    @Test
    void everyEnvironmentVariableThatTheFileNamesIsOneOfASetting() throws IOException {
        Set<String> known = properties().stream().map(ConfigurationFileTest::letters).collect(Collectors.toSet());

        assertThat(Pattern.compile("\\bFILESTREAM_[A-Z0-9_]*(<BRANCH>)?[A-Z0-9_]+").matcher(Files.readString(FILE))
                .results().map(MatchResult::group)).isNotEmpty()
                .allSatisfy(variable -> assertThat(known).anyMatch(letters(variable)::startsWith));
    }

    private static String letters(String name) {
        return name.replaceAll("[._-]", "").toLowerCase(Locale.ROOT);
    }

    @Test
    void fileHoldsNoSecret() {
        assertThat(file().keySet()).noneMatch(key ->
                key.contains("secret") || key.contains("password") || key.endsWith("-key"));
    }

    /** Spring Boot ignores a name that it does not know. */
    @Test
    void autoConfigurationsThatAreLeftOutExist() {
        Set<String> known = new HashSet<>();
        ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).forEach(known::add);

        assertThat(defaults().entrySet()).filteredOn(setting ->
                setting.getKey().startsWith("spring.autoconfigure.exclude[")).extracting(Map.Entry::getValue)
                .isNotEmpty().doesNotHaveDuplicates().isSubsetOf(known);
    }
}
