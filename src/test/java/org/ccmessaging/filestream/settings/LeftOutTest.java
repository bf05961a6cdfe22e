package org.ccmessaging.filestream.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

/** What {@code application.yaml} leaves out of the start. */
class LeftOutTest {

    /** Spring Boot ignores a name that it does not know. */
    @Test
    void whatIsLeftOutExists() throws IOException {
        Set<String> known = new HashSet<>();
        ImportCandidates.load(AutoConfiguration.class, getClass().getClassLoader()).forEach(known::add);

        assertThat(excluded()).hasSizeGreaterThan(40).doesNotHaveDuplicates().isSubsetOf(known);
    }

    private static List<String> excluded() throws IOException {
        return new Binder(ConfigurationPropertySources.from(
                new YamlPropertySourceLoader().load("defaults", new ClassPathResource("/application.yaml"))))
                .bind("spring.autoconfigure.exclude", Bindable.listOf(String.class)).get();
    }
}
