package org.ccmessaging.filestream.routes.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ccmessaging.filestream.storage.StorageSettings.Branch;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The folders that a run of tests gives to the branches. */
class RootsTest {

    private static final Path FOLDER = Path.of("/folder/of/a/run");

    @Test
    void everyBranchHasItsRootInTheFolder() {
        assertThat(branches(Map.of("FILESTREAM_STORAGE_PROMO_TYPE", "filesystem")))
                .extractingFromEntries(branch -> branch.getValue().root())
                .containsExactlyInAnyOrder(FOLDER.resolve("multimedia-library"), FOLDER.resolve("promo"));
    }

    /** A variable cannot spell a dash, so Spring looks for a branch {@code multimedia} as well. */
    @Test
    void aVariableOfABranchWithADashMakesNoOtherBranch() {
        assertThat(branches(Map.of("FILESTREAM_STORAGE_MULTIMEDIA_LIBRARY_BUCKET", "elsewhere")))
                .doesNotContainKey("multimedia")
                .hasEntrySatisfying("multimedia-library", branch ->
                        assertThat(branch.bucket()).isEqualTo("elsewhere"));
    }

    private static Map<String, Branch> branches(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                new SystemEnvironmentPropertySource("systemEnvironment", variables));
        Map<String, Object> file = new LinkedHashMap<>();
        List.of("type=s3", "bucket=library", "root=data").forEach(setting -> file.put(
                "filestream.storage.multimedia-library." + setting.split("=")[0], setting.split("=")[1]));
        environment.getPropertySources().addLast(new MapPropertySource("a file", file));
        ConfigurationPropertySources.attach(environment);
        environment.getPropertySources().addFirst(new Roots(FOLDER, environment));
        return Binder.get(environment).bind("filestream.storage", Bindable.mapOf(String.class, Branch.class)).get();
    }
}
