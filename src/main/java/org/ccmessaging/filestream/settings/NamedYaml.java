package org.ccmessaging.filestream.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.Resource;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads configuration files as Spring Boot does, and names the file where one is broken, which its parser does not
 * know. Spring Boot finds this class through {@code META-INF/spring.factories}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class NamedYaml implements PropertySourceLoader {

    private final YamlPropertySourceLoader yaml = new YamlPropertySourceLoader();

    @Override
    public String[] getFileExtensions() {
        return yaml.getFileExtensions();
    }

    /** @throws BrokenFileException if the file is no YAML */
    @Override
    public List<PropertySource<?>> load(String name, Resource resource) throws IOException {
        try {
            return yaml.load(name, resource);
        } catch (MarkedYAMLException broken) {
            Mark mark = Objects.requireNonNullElse(broken.getProblemMark(), broken.getContextMark());
            throw new BrokenFileException(nameOf(resource) + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1)
                    + " is no YAML: " + broken.getProblem(), broken);
        } catch (YAMLException broken) {
            throw new BrokenFileException(nameOf(resource) + " is no YAML: "
                    + broken.getMessage().lines().findFirst().orElse(""), broken);
        }
    }

    /** A file below the working directory by its relative path, as operators know it. */
    static String nameOf(Resource resource) {
        try {
            Path file = resource.getFile().toPath().toAbsolutePath().normalize();
            Path here = Path.of("").toAbsolutePath();
            return (file.startsWith(here) ? here.relativize(file) : file).toString();
        } catch (IOException inAJar) {
            return resource.getDescription();
        }
    }
}
